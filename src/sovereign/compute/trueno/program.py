"""From an expression to the program that the native core runs: equal work once, and no work that changes nothing.

Enters: the root `Node` of an expression. Leaves: a `Program`, and its bytes, as the native core reads them:

| offset | size | what |
|---|---|---|
| 0 | 1 | version, 1 |
| 1 | 1 | reduction at the end: 0 none, or a code of `law.REDUCTIONS` |
| 2 | 2 | number of inputs |
| 4 | 2 | number of scalars |
| 6 | 2 | number of steps |
| 8 | 8 each | scalars, float64 |
| then | 8 each | steps: code of `law.CODES` and three operands, 0xFFFF for none |

All numbers are little-endian. Operands count the inputs first, then the scalars, then the steps before. The native
core joins a product with the sum that uses it. Read `law.py` for what a valid program is.
"""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.compute.trueno.law import CODES, MOST_INPUTS, MOST_STEPS, REDUCTIONS, Program, Step, nodes
from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from sovereign.compute.trueno.law import Node

__all__ = ["Row", "encoded", "formed", "lowered"]

_VERSION = 1
_NONE = 0xFFFF


def encoded(root: Node) -> tuple[bytes, tuple[Any, ...]]:
    """The bytes of an expression's program, and its inputs in their order.

    Errors    ParameterError  when it has more operations or inputs than a program may have.
    Cost      some microseconds for a form that was met before, whatever its arrays; those of its nodes else.
    """
    form, sources = formed(root)
    return _packed(form), sources


def formed(root: Node) -> tuple[tuple[Row, ...], tuple[Any, ...]]:
    """The rows of an expression, operands before what is made of them, and its inputs, each once."""
    places: dict[int, int] = {}
    sources: dict[int, Any] = {}
    rows: list[Row] = []
    for node in nodes(root):
        places[id(node)] = len(rows)
        if node.operation == "input":
            sources.setdefault(id(node.source), node.source)
            rows.append(Row("input", (list(sources).index(id(node.source)),)))
        else:
            operands = (each.hex() if isinstance(each, float) else places[id(each)] for each in node.operands)
            rows.append(Row(node.operation, tuple(operands)))
    return tuple(rows), tuple(sources.values())


@lru_cache(maxsize=256)
def _packed(form: tuple[Row, ...]) -> bytes:
    program = lowered(form)
    steps = len(program.steps)
    for count, most, what in ((steps, MOST_STEPS, "operations"), (program.inputs, MOST_INPUTS, "inputs")):
        if count > most:
            message = f"an expression has at most {most} {what}, evaluate a part of it first: `{count}`"
            raise ParameterError("trueno.parameter", message, name="expression", value=count, allowed=f"<= {most}")
    reduction = REDUCTIONS[program.reduction] if program.reduction else 0
    words = [word for step in program.steps for word in (CODES[step.operation], *step.operands, _NONE, _NONE)[:4]]
    layout = f"<BB3H{len(program.scalars)}d{len(words)}H"
    sizes = (program.inputs, len(program.scalars), steps)
    return struct.pack(layout, _VERSION, reduction, *sizes, *program.scalars, *words)


def lowered(form: tuple[Row, ...]) -> Program:
    """The program of an expression: equal work once, numbers that change nothing left out."""
    reduction = form[-1].operation if form[-1].operation in REDUCTIONS else None
    values = _Values()
    places: list[int] = []
    for row in form[: -1 if reduction else None]:
        if row.operation == "input":
            places.append(values.place(row))
            continue
        operands = [values.number(each) if isinstance(each, str) else places[each] for each in row.operands]
        places.append(values.operation(row.operation, operands))
    rows, result = values.rows, places[-1]
    if rows[result].operation == "input":
        result = values.place(Row("mul", (result, values.number((1.0).hex()))))  # a program has at least one step
    return _numbered(rows, _read(rows, result), reduction)


class Row(NamedTuple):
    """An operation on rows before it; a number among its operands stands there in hexadecimal.

    As floats, 0 and -0 would be one key and NaN would never be found again. An input has its number as operand, and
    a number by itself is the operation `number`.
    """

    operation: str
    operands: tuple[int | str, ...]


class _Values:
    """The rows of an expression without repetition."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._places: dict[Row, int] = {}

    def place(self, row: Row) -> int:
        """Where the row stands, at the end when it is new."""
        found = self._places.setdefault(row, len(self.rows))
        if found == len(self.rows):
            self.rows.append(row)
        return found

    def number(self, text: str) -> int:
        """Where a number stands."""
        return self.place(Row("number", (text,)))

    def operation(self, operation: str, operands: list[int]) -> int:
        """Where the result of an operation stands, in the simplest form that gives the same numbers."""
        first, last = operands[0], operands[-1]
        if operation == "neg" and self.rows[first].operation == "neg":
            return int(self.rows[first].operands[0])
        if operation == "mul" and self.rows[first] == _ONE:
            return last
        if self.rows[last].operation == "number":
            return self._with_number(operation, operands, str(self.rows[last].operands[0]))
        return self.place(Row(operation, tuple(operands)))

    def _with_number(self, operation: str, operands: list[int], text: str) -> int:
        number = float.fromhex(text)
        if (operation, text) in _NEUTRAL:
            return operands[0]
        if (operation, number) == ("pow", 2.0):
            return self.place(Row("square", (operands[0],)))
        if operation == "div" and _has_exact_reciprocal(number):
            return self.place(Row("mul", (operands[0], self.number((1 / number).hex()))))
        return self.place(Row(operation, tuple(operands)))


_ONE = Row("number", ((1.0).hex(),))
_NEUTRAL = {
    (name, number.hex()) for name, number in [("mul", 1.0), ("div", 1.0), ("pow", 1.0), ("sub", 0.0), ("add", -0.0)]
}


def _has_exact_reciprocal(number: float) -> bool:
    """Whether multiplying by the reciprocal gives what dividing gives: a power of two far from overflow."""
    return math.isfinite(number) and abs(math.frexp(number)[0]) == 0.5 and 2.0**-100 < abs(number) < 2.0**100  # noqa: PLR2004


def _needed(row: Row) -> list[int]:
    """The places that a row reads."""
    return [] if row.operation in {"input", "number"} else [int(each) for each in row.operands]


def _read(rows: list[Row], result: int) -> list[int]:
    """The places of the rows that the result stands on, and its own."""
    read = {result}
    for place in range(result, -1, -1):
        if place in read:
            read.update(_needed(rows[place]))
    return sorted(read)


def _numbered(rows: list[Row], kept: list[int], reduction: str | None) -> Program:
    """The program of the rows that are kept: inputs first, then scalars, then steps."""
    inputs = sorted((p for p in kept if rows[p].operation == "input"), key=lambda p: rows[p].operands)
    scalars = [place for place in kept if rows[place].operation == "number"]
    steps = [place for place in kept if rows[place].operation not in {"input", "number"}]
    numbers = {place: number for number, place in enumerate([*inputs, *scalars, *steps])}
    return Program(
        len(inputs),
        tuple(float.fromhex(str(rows[place].operands[0])) for place in scalars),
        tuple(Step(rows[p].operation, tuple(numbers[each] for each in _needed(rows[p]))) for p in steps),
        reduction,
    )
