print(list(range(5)), list(range(2, 8, 3)), list(range(5, 0, -2)), list(range(0)), list(range(3, 1)), range(5), range(1, 10, 2))
r = range(0, 20, 3)
print(len(r), r[2], r[-1], 9 in r, 10 in r, r[1:3], list(reversed(r)), sum(r), r.index(6), max(r), r.start, r.stop, r.step)
for i in range(10, 0, -4):
    print(i, end=",")
print()
for i in reversed(range(3)):
    print(i, end=",")
print()
print(range(3) == range(0, 3), list(range(-3, 3)), [*range(3)], tuple(range(2)), bool(range(0)), range(0, 10, 3)[::-1])
try:
    range(1, 2, 0)
except ValueError as e:
    print(e)
try:
    range(3)[5]
except IndexError as e:
    print(e)
i = 99
for i in range(3):
    i *= 10
print(i)
for i in range(2**65, 2**65 + 2):
    print(i)
