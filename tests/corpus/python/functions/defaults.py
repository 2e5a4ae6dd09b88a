def greet(name, greeting="Hello", *, punctuation="!", repeat=1):
    return (greeting + ", " + name + punctuation) * repeat


print(greet("Ann"), greet("Bob", "Hi"), greet("Cy", punctuation="?"), greet(greeting="Yo", name="D", repeat=2))


def collect(item, into=[]):
    into.append(item)
    return into


print(collect(1), collect(2), collect(3, []), collect(4))
n = 5


def early(x=n):
    return x


n = 6
print(early(), early(1))


def optional(value=None):
    if value is None:
        value = []
    value.append(len(value))
    return value


print(optional(), optional([7]), optional())


def positional(a, b, /, c, *, d):
    return a, b, c, d


print(positional(1, 2, 3, d=4), positional(1, 2, c=3, d=4))
