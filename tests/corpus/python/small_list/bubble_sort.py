def bubble(xs):
    xs = xs[:]
    swaps = 0
    for i in range(len(xs)):
        for j in range(len(xs) - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                swaps += 1
    return xs, swaps


print(bubble([5, 1, 4, 2, 8]), bubble([]), bubble(["b", "a"]), bubble([2.5, -1.0]))
