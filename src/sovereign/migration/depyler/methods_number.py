"""Methods and attributes of `int`, `bool`, `float` and `range`.

Enters: call sites. Leaves: operands; what a method gives has the narrowest range that its receiver proves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.iteration import as_iter
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import LENGTH, index_argument, method, small_index, text_argument, value_method
from sovereign.migration.depyler.operators import as_int, call, truth
from sovereign.migration.depyler.types import BOOL, BYTES, FLOAT, INT, STR, IntShape, IterShape, Type, integer, tuple_of
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []

_ZERO = Operand(integer(0, 0), rs.Integer(0), constant=0)
_ONE = Operand(integer(1, 1), rs.Integer(1), constant=1)


def _whole(low: Lowering, operand: Operand) -> Operand:
    """An integer as `Int`, which has every method."""
    return Operand(INT, low.convert(as_int(low, operand), INT))


def _receiver(site: CallSite) -> Operand:
    assert site.receiver is not None
    return as_int(site.low, site.receiver)


@method("int", "bit_length")
def _bit_length(site: CallSite) -> Operand:
    return _bits(site, "bit_length")


@method("int", "bit_count")
def _bit_count(site: CallSite) -> Operand:
    return _bits(site, "bit_count")


def _bits(site: CallSite, name: str) -> Operand:
    operand = _receiver(site)
    shape = operand.type.only
    assert isinstance(shape, IntShape)
    if shape.small:
        return Operand(integer(0, 64), call(name, site.low.own(operand)))
    return Operand(integer(0, 1 << 48), rs.Method(operand.expr, name))


def _is_little(site: CallSite, position: int) -> rs.Expression:
    order = site.argument(position, "byteorder")
    if order is None:
        return rs.Boolean(False)
    if order.constant not in {"little", "big"}:
        raise site.refuse("a byte order that is not known while translating")
    return rs.Boolean(order.constant == "little")


def _signed(site: CallSite) -> rs.Expression:
    signed = site.keyword("signed")
    return rs.Boolean(False) if signed is None else truth(site.low, stored(site.low, signed))


@method("int", "to_bytes")
def _to_bytes(site: CallSite) -> Operand:
    low = site.low
    value = _whole(low, _receiver(site))
    arguments = (index_argument(site, 0, "length", 1), _is_little(site, 1), _signed(site))
    return Operand(BYTES, call("Bytes::from", low.fallible(rs.Method(value.expr, "to_bytes", arguments))))


@builtin("int.from_bytes")
def _from_bytes(site: CallSite) -> Operand:
    low = site.low
    given = stored(low, site.operands[0])
    if given.type.tags() - {"bytes", "bytearray"} or given.type.only is None:
        from sovereign.migration.depyler.methods_bytes import bytes_of

        given = bytes_of(low, given)
    source = low.borrow(given)
    if given.type.tags() == {"bytearray"}:
        source = rs.Borrow(rs.Method(low.receiver(given), "to_bytes"))
    return Operand(INT, call("Int::from_bytes", source, _is_little(site, 1), _signed(site)))


@method("int", "conjugate", "__int__", "__trunc__", "__floor__", "__ceil__", "__index__")
def _same(site: CallSite) -> Operand:
    return _receiver(site)


@method("int", "as_integer_ratio")
def _int_ratio(site: CallSite) -> Operand:
    low = site.low
    operand = _receiver(site)
    return Operand(tuple_of(operand.type, _ONE.type), rs.Tuple((low.own(operand), _ONE.expr)))


@method("int", "is_integer")
def _int_is_integer(site: CallSite) -> Operand:
    return Operand(BOOL, site.low.after(_receiver(site), rs.Boolean(True)))


def _part(low: Lowering, operand: Operand) -> Operand:
    return as_int(low, operand)


for _tag in ("int", "bool"):
    for _name in ("real", "numerator"):
        LIBRARY_ATTRIBUTES[_tag, _name] = _part
    LIBRARY_ATTRIBUTES[_tag, "imag"] = lambda low, operand: Operand(_ZERO.type, low.after(operand, _ZERO.expr))
    LIBRARY_ATTRIBUTES[_tag, "denominator"] = lambda low, operand: Operand(_ONE.type, low.after(operand, _ONE.expr))
LIBRARY_ATTRIBUTES["float", "real"] = lambda low, operand: Operand(FLOAT, low.own(operand))
LIBRARY_ATTRIBUTES["float", "imag"] = lambda low, operand: Operand(FLOAT, low.after(operand, rs.Float(0.0)))


# float


def _float(site: CallSite, name: str, result: Type, *, raises: bool = False) -> Operand:
    assert site.receiver is not None
    value = call(name, site.low.own(site.receiver))
    return Operand(result, site.low.fallible(value) if raises else value)


@method("float", "is_integer")
def _is_integer(site: CallSite) -> Operand:
    return _float(site, "float_is_integer", BOOL)


@method("float", "hex")
def _hex(site: CallSite) -> Operand:
    return _float(site, "float_hex", STR)


@method("float", "as_integer_ratio")
def _ratio(site: CallSite) -> Operand:
    return _float(site, "float_integer_ratio", tuple_of(INT, INT), raises=True)


@method("float", "conjugate", "__float__")
def _same_float(site: CallSite) -> Operand:
    assert site.receiver is not None
    return Operand(FLOAT, site.low.own(site.receiver))


@builtin("float.fromhex")
def _fromhex(site: CallSite) -> Operand:
    return Operand(FLOAT, site.low.fallible(call("float_from_hex", text_argument(site, 0))))


# range


@method("range", "index")
def _range_index(site: CallSite) -> Operand:
    return value_method(site, "index", LENGTH, small_index(site.low, site.operands[0]), raises=True)


@method("range", "count")
def _range_count(site: CallSite) -> Operand:
    return value_method(site, "count", integer(0, 1), small_index(site.low, site.operands[0]))


for _name in ("start", "stop", "step"):
    LIBRARY_ATTRIBUTES["range", _name] = lambda low, operand, name=_name: Operand(  # type: ignore[misc]
        integer(-(1 << 62), 1 << 62), rs.Field(low.receiver(operand), name)
    )


# an iterator as an object


@method("iterator", "__next__")
def _next_of(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, IterShape)
    return Operand(low.contents(shape.cell), low.fallible(rs.Method(low.receiver(site.receiver), "next_item")))


@method("iterator", "__iter__")
def _iter_of(site: CallSite) -> Operand:
    assert site.receiver is not None
    return as_iter(site.low, site.receiver)
