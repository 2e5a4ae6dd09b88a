from functools import wraps


def repeat(times):
    def decorate(f):
        @wraps(f)
        def wrapper(*args):
            return [f(*args) for _ in range(times)]

        return wrapper

    return decorate


@repeat(3)
def hello(name):
    return "hi " + name


print(hello("x"))
registry = {}


def register(name):
    def decorate(f):
        registry[name] = f
        return f

    return decorate


@register("double")
def double(x):
    return x * 2


@register("square")
def square(x):
    return x * x


print({k: f(7) for k, f in registry.items()}, double(4))


def clamp(low, high):
    def decorate(f):
        def wrapper(x):
            return max(low, min(high, f(x)))

        return wrapper

    return decorate


@clamp(0, 10)
def triple(x):
    return x * 3


print(triple(2), triple(9), triple(-4))
