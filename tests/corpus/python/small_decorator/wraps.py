from functools import wraps


def logged(f):
    @wraps(f)
    def wrapper(*args):
        print("calling", f.__name__, args)
        return f(*args)

    return wrapper


@logged
def add(a, b):
    return a + b


print(add(1, 2), add.__name__)
