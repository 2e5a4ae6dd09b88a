"""`fractions.Fraction`, `decimal.Decimal` and `struct`.

Enters: call sites and operands. Leaves: operands. An integer beside a fraction or a decimal becomes one first.
"""

from __future__ import annotations

import decimal
import fractions
import re
from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ASSIGNMENTS, LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.expressions import LIBRARY_UNARY
from sovereign.migration.depyler.library.objects import (
    arguments_within,
    attributes,
    comparisons,
    enlist,
    methods,
    operation,
    required,
)
from sovereign.migration.depyler.lowering import Lowering, Operand, typed
from sovereign.migration.depyler.methods import index_argument, method, small_index, text_of, value_method
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, as_float, as_int, binary, call
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    IntShape,
    OpaqueShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["DECIMAL", "FRACTION"]

FRACTION = enlist("Fraction", "fractions.Fraction", fractions.Fraction(1, 2), shown="Fraction")
DECIMAL = enlist("Decimal", "decimal.Decimal", decimal.Decimal("1.5"))
_ORDERS = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}


def _integer(low: Lowering, operand: Operand) -> rs.Expression:
    return low.convert(as_int(low, operand), INT)


# fractions


@builtin("fractions.Fraction")
def _fraction(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "numerator", "denominator")
    above, below = site.argument(0, "numerator"), site.argument(1, "denominator")
    if above is None:
        return Operand(FRACTION, call("Fraction::from_int", call("Int::from", rs.Integer(0, "i64"))))
    if below is not None:
        if not all(o.type == BOOL or isinstance(o.type.only, IntShape) for o in (above, below)):
            raise site.refuse("`Fraction` of two numbers that are no integers")
        return Operand(FRACTION, low.fallible(call("Fraction::new", _integer(low, above), _integer(low, below))))
    return _as_fraction(site, stored(low, above))


def _as_fraction(site: CallSite, given: Operand) -> Operand:
    low = site.low
    if given.type == FRACTION:
        return Operand(FRACTION, low.own(given))
    if given.type == STR:
        return Operand(FRACTION, low.fallible(call("Fraction::parse", text_of(low, given))))
    if given.type == FLOAT:
        return Operand(FRACTION, low.fallible(call("Fraction::from_float", low.own(given))))
    if given.type == BOOL or isinstance(given.type.only, IntShape):
        return Operand(FRACTION, call("Fraction::from_int", _integer(low, given)))
    raise site.refuse("`Fraction` of such a value")


attributes("Fraction", INT, "numerator", "denominator")


@method("Fraction", "limit_denominator")
def _limit_denominator(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "max_denominator")
    most = site.argument(0, "max_denominator") or Operand(integer(10**6, 10**6), rs.Integer(10**6))
    return value_method(site, "limit_denominator", FRACTION, rs.Borrow(_integer(low, most)), raises=True)


for _symbol, _name, _raises, _type in (
    ("+", "add", False, FRACTION),
    ("-", "sub", False, FRACTION),
    ("*", "mul", False, FRACTION),
    ("/", "div", True, FRACTION),
    ("//", "floor_div", True, INT),
    ("%", "modulo", True, FRACTION),
):
    operation("Fraction", _symbol, "Fraction", _name, _type, raises=_raises)
for _symbol, _name in (("+", "add"), ("-", "sub"), ("*", "mul"), ("/", "div"), ("//", "floor_div"), ("%", "modulo")):
    operation("Decimal", _symbol, "Decimal", _name, DECIMAL, raises=True)
comparisons("Fraction")
comparisons("Decimal")


def _beside(symbol: str, make: Callable[[Lowering, Operand], Operand], tag: str) -> None:
    """An operator with an integer on one side, which becomes a number of the type first."""

    def left(low: Lowering, a: Operand, b: Operand) -> Operand:
        a = low.named(a, "left")
        other = make(low, b)
        return _same(low, symbol, a, other)

    def right(low: Lowering, a: Operand, b: Operand) -> Operand:
        other = low.named(make(low, a), "left")
        return _same(low, symbol, other, b)

    for kind in ("int", "bool"):
        LIBRARY_OPERATORS[tag, symbol, kind] = left
        LIBRARY_OPERATORS[kind, symbol, tag] = right


