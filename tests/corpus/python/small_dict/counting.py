def histogram(xs):
    h = {}
    for x in xs:
        h[x] = h.get(x, 0) + 1
    return h


print(histogram([1, 2, 1]), histogram("hello"), histogram([]), histogram([(1, 2), (1, 2)]))
for k, v in sorted(histogram("mississippi").items()):
    print(k, "*" * v)
