def collatz(n, _cache={1: 1}):
    if n in _cache:
        return _cache[n]
    length = 1 + collatz(n // 2 if n % 2 == 0 else 3 * n + 1)
    _cache[n] = length
    return length


print(max(range(1, 1000), key=collatz), collatz(27))


class Matrix:
    def __init__(self, data):
        self.data = [row[:] for row in data]
        self.n, self.m = len(data), len(data[0])

    def __iter__(self):
        return (x for row in self.data for x in row)

    def __getitem__(self, key):
        if isinstance(key, tuple):
            r, c = key
            return self.data[r][c]
        return self.data[key]

    def rotate(self):
        return Matrix([list(r) for r in zip(*self.data[::-1])])

    def __str__(self):
        return "\n".join(" ".join(f"{x:3}" for x in row) for row in self.data)


m = Matrix([[1, 2, 3], [4, 5, 6]])
print(m.rotate(), m[1, 2], m[0], sum(m), max(m), sep="\n")


def permute(items):
    if len(items) <= 1:
        yield list(items)
        return
    for i, x in enumerate(items):
        for rest in permute(items[:i] + items[i + 1:]):
            yield [x] + rest


print(list(permute("abc"))[:4], len(list(permute([1, 2, 3, 4]))))


def quicksort(xs):
    if len(xs) < 2:
        return xs
    pivot, *rest = xs
    return quicksort([x for x in rest if x < pivot]) + [pivot] + quicksort([x for x in rest if x >= pivot])


def merge_sort(xs, key=lambda x: x):
    if len(xs) <= 1:
        return xs
    mid = len(xs) // 2
    a, b = merge_sort(xs[:mid], key), merge_sort(xs[mid:], key)
    out = []
    while a and b:
        out.append(a.pop(0) if key(a[0]) <= key(b[0]) else b.pop(0))
    return out + a + b


print(quicksort([3, 6, 1, 8, 2, 9, 2]), merge_sort(["pear", "fig", "apple"], key=len), merge_sort([2.5, 1, 3]))


def binary_search(xs, target, lo=0, hi=None):
    hi = len(xs) if hi is None else hi
    if lo >= hi:
        return -1
    mid = (lo + hi) // 2
    if xs[mid] == target:
        return mid
    return binary_search(xs, target, mid + 1, hi) if xs[mid] < target else binary_search(xs, target, lo, mid)


print(binary_search([1, 3, 5, 7], 5), binary_search([], 1), binary_search([1, 3], 9))


def word_wrap(text, width):
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > width:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return lines + [current] if current else lines


print(word_wrap("the quick brown fox jumps over the lazy dog", 12))
print(*(f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}" for n in (1, 2, 3, 4, 11, 21, 112)))
print({n: [d for d in range(1, n + 1) if n % d == 0] for n in (6, 28)}, sum(int(d) for d in str(2 ** 100)))
