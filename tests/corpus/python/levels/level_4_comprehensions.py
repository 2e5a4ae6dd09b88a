"""Level 4: list, set and dict comprehensions with conditions and powers."""

numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
squares = [x**2 for x in numbers]
evens = [x for x in numbers if x % 2 == 0]
by_square = {x: x**2 for x in numbers if x > 6}
lengths = {word: len(word) for word in ["pear", "fig", "banana"]}
initials = {word[0] for word in ["bad", "add", "bed"]}
print(squares)
print(evens)
print(by_square)
print(lengths, sorted(initials))
print([(x, y) for x in range(3) for y in range(x)], sum(x**3 for x in numbers))
matrix = [[row * 3 + column for column in range(3)] for row in range(3)]
print(matrix, [list(column) for column in zip(*matrix)])
