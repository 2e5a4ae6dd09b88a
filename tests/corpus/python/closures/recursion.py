def outer(n):
    memo = {}

    def fib(k):
        if k < 2:
            return k
        if k not in memo:
            memo[k] = fib(k - 1) + fib(k - 2)
        return memo[k]

    return fib(n), len(memo)


print(outer(80))


def subsets(xs):
    result = []

    def visit(i, chosen):
        if i == len(xs):
            result.append(chosen[:])
            return
        visit(i + 1, chosen)
        chosen.append(xs[i])
        visit(i + 1, chosen)
        chosen.pop()

    visit(0, [])
    return result


print(subsets([1, 2, 3]))


def queens(n):
    found = 0
    cols, up, down = set(), set(), set()

    def place(r):
        nonlocal found
        if r == n:
            found += 1
            return
        for c in range(n):
            if c in cols or r + c in up or r - c in down:
                continue
            cols.add(c)
            up.add(r + c)
            down.add(r - c)
            place(r + 1)
            cols.remove(c)
            up.remove(r + c)
            down.remove(r - c)

    place(0)
    return found


print([queens(n) for n in range(1, 7)])
