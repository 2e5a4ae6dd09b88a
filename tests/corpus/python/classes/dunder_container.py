class Matrix:
    def __init__(self, rows, cols):
        self.cols = cols
        self.data = [[0] * cols for _ in range(rows)]

    def __getitem__(self, key):
        r, c = key
        return self.data[r][c]

    def __setitem__(self, key, value):
        r, c = key
        self.data[r][c] = value

    def __len__(self):
        return len(self.data)

    def __contains__(self, value):
        return any(value in row for row in self.data)

    def __iter__(self):
        for row in self.data:
            yield from row


m = Matrix(2, 3)
m[0, 1] = 5
m[1, 2] += 7
print(m[0, 1], m[1, 2], len(m), 5 in m, 9 in m, list(m), sum(m), bool(m), max(m))


class Stack:
    def __init__(self):
        self._items = []

    def push(self, x):
        self._items.append(x)

    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __getitem__(self, i):
        return self._items[i]

    def __delitem__(self, i):
        del self._items[i]


s = Stack()
for i in range(4):
    s.push(i * i)
del s[0]
print(len(s), s[0], s[-1], s.pop(), [x for x in s], bool(s))
try:
    Stack().pop()
except IndexError as e:
    print(e)
