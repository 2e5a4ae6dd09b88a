a, b = [1, 2, 3], ["x", "y"]
print(list(zip(a, b)), dict(zip(b, a)), list(zip(a, b, strict=False)))
try:
    list(zip(a, b, strict=True))
except ValueError as e:
    print(e)
pairs = list(zip("abc", range(3)))
letters, numbers = zip(*pairs)
print(letters, numbers)
print([list(t) for t in zip([1, 2], [3, 4])], [x + y for x, y in zip("ab", "cd")], list(zip(range(2), range(5), "abc")))
matrix = [[1, 2, 3], [4, 5, 6]]
print(list(map(list, zip(*matrix))), [sum(t) for t in zip(*matrix)], list(zip(*["ab", "cd"])))
for i, (x, y) in enumerate(zip(a, reversed(a))):
    print(i, x, y)
print(sorted(zip([3, 1, 2], "cab")), max(zip([1, 5], "xy")), [*zip(a, a[1:])], sum(x * y for x, y in zip(a, a)))
