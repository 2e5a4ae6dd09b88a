def double(x):
    return x + x


def first(xs):
    return xs[0] if xs else None


def biggest(a, b):
    return a if a > b else b


def size(x):
    if isinstance(x, (list, str, dict)):
        return len(x)
    if isinstance(x, float):
        return int(x)
    return x


print(double(2), double("ab"), double([1]), double(1.5), double((1, 2)), double(2**63))
print(first([1]), first("xy"), first([]), first(("a", 2)))
print(biggest(1, 2), biggest("a", "b"), biggest(1.5, 1), biggest([1], [0, 9]), biggest((1, 2), (1, 3)))
print(size([1, 2]), size("abc"), size({}), size(9.9), size(7))
values = [double(v) for v in (1, 2)]
print(values, [size(v) for v in (1, "ab", [3], 2.5)])
