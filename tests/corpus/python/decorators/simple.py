import functools


def trace(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        print("call", f.__name__, args, sorted(kwargs.items()))
        result = f(*args, **kwargs)
        print("gives", result)
        return result

    return wrapper


@trace
def add(a, b=2):
    """Add."""
    return a + b


print(add(1), add(1, b=5), add.__name__)


def twice(f):
    def wrapper(x):
        return f(f(x))

    return wrapper


@twice
@twice
def increment(x):
    return x + 1


print(increment(0))
