def quick(xs):
    if len(xs) <= 1:
        return xs
    pivot, *rest = xs
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])


print(quick([3, 6, 1, 8, 3]), quick([]), quick(list("hello")), quick([0.5, -2.5]))
