from functools import wraps


def traced(fn):
    @wraps(fn)
    def wrapper(*args):
        """The wrapper's own words."""
        print("call", fn.__name__)
        return fn(*args)

    return wrapper


def limited(most):
    def deco(fn):
        @wraps(fn)
        def wrapper(n):
            return min(fn(n), most)

        return wrapper

    return deco


@traced
def area(w, h):
    """The area of a rectangle."""
    return w * h


@limited(10)
def double(n):
    "Twice."
    return 2 * n


print(area(2, 3), area.__name__, area.__doc__)
print(double(3), double(30), double.__name__, double.__doc__)
