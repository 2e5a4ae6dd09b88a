def unique(xs):
    seen = set()
    return [x for x in xs if not (x in seen or seen.add(x))]


print(unique([3, 1, 3, 2, 1]), unique("banana"), unique([]), list(dict.fromkeys([2, 1, 2])))
