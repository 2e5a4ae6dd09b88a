a, b = [1, 2], (3, 4)
print([*a, *b], [0, *a, 9], {*a, *b}, [*range(3), *"ab"])
first, *rest = (5, 6, 7)
print(first, rest, [*rest, first])
*init, last = "xyz"
print(init, last)
