def g(x):
    return x + 1


def use(x):
    return g(x)


print(use(1))


def g(x):
    return x + 100


print(use(1), g(1))
