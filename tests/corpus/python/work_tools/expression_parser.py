"""A calculator: tokens, a recursive descent parser into a tree of classes, simplification and evaluation."""

import re
from dataclasses import dataclass

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|([A-Za-z_]\w*)|(\*\*|[-+*/%()=,]))")


class Problem(Exception):
    pass


@dataclass(frozen=True)
class Number:
    value: float

    def __str__(self):
        return f"{self.value:g}"


@dataclass(frozen=True)
class Variable:
    name: str

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Binary:
    operator: str
    left: object
    right: object

    def __str__(self):
        return f"({self.left} {self.operator} {self.right})"


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple

    def __str__(self):
        return f"{self.function}({', '.join(map(str, self.arguments))})"


def tokens(text):
    position = 0
    text = text.rstrip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None:
            raise Problem(f"unexpected {text[position:].strip()[0]!r} at {position}")
        position = found.end()
        yield found.group(found.lastindex)
    yield ""


class Parser:
    LEVELS = (("+", "-"), ("*", "/", "%"))

    def __init__(self, text):
        self.items = list(tokens(text))
        self.at = 0

    def peek(self):
        return self.items[self.at]

    def take(self, *expected):
        item = self.peek()
        if expected and item not in expected:
            raise Problem(f"expected {' or '.join(expected)}, got {item or 'the end'}")
        self.at += 1
        return item

    def parse(self):
        tree = self.level(0)
        if self.peek():
            raise Problem(f"left over: {self.peek()}")
        return tree

    def level(self, depth):
        if depth == len(self.LEVELS):
            return self.power()
        left = self.level(depth + 1)
        while self.peek() in self.LEVELS[depth]:
            operator = self.take()
            left = Binary(operator, left, self.level(depth + 1))
        return left

    def power(self):
        base = self.atom()
        if self.peek() == "**":
            self.take()
            return Binary("**", base, self.power())
        return base

    def atom(self):
        item = self.take()
        if item == "(":
            inner = self.level(0)
            self.take(")")
            return inner
        if item == "-":
            return Binary("-", Number(0), self.power())
        if item and (item[0].isdigit()):
            return Number(float(item))
        if item.isidentifier():
            if self.peek() != "(":
                return Variable(item)
            self.take("(")
            arguments = [self.level(0)]
            while self.take(",", ")") == ",":
                arguments.append(self.level(0))
            return Call(item, tuple(arguments))
        raise Problem(f"unexpected {item or 'end'}")


OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
}
FUNCTIONS = {"min": min, "max": max, "hypot": lambda a, b: (a * a + b * b) ** 0.5}


def evaluate(tree, names):
    match tree:
        case Number(value):
            return value
        case Variable(name):
            if name not in names:
                raise Problem(f"{name} has no value")
            return names[name]
        case Binary(operator, left, right):
            return OPERATIONS[operator](evaluate(left, names), evaluate(right, names))
        case Call(function, (first, second)):
            return FUNCTIONS[function](evaluate(first, names), evaluate(second, names))
    raise Problem(f"cannot evaluate {tree}")


def simplify(tree):
    match tree:
        case Binary(operator, left, right):
            left, right = simplify(left), simplify(right)
            match operator, left, right:
                case "+", Number(0), other:
                    return other
                case ("+" | "-"), other, Number(0):
                    return other
                case "*", Number(1), other:
                    return other
                case "*", other, Number(1):
                    return other
                case "*", Number(0), _:
                    return Number(0)
            if isinstance(left, Number) and isinstance(right, Number) and operator in "+-*":
                return Number(OPERATIONS[operator](left.value, right.value))
            return Binary(operator, left, right)
    return tree


names = {"x": 3.0, "y": 4.0}
for text in ["1 + 2 * 3", "2 ** 3 ** 2 - 1", "-(x - 5) % 4", "hypot(x, y) / 2", "x * 1 + 0 * y", "1 +", "2 $ 3", "z + 1", "(1 + 2", "3 4", "1 / (x - 3)"]:
    try:
        tree = Parser(text).parse()
        print(f"{text} -> {tree} -> {simplify(tree)} = {evaluate(tree, names):g}")
    except (Problem, ZeroDivisionError) as error:
        print(f"{text} -> {type(error).__name__}: {error}")
