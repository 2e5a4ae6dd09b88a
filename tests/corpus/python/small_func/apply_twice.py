def twice(f, x):
    return f(f(x))


def inc(x):
    return x + 1


print(twice(inc, 5), twice(lambda s: s + "!", "hi"), twice(lambda xs: xs + xs, [1]), twice(abs, -3))
