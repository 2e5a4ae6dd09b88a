def find(xs, want):
    low, high = 0, len(xs) - 1
    while low <= high:
        middle = (low + high) // 2
        if xs[middle] == want:
            return middle
        if xs[middle] < want:
            low = middle + 1
        else:
            high = middle - 1
    return -1


xs = [1, 3, 5, 7, 9, 11]
print([find(xs, w) for w in (1, 7, 11, 4, -5, 99)], find([], 1), find(["a", "c"], "c"))
