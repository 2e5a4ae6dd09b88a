def rotate(xs, k):
    if not xs:
        return xs
    k %= len(xs)
    return xs[-k:] + xs[:-k] if k else xs[:]


xs = [1, 2, 3, 4, 5]
print(rotate(xs, 2), rotate(xs, -1), rotate(xs, 0), rotate(xs, 12), rotate([], 3), xs)
