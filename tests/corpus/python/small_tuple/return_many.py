def stats(xs):
    return min(xs), max(xs), sum(xs) / len(xs)


low, high, mean = stats([4, 8, 6])
print(low, high, mean, stats([1]), stats([2.5, 0.5])[2])
(first, *_), n = ("abc", 1)
print(first, n)
