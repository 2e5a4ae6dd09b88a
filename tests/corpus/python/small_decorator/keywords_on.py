import functools


def checked(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        result = f(*args, **kwargs)
        if result < 0:
            raise ValueError(f"{f.__name__} gave {result}")
        return result

    return wrapper


@checked
def minus(a, b=1, *, scale=1):
    return (a - b) * scale


print(minus(5), minus(5, 2), minus(b=2, a=4), minus(9, scale=3), minus.__name__)
try:
    minus(1, 5)
except ValueError as e:
    print(e)
