def inner():
    yield 1
    yield 2
    return "result"


def outer():
    r = yield from inner()
    yield r
    yield from range(2)
    yield from "ab"


print(list(outer()))


def walk(tree):
    if isinstance(tree, list):
        for t in tree:
            yield from walk(t)
    else:
        yield tree


print(list(walk([1, [2, [3]], [], 4])))


def permutations(xs):
    if not xs:
        yield []
        return
    for i in range(len(xs)):
        for p in permutations(xs[:i] + xs[i + 1 :]):
            yield [xs[i]] + p


print(list(permutations("abc")), sum(1 for _ in permutations([1, 2, 3, 4])))


def tree_sum(node):
    return node[0] + sum(tree_sum(c) for c in node[1])


print(tree_sum((1, [(2, []), (3, [(4, [])])])))
