def nothing():
    pass


def early(n):
    if n < 0:
        return
    if n == 0:
        return "zero"
    for i in range(n):
        if i == 3:
            return i
    return [n]


def swap(a, b):
    return b, a


def finder(xs, want):
    for i, x in enumerate(xs):
        if x == want:
            return i
    return None


print(nothing(), early(-1), early(0), early(2), early(9))
a, b = swap(1, "x")
print(a, b, finder([1, 2], 2), finder([], 2), finder("abc", "c") is None)
r = finder([5], 5)
if r is not None:
    print("at", r + 1)
print(early(-1) or "none", early(0) == "zero", swap(*swap(1, 2)))
