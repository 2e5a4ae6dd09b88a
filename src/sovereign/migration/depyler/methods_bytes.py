"""`bytes` and `bytearray`: how they are made, their methods, operators, items and slices.

Enters: call sites and operands. Leaves: operands. A `bytearray` answers what does not change it through its bytes.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import builtin, items_of, plain_iterator
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import (
    LENGTH,
    MEMBERSHIP,
    index_argument,
    method,
    optional,
    optional_index,
    small_index,
    text_argument,
    value_method,
)
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, as_int, call, truth
from sovereign.migration.depyler.subscripts import (
    LIBRARY_DELETION,
    LIBRARY_SLICE_ASSIGNMENT,
    LIBRARY_SLICES,
    LIBRARY_SUBSCRIPT_ASSIGNMENT,
    LIBRARY_SUBSCRIPTS,
)
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    NONE,
    STR,
    Atom,
    IntShape,
    TupleShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.iteration import Iteration

__all__ = ["BYTEARRAY", "bytes_of", "view"]

BYTEARRAY = Type((Atom("bytearray"),))
BYTE = integer(0, 255)
_PLACE = integer(-1, 1 << 40)


def view(low: Lowering, operand: Operand) -> rs.Expression:
    """Bytes or a byte array as something that a `&[u8]` is expected to be.

    Raises:
        Refuse: It is neither.
    """
    operand = stored(low, operand)
    if operand.type == BYTES:
        return low.borrow(operand)
    if operand.type == BYTEARRAY:
        return rs.Borrow(rs.Method(low.receiver(operand), "to_bytes"))
    if operand.type.never:
        return operand.expr
    raise low.refuse(low.node, f"{operand.type!r} where bytes are expected")


def bytes_of(low: Lowering, operand: Operand) -> Operand:
    """`bytes(operand)` of bytes or of numbers."""
    operand = stored(low, operand)
    if operand.type == BYTES:
        return operand
    if operand.type == BYTEARRAY:
        return Operand(BYTES, rs.Method(low.receiver(operand), "to_bytes"))
    only = operand.type.only
    if operand.type == BOOL or isinstance(only, IntShape):
        return Operand(BYTES, low.fallible(call("Bytes::zeros", small_index(low, operand))))
    if operand.type == STR:
        return low.type_error("string argument without an encoding")
    return _of_numbers(low, iterate(low, operand))


def _of_numbers(low: Lowering, each: Iteration) -> Operand:
    if each.item.never:
        return Operand(BYTES, call("Bytes::default"))
    return Operand(BYTES, low.fallible(call("Bytes::of_numbers", _numbers(low, each))))


def _numbers(low: Lowering, each: Iteration) -> rs.Expression:
    """A Rust iterator over `i64`; a number that is too large is no byte either."""
    iterator = plain_iterator(low, each)
    only = each.item.only
    if isinstance(only, IntShape) and only.small:
        return iterator
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    name = low.fresh("number")
    item = Operand(each.item, rs.Name(name), "place")
    if isinstance(only, IntShape):
        value: rs.Expression = rs.Method(rs.Method(item.expr, "to_i64"), "unwrap_or", (rs.Unary("-", rs.Integer(1)),))
    elif each.item == BOOL:
        value = low.own(as_int(low, item))
    else:
        raise low.refuse(low.node, f"bytes of {each.item!r}")
    return rs.Method(source, "map", (rs.Closure(((rs.Bind(name), None),), value),))


def _made(site: CallSite) -> Operand:
    low = site.low
    given = site.argument(0, "source")
    if given is None:
        return Operand(BYTES, call("Bytes::default"))
    encoding = site.argument(1, "encoding")
    if encoding is not None:
        errors = text_argument(site, 2, "errors", "strict")
        text = stored(low, given)
        if text.type != STR:
            raise site.refuse("an encoding of something that is no text")
        arguments = (text_argument(site, 1, "encoding"), errors)
        return Operand(BYTES, low.fallible(rs.Method(low.receiver(text), "encode", arguments)))
    if site.given is None and isinstance(site.nodes[0], ast.GeneratorExp | ast.Call):
        only = given.type.only
        if not isinstance(only, Atom | IntShape):
            return _of_numbers(low, items_of(site))
    return bytes_of(low, given)


@builtin("bytes")
def _bytes(site: CallSite) -> Operand:
    return _made(site)


@builtin("bytearray")
def _bytearray(site: CallSite) -> Operand:
    made = _made(site)
    return made if made.type.never else _array_from(site.low, made)


def _array_from(low: Lowering, made: Operand) -> Operand:
    return Operand(BYTEARRAY, call("ByteArray::from", rs.Method(low.receiver(made), "to_vec")))


@builtin("bytes.fromhex")
def _fromhex(site: CallSite) -> Operand:
    return Operand(BYTES, site.low.fallible(call("Bytes::fromhex", text_argument(site, 0))))


@builtin("bytearray.fromhex")
def _array_fromhex(site: CallSite) -> Operand:
    return _array_from(site.low, _fromhex(site))


@builtin("bytes.maketrans", "bytearray.maketrans")
def _maketrans(site: CallSite) -> Operand:
    low = site.low
    return Operand(BYTES, low.fallible(call("Bytes::maketrans", *(view(low, o) for o in site.operands[:2]))))


# methods


def _receiver(site: CallSite) -> Operand:
    """The bytes that a method is asked of."""
    assert site.receiver is not None
    if site.receiver.type == BYTEARRAY:
        return Operand(BYTES, rs.Method(site.low.receiver(site.receiver), "to_bytes"))
    return site.receiver


def _answer(
    site: CallSite, name: str, result: Type, *arguments: rs.Expression, raises: bool = False, alike: bool = True
) -> Operand:
    """A method of `Bytes`; bytes that come out of a byte array are one again where they are `alike`."""
    low = site.low
    expr: rs.Expression = rs.Method(low.receiver(_receiver(site)), name, arguments)
    found = Operand(result, low.fallible(expr) if raises else expr)
    assert site.receiver is not None
    if result == BYTES and alike and site.receiver.type == BYTEARRAY:
        return _array_from(low, found)
    if result != BYTES and alike and site.receiver.type == BYTEARRAY and result not in (BOOL, STR):
        only = result.only
        if not isinstance(only, IntShape):
            raise site.refuse(f"the method `{name}` of `bytearray`")
    return found


def _both(*names: str) -> Callable[[Callable[[CallSite], Operand]], Callable[[CallSite], Operand]]:
    def register(function: Callable[[CallSite], Operand]) -> Callable[[CallSite], Operand]:
        for tag in ("bytes", "bytearray"):
            method(tag, *names)(function)
        return function

    return register


def _without_arguments(result: Type, *names: str) -> None:
    for name in names:
        _both(name)(lambda site, name=name: _answer(site, name, result))  # type: ignore[misc]


_without_arguments(BYTES, "upper", "lower", "swapcase", "capitalize", "title")
_without_arguments(BOOL, "isalpha", "isdigit", "isalnum", "isspace", "isascii", "isupper", "islower")


@_both("decode")
def _decode(site: CallSite) -> Operand:
    encoding = text_argument(site, 0, "encoding", "utf-8")
    return _answer(site, "decode", STR, encoding, text_argument(site, 1, "errors", "strict"), raises=True)


@_both("hex")
def _hex(site: CallSite) -> Operand:
    if site.argument(0, "sep") is None:
        return _answer(site, "hex", STR)
    return _answer(site, "hex_grouped", STR, text_argument(site, 0, "sep"), index_argument(site, 1, "bytes_per_sep", 1))


def _edge(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        given = site.operands[0]
        if site.count != 1:
            raise site.refuse(f"`{name}` of bytes with bounds")
        if isinstance(given.type.only, TupleShape):
            parts = low.tuple_parts(given, given.type.only)
            return _answer(site, f"{name}_any", BOOL, rs.Array(tuple(low.own(part) for part in parts)))
        return _answer(site, name, BOOL, view(low, given))

    return handler


for _name in ("startswith", "endswith"):
    _both(_name)(_edge(_name))


def _wanted(site: CallSite, position: int = 0) -> rs.Expression:
    """What is looked for: bytes, or the number of one byte."""
    low = site.low
    given = stored(low, site.operands[position])
    if isinstance(given.type.only, IntShape):
        number = call("byte_of_number", small_index(low, given))
        return rs.Borrow(rs.Array((low.fallible(number),)))
    return view(low, given)


def _found(name: str, *, raises: bool) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        result = LENGTH if raises or name == "count" else _PLACE
        if site.count == 1:
            return _answer(site, name, result, _wanted(site), raises=raises)
        if name not in {"find", "rfind"}:
            raise site.refuse(f"`{name}` of bytes with bounds")
        return _answer(site, f"{name}_between", result, _wanted(site), optional_index(site, 1), optional_index(site, 2))

    return handler


for _name, _raises in (("find", False), ("rfind", False), ("index", True), ("rindex", True), ("count", False)):
    _both(_name)(_found(_name, raises=_raises))


@_both("replace")
def _replace(site: CallSite) -> Operand:
    old, new = (view(site.low, o) for o in site.operands[:2])
    if site.argument(2, "count") is None:
        return _answer(site, "replace", BYTES, old, new)
    return _answer(site, "replace_count", BYTES, old, new, index_argument(site, 2, "count"))


def _stripped(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        given = site.argument(0)
        if given is None or given.type == NONE:
            return _answer(site, name, BYTES)
        return _answer(site, f"{name}_of", BYTES, view(site.low, given))

    return handler


for _name in ("strip", "lstrip", "rstrip"):
    _both(_name)(_stripped(_name))
for _name in ("removeprefix", "removesuffix"):
    _both(_name)(lambda site, name=_name: _answer(site, name, BYTES, view(site.low, site.operands[0])))  # type: ignore[misc]


def _padded(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        fill = site.argument(1)
        filled = rs.Borrow(rs.Array((rs.Integer(32, "u8"),))) if fill is None else view(site.low, fill)
        return _answer(site, name, BYTES, index_argument(site, 0), filled, raises=True)

    return handler


for _name in ("ljust", "rjust", "center"):
    _both(_name)(_padded(_name))
_both("zfill")(lambda site: _answer(site, "zfill", BYTES, index_argument(site, 0)))


def _splitting(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        separator = site.argument(0, "sep")
        limit = index_argument(site, 1, "maxsplit", -1)
        type_ = low.list_of(BYTES)
        if separator is None or separator.type == NONE:
            if site.argument(1, "maxsplit") is not None or name == "rsplit":
                raise site.refuse("`split` of bytes at white space with a limit")
            return _answer(site, "split_words", type_)
        return _answer(site, name, type_, view(low, separator), limit, raises=True)

    return handler


for _name in ("split", "rsplit"):
    _both(_name)(_splitting(_name))


@_both("splitlines")
def _splitlines(site: CallSite) -> Operand:
    keep = site.argument(0, "keepends")
    kept = rs.Boolean(False) if keep is None else truth(site.low, keep)
    return _answer(site, "splitlines", site.low.list_of(BYTES), kept)


for _name in ("partition", "rpartition"):
    _both(_name)(
        lambda site, name=_name: _answer(  # type: ignore[misc]
            site, name, tuple_of(BYTES, BYTES, BYTES), view(site.low, site.operands[0]), raises=True
        )
    )


@_both("join")
def _join(site: CallSite) -> Operand:
    low = site.low
    each = items_of(site)
    if each.item.never:
        return Operand(BYTES, call("Bytes::default"))
    if each.item != BYTES:
        raise site.refuse("`join` of items that are no bytes")
    return _answer(site, "join", BYTES, plain_iterator(low, each))


@_both("translate")
def _translate(site: CallSite) -> Operand:
    low = site.low
    table = site.operands[0]
    given = rs.Name("None") if table.type == NONE else call("Some", view(low, table))
    without = site.argument(1, "delete")
    removed = rs.Borrow(rs.Array(())) if without is None else view(low, without)
    return _answer(site, "translate", BYTES, given, removed, raises=True)


# what changes a byte array


def _number(site: CallSite, position: int) -> rs.Expression:
    return index_argument(site, position)


method("bytearray", "append")(lambda site: value_method(site, "append", NONE, _number(site, 0), raises=True))
method("bytearray", "remove")(lambda site: value_method(site, "remove", NONE, _number(site, 0), raises=True))
method("bytearray", "insert")(
    lambda site: value_method(site, "insert", NONE, _number(site, 0), _number(site, 1), raises=True)
)
method("bytearray", "reverse")(lambda site: value_method(site, "reverse", NONE))
method("bytearray", "clear")(lambda site: value_method(site, "clear", NONE))
method("bytearray", "copy")(lambda site: value_method(site, "copy", BYTEARRAY))


@method("bytearray", "pop")
def _pop(site: CallSite) -> Operand:
    if site.count == 0:
        return value_method(site, "pop", BYTE, raises=True)
    return value_method(site, "pop_at", BYTE, _number(site, 0), raises=True)


@method("bytearray", "extend")
def _extend(site: CallSite) -> Operand:
    assert site.receiver is not None
    return _extended(site.low, site.receiver, stored(site.low, site.operands[0]))


def _extended(low: Lowering, receiver: Operand, source: Operand) -> Operand:
    if source.type in (BYTES, BYTEARRAY):
        return Operand(NONE, rs.Method(low.receiver(receiver), "extend", (view(low, source),)))
    each = iterate(low, source)
    if each.item.never:
        return Operand(NONE, rs.Tuple())
    expr = rs.Method(low.receiver(receiver), "extend_numbers", (_numbers(low, each),))
    return Operand(NONE, low.fallible(expr))


# operators, items and slices


def _concat(low: Lowering, a: Operand, b: Operand) -> Operand:
    return Operand(a.type, rs.Method(low.receiver(a), "concat", (view(low, b),)))


def _repeated(low: Lowering, a: Operand, b: Operand) -> Operand:
    if a.type not in (BYTES, BYTEARRAY):
        a, b = b, a
    return Operand(a.type, rs.Method(low.receiver(a), "repeat", (small_index(low, b),)))


def _same(low: Lowering, a: Operand, b: Operand) -> Operand:
    return Operand(BOOL, rs.Binary("==", _vector(low, a), _vector(low, b)))


def _vector(low: Lowering, operand: Operand) -> rs.Expression:
    if operand.type == BYTEARRAY:
        return rs.Method(rs.Method(low.receiver(operand), "to_bytes"), "to_vec")
    return rs.Method(low.receiver(operand), "to_vec")


for _a in ("bytes", "bytearray"):
    LIBRARY_OPERATORS[_a, "*", "int"] = LIBRARY_OPERATORS["int", "*", _a] = _repeated
    for _b in ("bytes", "bytearray"):
        LIBRARY_OPERATORS[_a, "+", _b] = _concat
        if _a != _b:
            LIBRARY_OPERATORS[_a, "==", _b] = _same


def _contains(low: Lowering, container: Operand, item: Operand) -> Operand:
    if container.type == BYTEARRAY:
        container = Operand(BYTES, rs.Method(low.receiver(container), "to_bytes"))
    if isinstance(item.type.only, IntShape):
        number = rs.Method(low.receiver(container), "contains_byte", (small_index(low, item),))
        return Operand(BOOL, low.fallible(number))
    return Operand(BOOL, rs.Method(low.receiver(container), "contains", (view(low, item),)))


MEMBERSHIP["bytes"] = MEMBERSHIP["bytearray"] = _contains


def _item(low: Lowering, value: Operand, key: Operand) -> Operand:
    return Operand(BYTE, low.fallible(rs.Method(low.receiver(value), "item", (small_index(low, key),))))


def _store(low: Lowering, container: Operand, key: Operand, value: Operand) -> None:
    arguments = (small_index(low, key), small_index(low, value))
    low.emit(rs.Evaluate(low.fallible(rs.Method(low.receiver(container), "set_item", arguments)), low.line))


def _bounds(low: Lowering, node: ast.Slice) -> tuple[rs.Expression, rs.Expression]:
    start, stop = (low.expression(p) if p is not None else None for p in (node.lower, node.upper))
    return optional(low, start), optional(low, stop)


def _slice(low: Lowering, value: Operand, node: ast.Slice) -> Operand:
    bounds = _bounds(low, node)
    if node.step is None:
        return Operand(BYTEARRAY, rs.Method(low.receiver(value), "slice", bounds))
    arguments = (*bounds, small_index(low, low.expression(node.step)))
    return Operand(BYTEARRAY, low.fallible(rs.Method(low.receiver(value), "slice_step", arguments)))


def _assign_slice(low: Lowering, container: Operand, node: ast.Slice, value: Operand) -> None:
    if node.step is not None:
        raise low.refuse(node, "an assignment to a slice of a bytearray with a step")
    given = bytes_of(low, value)
    expr = rs.Method(low.receiver(container), "set_slice", (*_bounds(low, node), view(low, given)))
    low.emit(rs.Evaluate(expr, low.line))


def _delete(low: Lowering, container: Operand, key: Operand) -> None:
    expr = rs.Method(low.receiver(container), "del_item", (small_index(low, key),))
    low.emit(rs.Evaluate(low.fallible(expr), low.line))


LIBRARY_SUBSCRIPTS["bytearray"] = _item
LIBRARY_SUBSCRIPT_ASSIGNMENT["bytearray"] = _store
LIBRARY_SLICES["bytearray"] = _slice
LIBRARY_SLICE_ASSIGNMENT["bytearray"] = _assign_slice
LIBRARY_DELETION["bytearray"] = _delete
