def add_repr(cls):
    cls.tag = "tagged"
    return cls


@add_repr
class Plain:
    pass


class CountCalls:
    def __init__(self, f):
        self.f = f
        self.count = 0

    def __call__(self, *args):
        self.count += 1
        return self.f(*args)


@CountCalls
def square(x):
    return x * x


print(square(3), square(4), square.count)
instances = []


def remember(cls):
    instances.append(cls.__name__)
    return cls


@remember
class A:
    def hi(self):
        return "hi"


print(A().hi(), instances)


class Validate:
    def __init__(self, limit):
        self.limit = limit

    def __call__(self, f):
        def wrapper(x):
            if x > self.limit:
                return "too big"
            return f(x)

        return wrapper


@Validate(10)
def halve(x):
    return str(x / 2)


print(halve(4), halve(40))
