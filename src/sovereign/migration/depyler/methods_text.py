"""Methods of `str`.

Enters: call sites. Leaves: operands; the support module's `Str` has the methods under the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Operand
from sovereign.migration.depyler.methods import (
    LENGTH,
    by_key,
    index_argument,
    method,
    only_text,
    optional_index,
    text_argument,
    text_of,
    value_method,
)
from sovereign.migration.depyler.operators import call, python_type_name, truth
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    NONE,
    STR,
    DictShape,
    SeqShape,
    TupleShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.lowering import Lowering

__all__: list[str] = []

_PLACE = integer(-1, 1 << 40)


def _plain(*names: str, result: Type = STR) -> None:
    for name in names:
        method("str", name)(lambda site, name=name: value_method(site, name, result))  # type: ignore[misc]


_plain("upper", "lower", "swapcase", "capitalize", "title", "casefold")
_plain(
    "isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace", "isascii", "isprintable", "isidentifier",
    "isupper", "islower", "istitle", result=BOOL,
)  # fmt: skip


_NO_TEXT = "must be str, not {}"


@method("str", "strip")
def _strip(site: CallSite) -> Operand:
    return _stripped(site, "strip")


@method("str", "lstrip")
def _lstrip(site: CallSite) -> Operand:
    return _stripped(site, "lstrip")


@method("str", "rstrip")
def _rstrip(site: CallSite) -> Operand:
    return _stripped(site, "rstrip")


def _stripped(site: CallSite, name: str) -> Operand:
    given = site.argument(0)
    if given is None or given.type == NONE:
        return value_method(site, name, STR)
    return value_method(site, f"{name}_of", STR, text_argument(site, 0, wrong=f"{name} arg must be None or str"))


def _found(name: str, *, raises: bool) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        result = LENGTH if raises or name == "count" else _PLACE
        if site.count == 1:
            return value_method(site, name, result, text_argument(site, 0, wrong=_NO_TEXT), raises=raises)
        arguments = (text_argument(site, 0, wrong=_NO_TEXT), optional_index(site, 1), optional_index(site, 2))
        return value_method(site, f"{name}_between", result, *arguments, raises=raises)

    return handler


for _name, _raises in (("find", False), ("rfind", False), ("index", True), ("rindex", True), ("count", False)):
    method("str", _name)(_found(_name, raises=_raises))


def _edge(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        given = site.operands[0]
        shape = given.type.only
        low = site.low
        if isinstance(shape, TupleShape):
            parts = low.tuple_parts(given, shape)
            values = rs.Array(tuple(low.own(part) for part in parts))
            return value_method(site, f"{name}_any", BOOL, values)
        if isinstance(shape, SeqShape):
            return value_method(site, f"{name}_any", BOOL, rs.Method(low.receiver(given), "iter"))
        wrong = f"{name} first arg must be str or a tuple of str, not {{}}"
        if site.count == 1:
            return value_method(site, name, BOOL, text_argument(site, 0, wrong=wrong))
        arguments = (text_argument(site, 0, wrong=wrong), optional_index(site, 1), optional_index(site, 2))
        return value_method(site, f"{name}_between", BOOL, *arguments)

    return handler


for _name in ("startswith", "endswith"):
    method("str", _name)(_edge(_name))


@method("str", "split")
@by_key
def _split(site: CallSite) -> Operand:
    return _splitting(site, "split")


method("str", "rsplit")(by_key(lambda site: _splitting(site, "rsplit")))


def _splitting(site: CallSite, name: str) -> Operand:
    low = site.low
    separator = site.argument(0, "sep")
    limit = index_argument(site, 1, "maxsplit", -1)
    type_ = low.list_of(STR)
    if separator is None or separator.type == NONE:
        return value_method(site, f"{name}_words", type_, limit)
    if separator.type.get("str") is None:
        return only_text(low, separator, "must be str or None, not {}")
    expr = rs.Method(low.receiver(_receiver(site)), name, (text_of(low, separator), limit))
    if isinstance(separator.constant, str) and separator.constant:
        return Operand(type_, rs.Method(expr, "unwrap"))
    return Operand(type_, low.fallible(expr))


def _receiver(site: CallSite) -> Operand:
    assert site.receiver is not None
    return site.receiver


@method("str", "splitlines")
def _splitlines(site: CallSite) -> Operand:
    keep = site.argument(0, "keepends")
    value = rs.Boolean(False) if keep is None else truth(site.low, keep)
    return value_method(site, "splitlines", site.low.list_of(STR), value)


@method("str", "partition")
def _partition(site: CallSite) -> Operand:
    return value_method(site, "partition", tuple_of(STR, STR, STR), text_argument(site, 0, wrong=_NO_TEXT), raises=True)


@method("str", "rpartition")
def _rpartition(site: CallSite) -> Operand:
    return value_method(
        site, "rpartition", tuple_of(STR, STR, STR), text_argument(site, 0, wrong=_NO_TEXT), raises=True
    )


@method("str", "replace")
def _replace(site: CallSite) -> Operand:
    old, new = (
        text_argument(site, place, wrong=f"replace() argument {place + 1} must be str, not {{clinic}}")
        for place in (0, 1)
    )
    if site.argument(2, "count") is None:
        return value_method(site, "replace", STR, old, new)
    return value_method(site, "replace_count", STR, old, new, index_argument(site, 2, "count"))


@method("str", "removeprefix")
def _removeprefix(site: CallSite) -> Operand:
    return value_method(
        site, "removeprefix", STR, text_argument(site, 0, wrong="removeprefix() argument must be str, not {clinic}")
    )


@method("str", "removesuffix")
def _removesuffix(site: CallSite) -> Operand:
    return value_method(
        site, "removesuffix", STR, text_argument(site, 0, wrong="removesuffix() argument must be str, not {clinic}")
    )


def _padded(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        fill = site.argument(1, "fillchar")
        arguments = (index_argument(site, 0, "width"), text_argument(site, 1, "fillchar", " "))
        if fill is None or (isinstance(fill.constant, str) and len(fill.constant) == 1):
            inner = value_method(site, name, STR, *arguments)
            return Operand(STR, rs.Method(inner.expr, "unwrap"))
        return value_method(site, name, STR, *arguments, raises=True)

    return handler


for _name in ("ljust", "rjust", "center"):
    method("str", _name)(_padded(_name))


@method("str", "zfill")
def _zfill(site: CallSite) -> Operand:
    return value_method(site, "zfill", STR, index_argument(site, 0))


@method("str", "expandtabs")
def _expandtabs(site: CallSite) -> Operand:
    return value_method(site, "expandtabs", STR, index_argument(site, 0, "tabsize", 8))


@method("str", "join")
def _join(site: CallSite) -> Operand:
    """`separator.join(items)`: items are taken one by one, a comprehension without a list."""
    import ast

    from sovereign.migration.depyler.comprehensions import each_item
    from sovereign.migration.depyler.loops import source_of

    low = site.low
    receiver = _receiver(site)
    if site.given is None and isinstance(site.nodes[0], ast.GeneratorExp):
        return _join_generator(site, receiver, site.nodes[0], each_item)
    given = site.operands[0] if site.given is not None else None
    each = iterate(low, given) if given is not None else source_of(low, site.nodes[0])
    if each.item.never:
        return value_method(site, "join", STR, call("core::iter::empty::<Str>"))
    if each.item != STR:
        only = each.item.only
        if only is None:
            raise site.refuse(f"`join` of items of several types: {each.item!r}")
        return low.type_error(f"sequence item 0: expected str instance, {python_type_name(only)} found")
    if each.fallible:
        return value_method(site, "join_iter", STR, each.iterator, raises=True)
    return value_method(site, "join", STR, each.iterator)


def _join_generator(site: CallSite, receiver: Operand, node: object, each_item: Callable[..., None]) -> Operand:
    low = site.low
    parts = low.fresh("parts")
    held = low.named(receiver, "separator") if not isinstance(receiver.constant, str) else receiver
    problem: list[Operand] = []

    def body(item: Operand) -> None:
        if item.type != STR and not item.type.never:
            only = item.type.only
            if only is None:
                raise site.refuse(f"`join` of items of several types: {item.type!r}")
            error = low.type_error(f"sequence item 0: expected str instance, {python_type_name(only)} found")
            problem.append(error)
            low.emit(rs.Evaluate(error.expr))
            return
        low.emit(rs.Evaluate(rs.Method(rs.Name(parts), "push", (low.own(item),))))

    with low.capture() as statements:
        each_item(low, node, body)
    vector = rs.NamedType("Vec", (rs.NamedType("Str"),))
    first = rs.Let(rs.Bind(parts, mutable=True), vector, call("Vec::new"))
    joined = rs.Method(low.receiver(held), "join", (rs.Name(parts),))
    return Operand(STR, rs.BlockExpression(rs.Block((first, *statements), joined)))


@method("str", "format")
def _format(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import str_format

    return str_format(site)


@method("str", "encode")
def _encode(site: CallSite) -> Operand:
    encoding = site.argument(0, "encoding")
    name = "utf-8" if encoding is None else encoding.constant
    if not isinstance(name, str):
        raise site.refuse("`encode` with an encoding that is not known while translating")
    return value_method(site, "encode", BYTES, rs.Text(name), text_argument(site, 1, "errors", "strict"), raises=True)


def _is_table(low: Lowering, shape: DictShape) -> bool:
    """Whether a dict has codes for keys, and values of one kind."""
    values = low.contents(shape.value).tags() - {"none"}
    return shape.kind == "dict" and low.contents(shape.key).tags() == {"int"} and len(values) < 2


@method("str", "translate")
def _translate(site: CallSite) -> Operand:
    table = site.operands[0]
    shape = table.type.only
    if isinstance(shape, DictShape) and _is_table(site.low, shape):
        low = site.low
        table = low.named(
            Operand(low.opaque("TranslationTable"), call("translation_table", low.borrow(table))), "table"
        )
    if table.type.only is None or table.type.only.tag != "TranslationTable":
        raise site.refuse("`translate` with a table that `str.maketrans` did not make")
    return value_method(site, "translate", STR, site.low.borrow(table))
