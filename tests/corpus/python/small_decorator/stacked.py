def plus_one(f):
    def wrapper(x):
        return f(x) + 1

    return wrapper


def doubled(f):
    def wrapper(x):
        return f(x) * 2

    return wrapper


@plus_one
@doubled
def a(x):
    return x


@doubled
@plus_one
def b(x):
    return x


print(a(5), b(5))
