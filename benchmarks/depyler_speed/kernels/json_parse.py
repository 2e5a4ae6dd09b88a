"""A reader and writer of JSON-like text: characters, slices, recursion, a tree of objects, exceptions."""

from __future__ import annotations

import sys

NULL, FLAG, NUMBER, TEXT, ARRAY, TABLE = range(6)
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "/": "/"}


class ParseError(Exception):
    """The text is not what it should be."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(f"{message} at {place}")
        self.place = place


class Value:
    """One value; which of the fields counts is said by its kind."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.number = 0.0
        self.text = ""
        self.items: list[Value] = []
        self.fields: dict[str, Value] = {}

    def count(self) -> int:
        """How many values there are, this one among them."""
        total = 1
        for item in self.items:
            total += item.count()
        for item in self.fields.values():
            total += item.count()
        return total

    def total(self) -> float:
        """The sum of all numbers inside."""
        found = self.number if self.kind == NUMBER else 0.0
        for item in self.items:
            found += item.total()
        for item in self.fields.values():
            found += item.total()
        return found


class Parser:
    """Reads a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def parse(self) -> Value:
        """The one value that the text holds."""
        value = self.value()
        self.blanks()
        if self.place < len(self.text):
            raise ParseError("more text than one value", self.place)
        return value

    def blanks(self) -> None:
        text = self.text
        place = self.place
        while place < len(text) and text[place] in " \n\t\r":
            place += 1
        self.place = place

    def expect(self, letter: str) -> None:
        if self.place >= len(self.text) or self.text[self.place] != letter:
            raise ParseError(f"expected {letter}", self.place)
        self.place += 1

    def value(self) -> Value:
        self.blanks()
        if self.place >= len(self.text):
            raise ParseError("the text ends", self.place)
        letter = self.text[self.place]
        if letter == "{":
            return self.table()
        if letter == "[":
            return self.array()
        if letter == '"':
            value = Value(TEXT)
            value.text = self.string()
            return value
        if letter == "-" or letter.isdigit():
            return self.number()
        return self.word()

    def word(self) -> Value:
        for word, kind, number in (("true", FLAG, 1.0), ("false", FLAG, 0.0), ("null", NULL, 0.0)):
            if self.text.startswith(word, self.place):
                self.place += len(word)
                value = Value(kind)
                value.number = number
                return value
        raise ParseError("no value", self.place)

    def number(self) -> Value:
        start = self.place
        while self.place < len(self.text) and self.text[self.place] in "-+.eE0123456789":
            self.place += 1
        value = Value(NUMBER)
        value.number = float(self.text[start : self.place])
        return value

    def string(self) -> str:
        self.expect('"')
        parts: list[str] = []
        start = self.place
        while self.place < len(self.text):
            letter = self.text[self.place]
            if letter == '"':
                parts.append(self.text[start : self.place])
                self.place += 1
                return "".join(parts)
            if letter == "\\":
                parts.append(self.text[start : self.place])
                code = self.text[self.place + 1]
                if code not in ESCAPES:
                    raise ParseError("no such escape", self.place)
                parts.append(ESCAPES[code])
                self.place += 2
                start = self.place
            else:
                self.place += 1
        raise ParseError("a string without an end", start)

    def array(self) -> Value:
        self.expect("[")
        value = Value(ARRAY)
        self.blanks()
        if self.text[self.place] == "]":
            self.place += 1
            return value
        while True:
            value.items.append(self.value())
            self.blanks()
            if self.text[self.place] == ",":
                self.place += 1
                continue
            self.expect("]")
            return value

    def table(self) -> Value:
        self.expect("{")
        value = Value(TABLE)
        self.blanks()
        if self.text[self.place] == "}":
            self.place += 1
            return value
        while True:
            self.blanks()
            key = self.string()
            self.blanks()
            self.expect(":")
            value.fields[key] = self.value()
            self.blanks()
            if self.text[self.place] == ",":
                self.place += 1
                continue
            self.expect("}")
            return value


def quoted(text: str) -> str:
    """A text as a string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def written(value: Value) -> str:
    """The text of a value."""
    if value.kind == NULL:
        return "null"
    if value.kind == FLAG:
        return "true" if value.number else "false"
    if value.kind == NUMBER:
        return repr(value.number)
    if value.kind == TEXT:
        return quoted(value.text)
    if value.kind == ARRAY:
        return "[" + ",".join([written(item) for item in value.items]) + "]"
    return "{" + ",".join([f"{quoted(key)}:{written(item)}" for key, item in value.fields.items()]) + "}"


def sample(records: int) -> str:
    """A text of so many records."""
    lines: list[str] = []
    for number in range(records):
        tags = ", ".join(f'"t{number * k % 17}"' for k in range(1, 4))
        lines.append(
            f'{{"id": {number}, "name": "item \\"{number}\\"\\n", "price": {number * 0.25 - 3}, "tags": [{tags}],'
            f' "open": {"true" if number % 3 else "false"}, "up": null, "at": {{"x": {number}e-2, "y": -{number}}}}}'
        )
    return "[" + ",\n".join(lines) + "]"


def main() -> None:
    """Read and write a text, and show what was wrong with some others."""
    text = sample(int(sys.argv[1]))
    value = Parser(text).parse()
    again = Parser(written(value)).parse()
    print(len(text), value.count(), again.count(), value.total() == again.total(), value.total())
    print(written(value)[:150])
    for broken in ("", "[1 2]", '"abc', '{"a" 1}', "nope", '"\\q"', "1 2"):
        try:
            Parser(broken).parse()
        except ParseError as error:
            print(error)


if __name__ == "__main__":
    main()
