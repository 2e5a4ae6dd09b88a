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
