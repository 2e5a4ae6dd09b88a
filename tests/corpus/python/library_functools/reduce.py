from functools import partial, reduce
import operator

print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, range(1, 25)), reduce(operator.mul, [2, 3], 10), reduce(max, [3, 9, 2]), reduce(lambda a, b: a + b, [], "start"))
print(reduce(lambda acc, x: acc + [x * 2], [1, 2], []), reduce(lambda d, kv: {**d, kv[0]: kv[1]}, [("a", 1), ("b", 2)], {}))
double = partial(operator.mul, 2)
base2 = partial(int, base=2)
greet = partial(lambda greeting, name, mark="!": f"{greeting} {name}{mark}", "Hi", mark="?")
print(double(21), base2("101"), greet("Ann"), list(map(partial(pow, 2), range(5))), greet("Bob", mark="."))
try:
    reduce(lambda a, b: a, [])
except TypeError as e:
    print(e)


def compose(*fs):
    return reduce(lambda f, g: lambda x: f(g(x)), fs)


print(compose(lambda x: x + 1, lambda x: x * 2)(10))
