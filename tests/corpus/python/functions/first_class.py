def apply(f, *args):
    return f(*args)


def compose(*functions):
    def inner(x):
        for f in reversed(functions):
            x = f(x)
        return x

    return inner


add = lambda a, b: a + b
print(apply(add, 1, 2), apply(max, 3, 9), compose(lambda x: x + 1, lambda x: x * 10)(5), (lambda: 42)())
operations = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
for symbol, f in operations.items():
    print(symbol, f(7, 3))
print(list(map(len, ["a", "bb"])), sorted([3, -1, 2], key=lambda x: -x), [f(9) for f in (str, float, bool)])


def choose(flag):
    def yes():
        return "yes"

    def no():
        return "no"

    return yes if flag else no


print(choose(True)(), choose(False)())
handlers = [str.upper, str.lower, lambda s: s[::-1]]
print([h("aBc") for h in handlers], add.__name__, choose.__name__)
