import bisect
from bisect import bisect_left, insort

xs = [1, 3, 3, 5]
print(bisect.bisect(xs, 3), bisect_left(xs, 3), bisect.bisect_right(xs, 0), bisect_left(xs, 9), bisect_left([], 1), bisect_left(xs, 3, 2))
insort(xs, 4)
insort(xs, 0)
bisect.insort_left(xs, 3)
print(xs)


def grade(score):
    return "FDCBA"[bisect.bisect([60, 70, 80, 90], score)]


print([grade(s) for s in (33, 60, 77, 99, 90)], bisect.bisect_left(["a", "c"], "b"), bisect.bisect([(1, "a"), (2, "b")], (1, "z")))


def lis(seq):
    tails = []
    for x in seq:
        i = bisect_left(tails, x)
        if i == len(tails):
            tails.append(x)
        else:
            tails[i] = x
    return len(tails)


print(lis([3, 1, 4, 1, 5, 9, 2, 6]), bisect.bisect_left([5, 3, 1], -4, key=lambda v: -v))
