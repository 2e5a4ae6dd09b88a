def chunks(xs, n):
    return [xs[i : i + n] for i in range(0, len(xs), n)]


print(chunks([1, 2, 3, 4, 5], 2), chunks("abcdefg", 3), chunks([], 2), chunks((1, 2, 3), 5))
