def hanoi(n, a, b, c, moves):
    if n == 0:
        return 0
    count = hanoi(n - 1, a, c, b, moves)
    moves.append((a, c))
    return count + 1 + hanoi(n - 1, b, a, c, moves)


def permutations(xs):
    if len(xs) <= 1:
        return [xs]
    return [[x] + p for i, x in enumerate(xs) for p in permutations(xs[:i] + xs[i + 1 :])]


def flatten(x):
    if isinstance(x, list):
        return [leaf for item in x for leaf in flatten(item)]
    return [x]


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))


def is_even(n):
    return n == 0 or is_odd(n - 1)


def is_odd(n):
    return n != 0 and is_even(n - 1)


moves = []
print(hanoi(3, "A", "B", "C", moves), moves)
print(permutations([1, 2, 3]), flatten([1, [2, [3, []], 4]]), ackermann(2, 3), is_even(10), is_odd(7))