def _same(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    if symbol == "==":
        return Operand(BOOL, rs.Method(low.receiver(a), "equals", (low.borrow(b),)))
    if symbol in _ORDERS:
        return Operand(BOOL, call(_ORDERS[symbol], low.borrow(a), low.borrow(b)))
    return binary(low, symbol, a, b)


def _int_fraction(low: Lowering, operand: Operand) -> Operand:
    return Operand(FRACTION, call("Fraction::from_int", _integer(low, operand)))


def _int_decimal(low: Lowering, operand: Operand) -> Operand:
    return Operand(DECIMAL, call("Decimal::from_int", rs.Borrow(_integer(low, operand))))


for _symbol in ("+", "-", "*", "/", "//", "%", "==", "<", "<=", ">", ">="):
    _beside(_symbol, _int_fraction, "Fraction")
    _beside(_symbol, _int_decimal, "Decimal")


def _as_floats(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    """A fraction and a float: both as floats."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        left, right = (
            Operand(
                FLOAT, low.fallible(rs.Method(low.receiver(o), "float")) if o.type == FRACTION else as_float(low, o)
            )
            for o in (a, b)
        )
        return binary(low, symbol, left, right)

    return handler


for _symbol in ("+", "-", "*", "/", "//", "%", "**"):
    LIBRARY_OPERATORS["Fraction", _symbol, "float"] = _as_floats(_symbol)
    LIBRARY_OPERATORS["float", _symbol, "Fraction"] = _as_floats(_symbol)


def _unclear(low: Lowering, a: Operand, b: Operand) -> Operand:
    del a, b
    raise low.refuse(low.node, "a comparison of a `Fraction` or a `Decimal` with a number of another kind")


for _symbol in ("==", "<", "<=", ">", ">="):
    for _tag in ("Fraction", "Decimal"):
        for _other in ("float", "complex", "Decimal" if _tag == "Fraction" else "Fraction"):
            LIBRARY_OPERATORS[_tag, _symbol, _other] = _unclear
            LIBRARY_OPERATORS[_other, _symbol, _tag] = _unclear
LIBRARY_OPERATORS["Decimal", "==", "float"] = lambda low, a, b: Operand(
    BOOL, rs.Method(low.receiver(a), "equals_float", (low.own(b),))
)
LIBRARY_OPERATORS["float", "==", "Decimal"] = lambda low, a, b: LIBRARY_OPERATORS["Decimal", "==", "float"](
    low, low.named(b), low.named(a)
)


def _power(type_: Type) -> Callable[[Lowering, Operand, Operand], Operand]:
    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        return Operand(type_, low.fallible(rs.Method(low.receiver(a), "pow_int", (small_index(low, b),))))

    return handler


LIBRARY_OPERATORS["Fraction", "**", "int"] = _power(FRACTION)
LIBRARY_OPERATORS["Decimal", "**", "int"] = _power(DECIMAL)


def _plain(name: str, result: Type, *, raises: bool = False) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        value = rs.Method(site.low.receiver(site.operands[0]), name)
        return Operand(result, site.low.fallible(value) if raises else value)

    return handler


for _tag, _type, _raises in (("Fraction", FRACTION, False), ("Decimal", DECIMAL, True)):
    builtin(f"{_tag}.__float__")(_plain("float", FLOAT, raises=not _raises))
    builtin(f"{_tag}.__int__", f"{_tag}.__trunc__")(_plain("trunc", INT))
    builtin(f"{_tag}.__floor__")(_plain("floor", INT))
    builtin(f"{_tag}.__ceil__")(_plain("ceil", INT))
    builtin(f"{_tag}.__abs__")(_plain("abs", _type, raises=_raises))

    @builtin(f"{_tag}.__round__")
    def _round(site: CallSite, type_: Type = _type, raises: bool = _raises) -> Operand:
        low = site.low
        receiver = low.receiver(site.operands[0])
        if site.count == 1 or site.operands[1].type == NONE:
            return Operand(INT, rs.Method(receiver, "round"))
        value = rs.Method(receiver, "round_to", (small_index(low, site.operands[1]),))
        return Operand(type_, low.fallible(value) if raises else value)

    def _negative(low: Lowering, a: Operand, type_: Type = _type, raises: bool = _raises) -> Operand:
        value = rs.Method(low.receiver(a), "neg")
        return Operand(type_, low.fallible(value) if raises else value)

    LIBRARY_UNARY["-", _tag] = _negative
LIBRARY_UNARY["+", "Fraction"] = lambda low, a: a
LIBRARY_UNARY["+", "Decimal"] = lambda low, a: Operand(DECIMAL, low.fallible(rs.Method(low.receiver(a), "plus")))


@method("Fraction", "as_integer_ratio")
@method("Decimal", "as_integer_ratio")
def _ratio(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    if site.receiver.type == DECIMAL:
        return value_method(site, "as_integer_ratio", tuple_of(INT, INT))
    value = low.named(site.receiver)
    parts = tuple(rs.Method(low.receiver(value), name) for name in ("numerator", "denominator"))
    return Operand(tuple_of(INT, INT), rs.Tuple(parts))


# decimals


@builtin("decimal.Decimal")
def _decimal(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "value")
    given = site.argument(0, "value")
    if given is None:
        return _int_decimal(low, Operand(integer(0, 0), rs.Integer(0)))
    given = stored(low, given)
    if given.type == DECIMAL:
        return Operand(DECIMAL, low.own(given))
    if given.type == STR:
        return Operand(DECIMAL, low.fallible(call("Decimal::parse", text_of(low, given))))
    if given.type == FLOAT:
        return Operand(DECIMAL, low.fallible(call("Decimal::from_float", low.own(given))))
    if given.type == BOOL or isinstance(given.type.only, IntShape):
        return _int_decimal(low, given)
    raise site.refuse("`Decimal` of such a value")


for _name in (
    "ROUND_CEILING",
    "ROUND_DOWN",
    "ROUND_FLOOR",
    "ROUND_HALF_DOWN",
    "ROUND_HALF_EVEN",
    "ROUND_HALF_UP",
    "ROUND_UP",
    "ROUND_05UP",
):
    CONSTANTS[f"decimal.{_name}"] = lambda low, text=_name: Operand(  # type: ignore[misc]
        STR, call("Str::literal", rs.Text(text)), constant=text
    )
attributes("Decimal", BOOL, "is_zero", "is_signed", as_method=True)
attributes("Decimal", DECIMAL, "copy_abs", "copy_negate", as_method=True)
attributes("Decimal", integer(-(1 << 40), 1 << 40), "adjusted", as_method=True)
methods("Decimal", DECIMAL, "sqrt", "normalize", raises=True)


def _rounding(site: CallSite, index: int) -> rs.Expression:
    given = site.argument(index, "rounding")
    return rs.Name("None") if given is None or given.type == NONE else call("Some", text_of(site.low, given))


@method("Decimal", "quantize")
def _quantize(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "rounding")
    pattern = stored(low, required(site, 0))
    if pattern.type != DECIMAL:
        pattern = _int_decimal(low, pattern) if isinstance(pattern.type.only, IntShape) else pattern
    if pattern.type != DECIMAL:
        raise site.refuse("`quantize` with such a pattern")
    return value_method(site, "quantize", DECIMAL, low.borrow(pattern), _rounding(site, 1), raises=True)


@method("Decimal", "to_integral_value", "to_integral")
def _to_integral(site: CallSite) -> Operand:
    arguments_within(site, 1, "rounding")
    return value_method(site, "to_integral_value", DECIMAL, _rounding(site, 0), raises=True)


@builtin("Decimal.__format__")
def _format(site: CallSite) -> Operand:
    low = site.low
    given, spec = site.operands
    if not isinstance(spec.constant, str):
        raise site.refuse("a `Decimal` with a format that is not known while translating")
    try:
        format(decimal.Decimal(1), spec.constant)
    except ValueError:
        raise site.refuse("a `Decimal` with a format that it does not take") from None
    parsed = low.fallible(call("FormatSpec::parse", rs.Text(spec.constant), rs.Text("decimal.Decimal")))
    return Operand(STR, low.fallible(rs.Method(low.receiver(given), "format", (rs.Borrow(parsed),))))


_CONTEXT = Type((OpaqueShape("DecimalContext"),))


@builtin("decimal.getcontext")
def _getcontext(site: CallSite) -> Operand:
    arguments_within(site, 0)
    return Operand(_CONTEXT, call("decimal_context"))


def _set_precision(low: Lowering, operand: Operand, value: Operand) -> None:
    del operand
    low.emit(rs.Evaluate(low.fallible(call("decimal_set_precision", small_index(low, value)))))


def _set_rounding(low: Lowering, operand: Operand, value: Operand) -> None:
    del operand
    low.emit(rs.Evaluate(low.fallible(call("decimal_set_rounding", text_of(low, value)))))


LIBRARY_ASSIGNMENTS["DecimalContext", "prec"] = _set_precision
LIBRARY_ASSIGNMENTS["DecimalContext", "rounding"] = _set_rounding
LIBRARY_ATTRIBUTES["DecimalContext", "prec"] = lambda low, operand: Operand(
    integer(1, 1 << 60), rs.Field(call("decimal_context"), "precision")
)


# struct

_INTEGERS = {"b": 8, "h": 16, "i": 32, "l": 64, "q": 64, "n": 64}
_MOST = 12


def _format_text(site: CallSite) -> str:
    given = required(site, 0)
    if not isinstance(given.constant, str):
        raise site.refuse("`struct` with a format that is not known while translating")
    return given.constant


def _fields(site: CallSite, text: str) -> list[Type]:
    """The types of the values that a format names."""
    native = text[:1] not in {"<", ">", "!", "="}
    found: list[Type] = []
    for count, code in re.findall(r"(\d*)([a-zA-Z?])", text):
        if code == "x":
            continue
        if code.lower() in _INTEGERS:
            bits = 32 if code in "lL" and not native else _INTEGERS[code.lower()]
            bounds = (0, (1 << bits) - 1) if code.isupper() else (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
            type_ = integer(*bounds)
        elif code in "fd":
            type_ = FLOAT
        elif code in "sc":
            type_ = BYTES
        elif code == "?":
            type_ = BOOL
        else:
            raise site.refuse(f"`struct` with the code `{code}`")
        found.extend([type_] * (1 if code == "s" else int(count or 1)))
    return found


@builtin("struct.calcsize")
def _calcsize(site: CallSite) -> Operand:
    return Operand(integer(0, 1 << 40), site.low.fallible(call("struct_calcsize", rs.Text(_format_text(site)))))


@builtin("struct.pack")
def _pack(site: CallSite) -> Operand:
    low = site.low
    text = _format_text(site)
    values = []
    for operand in site.operands[1:]:
        given = stored(low, operand)
        if not isinstance(given.type.only, IntShape) and given.type not in (FLOAT, BOOL, BYTES):
            raise site.refuse("`struct.pack` of such a value")
        values.append(call("StructValue::from", typed(low.own(given))))
    packed = call("struct_pack", rs.Text(text), rs.Borrow(rs.Array(tuple(values))))
    return Operand(BYTES, low.fallible(packed))


def _unpacked(site: CallSite, name: str, *extra: rs.Expression) -> Operand:
    low = site.low
    text = _format_text(site)
    types = _fields(site, text)
    data = required(site, 1)
    if data.type != BYTES or not 0 < len(types) <= _MOST:
        raise site.refuse("`struct.unpack` of such data, or of more than 12 values")
    values = low.fallible(call(name, rs.Text(text), low.borrow(data), *extra))
    row = tuple_of(*types)
    path = rs.Name("struct_row")
    made = low.fresh("row")
    low.emit(rs.Let(rs.Bind(made), low.rust(row), low.fallible(rs.Call(path, (rs.Borrow(values),)))))
    return Operand(row, rs.Name(made), "place")


@builtin("struct.unpack")
def _unpack(site: CallSite) -> Operand:
    arguments_within(site, 2)
    return _unpacked(site, "struct_unpack")


@builtin("struct.iter_unpack")
def _iter_unpack(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    text, data = _format_text(site), required(site, 1)
    types = _fields(site, text)
    if data.type != BYTES or not 0 < len(types) <= _MOST:
        raise site.refuse("`struct.iter_unpack` of such data, or of more than 12 values")
    row = tuple_of(*types)
    type_ = low.iter_of(row)
    made = low.fresh("rows")
    value = low.fallible(call("struct_iter_rows", rs.Text(text), low.borrow(data)))
    low.emit(rs.Let(rs.Bind(made), low.rust(type_), value))
    return Operand(type_, rs.Name(made), "place")


@builtin("struct.unpack_from")
def _unpack_from(site: CallSite) -> Operand:
    arguments_within(site, 3, "offset")
    return _unpacked(site, "struct_unpack_from", index_argument(site, 2, "offset", 0))
