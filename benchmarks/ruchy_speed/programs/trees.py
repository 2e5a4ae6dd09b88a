def make(depth):
    return None if depth == 0 else (make(depth - 1), make(depth - 1))


def count(tree):
    return 1 if tree is None else 1 + count(tree[0]) + count(tree[1])


total = 0
for _ in range(10):
    total = total + count(make(14))
print(total)
