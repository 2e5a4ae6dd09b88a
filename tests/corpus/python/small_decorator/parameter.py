def repeat(n):
    def decorate(f):
        def wrapper(x):
            return [f(x) for _ in range(n)]

        return wrapper

    return decorate


@repeat(2)
def square(x):
    return x * x


print(square(3), square(1.5))
