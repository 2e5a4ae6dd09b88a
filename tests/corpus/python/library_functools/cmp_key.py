from functools import cmp_to_key


def by_length_then_text(a, b):
    if len(a) != len(b):
        return len(a) - len(b)
    return (a > b) - (a < b)


print(sorted(["bb", "a", "ccc", "aa", "b"], key=cmp_to_key(by_length_then_text)))


def concat(a, b):
    return -1 if a + b > b + a else 1


print("".join(sorted(map(str, [3, 30, 34, 5, 9]), key=cmp_to_key(concat))))
xs = [5, 2, 8]
xs.sort(key=cmp_to_key(lambda a, b: b - a))
print(xs, max(xs, key=cmp_to_key(lambda a, b: a - b)))
