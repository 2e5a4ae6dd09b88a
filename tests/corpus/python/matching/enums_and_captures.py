from enum import Enum


class Color(Enum):
    RED = 1
    BLUE = 2


def name(c):
    match c:
        case Color.RED:
            return "red"
        case Color.BLUE:
            return "blue"


print(name(Color.RED), name(Color.BLUE))
LIMIT = 10


def kind(x):
    match x:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case [int(), int()] as pair:
            return f"pair {pair}"
        case (str() as s, int(n)):
            return f"{s}*{n}"
        case {"k": [a, b]}:
            return f"k {a} {b}"
        case _:
            return "?"


for x in (True, 3, 2.5, [1, 2], ("a", 3), {"k": [1, 2]}, "s"):
    print(x, kind(x))
match LIMIT:
    case 5:
        print("five")
    case other:
        print("got", other)
match "abc", 3:
    case s, n:
        print(s * n)
