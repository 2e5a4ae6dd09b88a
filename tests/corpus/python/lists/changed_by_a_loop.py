"""Loops over lists that change meanwhile: in the body, by a method, by another name, by a function that is a value."""


class Node:
    def __init__(self, name):
        self.name = name
        self.links = []

    def link(self, other):
        self.links.append(other)
        return other

    def drop_first(self):
        if self.links:
            del self.links[0]

    def names(self):
        return [each.name for each in self.links]


def grow(xs, x):
    if len(xs) < 8:
        xs.append(x + len(xs))


def deep(xs, x, depth):
    if depth == 0:
        grow(xs, x)
    else:
        deep(xs, x, depth - 1)


def replace_all(xs, value):
    for place in range(len(xs)):
        xs[place] = value


numbers = [1, 2, 3]
for n in numbers:
    grow(numbers, n)
print(numbers)

numbers = [5, 6]
other = numbers
for n in numbers:
    deep(other, n, 3)
print(numbers)

root = Node("root")
for name in ["a", "b", "c"]:
    root.link(Node(name))
seen = []
for node in root.links:
    seen.append(node.name)
    if len(root.links) < 6:
        root.link(Node(node.name * 2))
print(seen, root.names())

seen = []
for node in root.links:
    root.drop_first()
    seen.append(node.name)
print(seen, root.names())

words = ["x", "y", "z"]
found = []
for word in words:
    replace_all(words, word + "!")
    found.append(word)
print(found, words)

steps = [grow, lambda xs, x: xs.insert(0, x) if len(xs) < 9 else None]
numbers = [1, 2]
total = 0
for n in numbers:
    total += n
    if total > 40:
        break
    for step in steps:
        step(numbers, n)
print(numbers, total)

rows = [[1], [2, 3]]
for row in rows:
    for x in row:
        if len(row) < 4:
            row.append(x * 10)
print(rows)
print([row.pop() for row in rows for _ in row], rows)
