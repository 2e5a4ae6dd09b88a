def counted(f):
    count = 0

    def wrapper(x):
        nonlocal count
        count += 1
        return f(x), count

    return wrapper


@counted
def half(x):
    return x / 2


print(half(4), half(5), half(6))
