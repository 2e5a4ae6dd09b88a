def total(*args):
    return sum(args), len(args)


def describe(first, *rest, sep="-", **options):
    return first, rest, sep, sorted(options.items())


print(total(), total(1), total(1, 2, 3), total(*[4, 5], 6, *range(3)))
print(describe(1), describe(1, 2, 3), describe("a", "b", sep="+"), describe("x", k=1, j=2))
kw = {"sep": "/", "z": 26}
print(describe(*"abc", **kw), describe(0, **{"q": 1}))


def forward(*args, **kwargs):
    return describe(*args, **kwargs)


print(forward(1, 2, sep="*", w=3))


def mean(*values: float) -> float:
    return sum(values) / len(values) if values else 0.0


print(mean(), mean(1, 2), mean(*[1.5, 2.5]), max(*[3, 9, 2]), print(*[1, 2, 3], sep=", ", end=";\n"))
