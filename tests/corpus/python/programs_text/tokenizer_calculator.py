"""A calculator: tokens by one pattern, a parser by precedence, variables and errors."""

import math
import operator
import re

TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z]\w*)|(?P<mark>\*\*|[-+*/%(),=]))")
BINARY = {
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "%": (2, operator.mod),
    "**": (4, operator.pow),
}
FUNCTIONS = {"sqrt": math.sqrt, "floor": math.floor, "abs": abs}


class CalcError(Exception):
    pass


def tokens(text):
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise CalcError(f"cannot read {text[place:].strip()!r}")
        place = match.end()
        yield match.lastgroup, match.group(match.lastgroup)
    yield "end", ""


class Parser:
    def __init__(self, text, names):
        self.tokens = list(tokens(text))
        self.place = 0
        self.names = names

    def peek(self):
        return self.tokens[self.place]

    def take(self, wanted=None):
        kind, text = self.tokens[self.place]
        if wanted is not None and text != wanted:
            raise CalcError(f"expected {wanted!r}, got {text or 'the end'!r}")
        self.place += 1
        return kind, text

    def expression(self, level=1):
        left = self.unary()
        while self.peek()[1] in BINARY and BINARY[self.peek()[1]][0] >= level:
            rank, function = BINARY[self.take()[1]]
            right = self.expression(rank if rank == 4 else rank + 1)
            try:
                left = float(function(left, right))
            except ZeroDivisionError:
                raise CalcError("division by zero") from None
        return left

    def unary(self):
        kind, text = self.take()
        if text == "-":
            return -self.expression(3)
        if text == "(":
            value = self.expression()
            self.take(")")
            return value
        if kind == "number":
            return float(text)
        if kind == "name" and text in FUNCTIONS:
            self.take("(")
            value = float(FUNCTIONS[text](self.expression()))
            self.take(")")
            return value
        if kind == "name":
            if text not in self.names:
                raise CalcError(f"unknown name {text!r}")
            return self.names[text]
        raise CalcError(f"unexpected {text or 'end'!r}")


def run(line, names):
    name = None
    match = re.match(r"\s*([a-z]\w*)\s*=(?!=)", line)
    if match:
        name, line = match.group(1), line[match.end() :]
    parser = Parser(line, names)
    value = parser.expression()
    if parser.peek()[0] != "end":
        raise CalcError(f"left over: {parser.peek()[1]!r}")
    if name is not None:
        names[name] = value
    return value


names = {"pi": math.pi}
for line in ("1 + 2 * 3", "(1 + 2) * 3", "2 ** 3 ** 2", "-2 ** 2", "r = 2.5", "pi * r ** 2", "10 % 4 - 7", "sqrt(2) + abs(0 - 3)",
             "1 / 0", "2 +", "(1", "foo * 2", "3 $ 4", "1 2"):
    try:
        print(f"{line:<24} = {run(line, names):.6g}")
    except CalcError as error:
        print(f"{line:<24} ! {error}")
print(sorted(names))
