def two_sum(xs, target):
    seen = {}
    for i, x in enumerate(xs):
        if target - x in seen:
            return [seen[target - x], i]
        seen[x] = i
    return None


print(two_sum([2, 7, 11, 15], 9), two_sum([3, 3], 6), two_sum([1], 2), two_sum([], 0))
