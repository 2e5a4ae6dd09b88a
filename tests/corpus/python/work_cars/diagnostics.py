"""Trouble codes of control units: a bit field, a decoder with subclasses, and a report by severity."""

from functools import singledispatch, total_ordering


@total_ordering
class Severity:
    ORDER = ("info", "warning", "critical")

    def __init__(self, name):
        if name not in self.ORDER:
            raise ValueError(f"no severity {name!r}")
        self.name = name

    def __eq__(self, other):
        if not isinstance(other, Severity):
            return NotImplemented
        return self.name == other.name

    def __lt__(self, other):
        return self.ORDER.index(self.name) < self.ORDER.index(other.name)

    def __hash__(self):
        return hash(self.name)

    def __str__(self):
        return self.name.upper()


class Code:
    prefix = "P"

    def __init__(self, number, status):
        self.number = number
        self.status = status

    @property
    def label(self):
        return f"{self.prefix}{self.number:04X}"

    @property
    def active(self):
        return bool(self.status & 0x01)

    @property
    def stored(self):
        return bool(self.status & 0x08)

    def severity(self):
        if self.status & 0x80:
            return Severity("critical")
        return Severity("warning" if self.active else "info")

    def __repr__(self):
        return f"<{self.label} {self.status:08b}>"


class BodyCode(Code):
    prefix = "B"

    def severity(self):
        return min(super().severity(), Severity("warning"))


class NetworkCode(Code):
    prefix = "U"

    def __init__(self, number, status, bus):
        super().__init__(number, status)
        self.bus = bus

    @property
    def label(self):
        return f"{super().label}@{self.bus}"


@singledispatch
def show(value):
    return f"? {value}"


@show.register
def _(value: int):
    return f"number {value:#06x}"


@show.register
def _(value: str):
    return f"text {value!r}"


@show.register(list)
def _(value):
    return f"{len(value)} items"


def decode(data):
    codes = []
    position = 0
    while position < len(data):
        kind, length = data[position] >> 4, data[position] & 0x0F
        body = data[position + 1 : position + 1 + length]
        if len(body) < length:
            raise EOFError(f"{length - len(body)} bytes missing at {position}")
        number = int.from_bytes(body[:2], "big")
        if kind == 0:
            codes.append(Code(number, body[2]))
        elif kind == 1:
            codes.append(BodyCode(number, body[2]))
        elif kind == 2:
            codes.append(NetworkCode(number, body[2], body[3:].decode("ascii")))
        else:
            raise ValueError(f"unknown kind {kind} at {position}")
        position += 1 + length
    return codes


message = bytes([0x03, 0x01, 0x2C, 0x89, 0x13, 0x10, 0x0F, 0x81, 0x26, 0xC1, 0x00, 0x01]) + b"CAN" + bytes([0x03, 0x03, 0x00, 0x08])
codes = decode(message)
for code in sorted(codes, key=lambda c: (c.severity(), c.label), reverse=True):
    print(f"{code.label:<10} {str(code.severity()):<9} active={code.active} stored={code.stored}")
print(codes, max(c.severity() for c in codes), Severity("info") <= Severity("warning"), len({c.severity() for c in codes}))
for broken in (message[:-2], b"\x91\x00", b""):
    try:
        print(len(decode(broken)))
    except (EOFError, ValueError) as error:
        print(type(error).__name__, error)
print(show(300), show("x"), show([1, 2]), show(2.5))
