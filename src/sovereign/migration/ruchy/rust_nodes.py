"""Short makers of Rust nodes.

Enters: parts. Leaves: nodes of `migration/rust`. Read `rust_base.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "NO",
    "YES",
    "block",
    "borrow",
    "call",
    "deref",
    "done",
    "dotted",
    "integer",
    "let",
    "method",
    "name",
    "text",
    "unit",
]

_LONGEST = 30
UNIT = rs.Tuple()
YES, NO = rs.Boolean(value=True), rs.Boolean(value=False)


def name(path: str) -> rs.Name:
    """A variable or path."""
    return rs.Name(path)


def call(function: str, *arguments: rs.Expression) -> rs.Call:
    """`function(arguments)`."""
    return rs.Call(rs.Name(function), arguments)


def method(receiver: rs.Expression, word: str, *arguments: rs.Expression) -> rs.Method:
    """`receiver.word(arguments)`."""
    if isinstance(receiver, rs.Integer) and not receiver.suffix:
        receiver = rs.Integer(receiver.value, "i64")
    if isinstance(receiver, rs.Float) and not receiver.suffix:
        receiver = rs.Float(receiver.value, "f64")
    return rs.Method(receiver, word, arguments)


def borrow(value: rs.Expression, *, mutable: bool = False) -> rs.Expression:
    """`&value`; nothing where it is the target of a reference already."""
    if isinstance(value, rs.Deref) and isinstance(value.operand, rs.Name | rs.Method):
        return value.operand
    return rs.Borrow(value, mutable=mutable)


def deref(value: rs.Expression) -> rs.Expression:
    """`*value`; nothing where it is a borrow."""
    return value.operand if isinstance(value, rs.Borrow) else rs.Deref(value)


def dotted(value: rs.Expression) -> rs.Expression:
    """A place before a dot, where Rust follows references by itself."""
    if isinstance(value, rs.Deref) and isinstance(value.operand, rs.Name | rs.Method):
        return value.operand
    return value


def integer(value: int) -> rs.Expression:
    """An `i64`."""
    if value == -(1 << 63):
        return rs.Name("i64::MIN")
    return rs.Integer(value, "i64")


def text(value: str) -> rs.Expression:
    """A `Str` made when the program is compiled."""
    if len(value) > _LONGEST:
        # On a line of its own an argument has a comma behind it, which the macro does not take.
        return rs.Call(rs.Name("Str::literal"), (rs.Text(value),))
    return rs.MacroCall("text", (rs.Text(value),))


def unit() -> rs.Expression:
    """`()`."""
    return UNIT


def let(
    word: str, value: rs.Expression, *, mutable: bool = False, kind: rs.Type | None = None, line: int | None = None
) -> rs.Let:
    """`let word = value`."""
    return rs.Let(rs.Bind(word, mutable=mutable), kind, value, line)


def done(value: rs.Expression, line: int | None = None) -> rs.Evaluate:
    """An expression as a statement."""
    return rs.Evaluate(value, line)


def block(statements: Sequence[rs.Statement], value: rs.Expression | None = None, label: str = "") -> rs.Expression:
    """`{ statements; value }`; the value alone where nothing comes before it."""
    if not statements and value is not None and not label:
        return value
    if not statements and isinstance(value, rs.BlockExpression) and not value.label:
        return rs.BlockExpression(value.block, label)
    return rs.BlockExpression(rs.Block(tuple(statements), value), label)
