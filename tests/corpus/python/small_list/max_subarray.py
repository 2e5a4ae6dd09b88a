def kadane(xs):
    best = current = xs[0]
    for x in xs[1:]:
        current = max(x, current + x)
        best = max(best, current)
    return best


print(kadane([-2, 1, -3, 4, -1, 2, 1, -5, 4]), kadane([-3]), kadane([2**62, 2**62, -1]))
print(kadane([1.5, -0.5, 2.0]))
