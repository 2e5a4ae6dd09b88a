from itertools import count, cycle, islice, repeat, takewhile, dropwhile

print(list(islice(count(5), 4)), list(islice(count(1, 0.5), 3)), list(islice(cycle("ab"), 5)), list(repeat("x", 3)))
print(list(islice("abcdefg", 2, 6, 2)), list(islice(range(10), 3, None)), list(islice([1, 2], 10)))
print(list(takewhile(lambda x: x < 4, [1, 3, 5, 2])), list(dropwhile(lambda x: x < 4, [1, 3, 5, 2])))
c = count(10)
print(next(c), next(c), list(zip(count(), "abc")), list(map(pow, [2, 3], repeat(3))))
colors = cycle(["red", "green"])
print([next(colors) for _ in range(3)], sum(takewhile(lambda n: n < 50, (n * n for n in count(1)))))
for i in count(3, 3):
    if i > 12:
        break
    print(i, end=" ")
print()
