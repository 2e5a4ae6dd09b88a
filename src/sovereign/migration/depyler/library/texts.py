"""`string`, `textwrap`, `re`: text of the library.

Enters: call sites. Leaves: operands.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, TYPES, builtin
from sovereign.migration.depyler.formatting import to_str
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.library.objects import arguments_within, enlist
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, only_text, text_argument, text_of
from sovereign.migration.depyler.operators import call, truth
from sovereign.migration.depyler.subscripts import LIBRARY_SUBSCRIPTS
from sovereign.migration.depyler.types import (
    NONE,
    STR,
    DictShape,
    IntShape,
    OpaqueShape,
    Type,
    dict_of,
    integer,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []

for _name in (
    "ascii_letters",
    "ascii_lowercase",
    "ascii_uppercase",
    "digits",
    "hexdigits",
    "octdigits",
    "punctuation",
    "printable",
    "whitespace",
):
    _value = getattr(string, _name)
    CONSTANTS[f"string.{_name}"] = lambda low, text=_value: Operand(
        STR, call("Str::literal", rs.Text(text)), constant=text
    )  # type: ignore[misc]


@builtin("string.capwords")
def _capwords(site: CallSite) -> Operand:
    low = site.low
    separator = site.argument(1, "sep")
    given = rs.Name("None") if separator is None or separator.type == NONE else call("Some", text_of(low, separator))
    return Operand(STR, low.fallible(call("string_capwords", low.borrow(site.operands[0]), given)))


# textwrap


def _wrapper(site: CallSite) -> rs.Expression:
    """A `TextWrapper` with the options that are given."""
    low = site.low
    wrapper = low.fresh("wrapper")
    low.emit(
        rs.Let(rs.Bind(wrapper, mutable=True), None, call("TextWrapper::new", index_argument(site, 1, "width", 70)))
    )
    for name in site.keyword_nodes:
        if name == "width":
            continue
        operand = site.keyword(name)
        assert operand is not None
        value = index_argument(site, 9, name) if isinstance(operand.type.only, IntShape) else low.own(operand)
        if name == "max_lines":
            value = call("Some", value)
        low.emit(rs.Assign(rs.Field(rs.Name(wrapper), name), value))
    return rs.Name(wrapper)


def _owned_text(site: CallSite) -> rs.Expression:
    return site.low.borrow(site.operands[0])


@builtin("textwrap.wrap")
def _wrap(site: CallSite) -> Operand:
    text = _owned_text(site)
    return Operand(site.low.list_of(STR), site.low.fallible(rs.Method(_wrapper(site), "wrap", (text,))))


@builtin("textwrap.fill")
def _fill(site: CallSite) -> Operand:
    text = _owned_text(site)
    return Operand(STR, site.low.fallible(rs.Method(_wrapper(site), "fill", (text,))))


@builtin("textwrap.shorten")
def _shorten(site: CallSite) -> Operand:
    text = _owned_text(site)
    return Operand(STR, site.low.fallible(call("textwrap_shorten", text, rs.Borrow(_wrapper(site)))))


@builtin("textwrap.dedent")
def _dedent(site: CallSite) -> Operand:
    return Operand(STR, call("textwrap_dedent", _owned_text(site)))


@builtin("textwrap.indent")
def _indent(site: CallSite) -> Operand:
    prefix = site.argument(1, "prefix")
    assert prefix is not None
    if site.argument(2, "predicate") is not None:
        raise site.refuse("`textwrap.indent` with a predicate")
    return Operand(STR, call("textwrap_indent", _owned_text(site), site.low.borrow(prefix)))


# re


_FLAGS = {
    "I": re.IGNORECASE,
    "IGNORECASE": re.IGNORECASE,
    "M": re.MULTILINE,
    "MULTILINE": re.MULTILINE,
    "S": re.DOTALL,
    "DOTALL": re.DOTALL,
    "X": re.VERBOSE,
    "VERBOSE": re.VERBOSE,
    "A": re.ASCII,
    "ASCII": re.ASCII,
    "U": re.UNICODE,
    "UNICODE": re.UNICODE,
}
for _name, _flag in _FLAGS.items():
    _number = int(_flag)
    CONSTANTS[f"re.{_name}"] = lambda low, n=_number: Operand(integer(n, n), rs.Integer(n), constant=n)  # type: ignore[misc]
for _name in ("Pattern", "Match"):
    TYPES.add(f"re.{_name}")


def _groups_of(low: Lowering, pattern: Operand) -> int | None:
    """How many groups a pattern has, where it is known while translating."""
    if isinstance(pattern.constant, str):
        try:
            return re.compile(pattern.constant).groups
        except re.error:
            return None
    del low
    return None


def _pattern_type(low: Lowering, groups: int | None) -> Type:
    """A compiled pattern; the number of its groups stands in a cell, as the range of an integer."""
    known = integer(groups, groups) if groups is not None else integer(-1, -1)
    cell = low.cell(known)
    return Type((OpaqueShape("Pattern", (cell,)),))


def _count(low: Lowering, operand: Operand) -> int | None:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    inner = low.contents(shape.cells[0]).only
    if isinstance(inner, IntShape) and inner.low == inner.high and inner.low is not None and inner.low >= 0:
        return inner.low
    return None


# string.Template


_TEMPLATE = enlist("StringTemplate", "string.Template")
_PLAIN = {"str", "int", "float", "bool", "none"}


@builtin("string.Template")
def _template(site: CallSite) -> Operand:
    arguments_within(site, 1, "template")
    return Operand(_TEMPLATE, call("Str::from", text_argument(site, 0, "template")))


def _template_values(site: CallSite) -> rs.Expression:
    """What a template is filled with, as one dict of texts."""
    low = site.low
    if site.count > 1:
        raise site.refuse("a template that is filled from several mappings")
    values = call("Dict::<Str, Str>::new")
    if site.count:
        mapping = stored(low, site.operands[0])
        shape = mapping.type.only
        if not isinstance(shape, DictShape) or low.contents(shape.key) != STR or shape.kind != "dict":
            raise site.refuse(f"a template that is filled from {mapping.type!r}")
        if low.contents(shape.value).tags() - _PLAIN:
            raise site.refuse(f"a template that is filled from {mapping.type!r}")
        values = call("string_template_values", low.borrow(mapping))
    filled = low.named(Operand(dict_of(STR, STR), values), "values")
    for name in site.keyword_nodes:
        given = site.keyword(name)
        assert given is not None
        item = low.own(to_str(low, stored(low, given)))
        key = call("Str::literal", rs.Text(name))
        low.emit(rs.Evaluate(rs.Method(filled.expr, "set_item", (key, item))))
    return low.borrow(filled)


for _name, _safe in (("substitute", False), ("safe_substitute", True)):

    @method("StringTemplate", _name)
    def _fill(site: CallSite, safe: bool = _safe) -> Operand:
        low = site.low
        assert site.receiver is not None
        values = _template_values(site)
        filled = call("string_template_fill", low.borrow(site.receiver), values, rs.Boolean(safe))
        return Operand(STR, low.fallible(filled))


LIBRARY_ATTRIBUTES["StringTemplate", "template"] = lambda low, operand: Operand(STR, low.own(operand))


@builtin("re.compile")
def _compile(site: CallSite) -> Operand:
    return _compiled(site, site.operands[0], site.argument(1, "flags"))


def _compiled(site: CallSite, pattern: Operand, flags: Operand | None) -> Operand:
    low = site.low
    if pattern.type.get("Pattern") is not None:
        return pattern
    value = rs.Integer(0) if flags is None else low.own(flags)
    type_ = _pattern_type(low, _groups_of(low, pattern))
    text = low.borrow(only_text(low, pattern, "first argument must be string or compiled pattern"))
    return Operand(type_, low.fallible(call("re_compile", text, value)))


def _match_type(low: Lowering, pattern: Operand) -> Type:
    shape = pattern.type.only
    assert isinstance(shape, OpaqueShape)
    return Type((OpaqueShape("Match", shape.cells),))


def _subject(site: CallSite, position: int) -> rs.Expression:
    """The text that is searched, as `&Str`."""
    operand = site.argument(position, "string")
    assert operand is not None
    if operand.type == STR:
        return site.low.borrow(operand)
    return site.low.borrow(only_text(site.low, operand, "expected string or bytes-like object, got '{}'"))


def _both(name: str, handler: Callable[[CallSite, Operand, int], Operand], flags_at: int) -> None:
    """A function of `re` and the method of patterns."""

    def function(site: CallSite) -> Operand:
        pattern = _compiled(site, site.operands[0], site.argument(flags_at, "flags"))
        return handler(site, pattern, 1)

    def as_method(site: CallSite) -> Operand:
        assert site.receiver is not None
        return handler(site, site.receiver, 0)

    builtin(f"re.{name}")(function)
    method("Pattern", name)(as_method)


def _has_bounds(site: CallSite, first: int) -> bool:
    """Whether a method of a pattern is told where to begin or to end."""
    return first == 0 and (site.argument(1, "pos") is not None or site.argument(2, "endpos") is not None)


def _searching(rust_name: str) -> Callable[[CallSite, Operand, int], Operand]:
    def handler(site: CallSite, pattern: Operand, first: int) -> Operand:
        low = site.low
        type_ = _match_type(low, pattern)
        arguments: tuple[rs.Expression, ...] = (_subject(site, first),)
        name = rust_name
        if first == 0 and (site.argument(1, "pos") is not None or site.argument(2, "endpos") is not None):
            name = f"{rust_name.rstrip('_')}_between"
            ends = rs.Name("i64::MAX") if site.argument(2, "endpos") is None else index_argument(site, 2, "endpos")
            arguments = (*arguments, index_argument(site, 1, "pos", 0), ends)
        return Operand(type_.join(NONE), rs.Method(low.receiver(pattern), name, arguments))

    return handler


for _name, _rust in (("search", "search"), ("match", "match_"), ("fullmatch", "fullmatch")):
    _both(_name, _searching(_rust), 2)


def _row_type(site: CallSite, pattern: Operand) -> Type:
    count = _count(site.low, pattern)
    if count is None:
        raise site.refuse("`findall` with a pattern that is not known while translating")
    return STR if count <= 1 else tuple_of(*([STR] * count))


def _findall(site: CallSite, pattern: Operand, first: int) -> Operand:
    low = site.low
    if _has_bounds(site, first):
        raise site.refuse("`findall` between bounds")
    if _count(low, pattern) is None:
        return _findall_rows(low, low.named(pattern, "pattern"), _subject(site, first))
    row = _row_type(site, pattern)
    value = rs.Method(low.receiver(pattern), "findall", (_subject(site, first),), (low.rust(row),))
    return Operand(low.list_of(row), value)


def _findall_rows(low: Lowering, pattern: Operand, subject: rs.Expression) -> Operand:
    """`findall` with a pattern whose groups are not known while translating: texts, or tuples of texts."""
    found = Type((*STR.shapes, *seq_of(STR).shapes))
    row = low.fresh("row")
    whole = low.convert(Operand(seq_of(STR), rs.Name(row)), found)
    first = rs.Method(rs.Method(rs.Method(rs.Name(row), "iter"), "next"), "unwrap_or_default")
    single = low.convert(Operand(STR, first), found)
    has_rows = rs.Binary(">", rs.Method(pattern.expr, "groups"), rs.Integer(1))
    body = rs.If(has_rows, rs.Block((), whole), rs.Block((), single))
    rows = rs.Method(low.receiver(pattern), "findall_rows", (subject,))
    mapped = rs.Method(rs.Method(rows, "into_iter"), "map", (rs.Closure(((rs.Bind(row), None),), body),))
    type_ = low.list_of(found)
    return Operand(type_, rs.Method(mapped, "collect", (), (low.rust(type_),)))


def _finditer(site: CallSite, pattern: Operand, first: int) -> Operand:
    low = site.low
    if _has_bounds(site, first):
        raise site.refuse("`finditer` between bounds")
    return Operand(
        low.iter_of(_match_type(low, pattern)), rs.Method(low.receiver(pattern), "finditer", (_subject(site, first),))
    )


def _split(site: CallSite, pattern: Operand, first: int) -> Operand:
    low = site.low
    limit = index_argument(site, first + 1, "maxsplit", 0)
    count = _count(low, pattern)
    if count == 0:
        return Operand(low.list_of(STR), rs.Method(low.receiver(pattern), "split", (_subject(site, first), limit)))
    value = rs.Method(low.receiver(pattern), "split_groups", (_subject(site, first), limit))
    return Operand(low.list_of(STR.join(NONE)), value)


_both("findall", _findall, 2)
_both("finditer", _finditer, 2)
_both("split", _split, 3)


def _sub(site: CallSite, pattern: Operand, first: int) -> Operand:
    return _substitute(site, pattern, first, "sub", STR)


def _subn(site: CallSite, pattern: Operand, first: int) -> Operand:
    return _substitute(site, pattern, first, "subn", tuple_of(STR, integer(0, 1 << 40)))


def _substitute(site: CallSite, pattern: Operand, first: int, name: str, result: Type) -> Operand:
    low = site.low
    replacement = site.argument(first, "repl")
    assert replacement is not None
    count = index_argument(site, first + 2, "count", 0)
    text = _subject(site, first + 1)
    if replacement.type == STR:
        value = rs.Method(low.receiver(pattern), name, (low.borrow(replacement), text, count))
        return Operand(result, low.fallible(value))
    variable = low.fresh("found")
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        made = stored(
            low, inline_call(low, replacement, [Operand(_match_type(low, pattern), rs.Name(variable), "place")])
        )
    low.closure_depth -= 1
    low.frames = frames
    body = rs.BlockExpression(rs.Block(tuple(statements), call("Ok", low.own(made))))
    closure = rs.Closure(((rs.Bind(variable), None),), body)
    value = rs.Method(low.receiver(pattern), f"{name}_with", (closure, text, count))
    return Operand(result, low.fallible(value))


_both("sub", _sub, 4)
_both("subn", _subn, 4)


@builtin("html.escape")
def _html_escape(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "quote")
    quote = site.argument(1, "quote")
    quotes = rs.Boolean(True) if quote is None else truth(low, stored(low, quote))
    return Operand(STR, call("html_escape", text_argument(site, 0, "s"), quotes))


@builtin("re.escape")
def _escape(site: CallSite) -> Operand:
    return Operand(STR, call("re_escape", text_of(site.low, site.operands[0])))


@builtin("re.purge")
def _purge(site: CallSite) -> Operand:
    del site
    return Operand(NONE, rs.Tuple())


LIBRARY_ATTRIBUTES["Pattern", "pattern"] = lambda low, o: Operand(STR, rs.Method(o.expr, "pattern"))
LIBRARY_ATTRIBUTES["Pattern", "flags"] = lambda low, o: Operand(integer(0, 1 << 20), rs.Method(o.expr, "flags"))
LIBRARY_ATTRIBUTES["Pattern", "groups"] = lambda low, o: Operand(integer(0, 1 << 20), rs.Method(o.expr, "groups"))
LIBRARY_ATTRIBUTES["Match", "string"] = lambda low, o: Operand(STR, rs.Method(o.expr, "string"))
LIBRARY_ATTRIBUTES["Match", "lastindex"] = lambda low, o: Operand(
    integer(0, 1 << 20).join(NONE), rs.Method(o.expr, "lastindex")
)
LIBRARY_ATTRIBUTES["Match", "lastgroup"] = lambda low, o: Operand(STR.join(NONE), rs.Method(o.expr, "lastgroup"))


def _group_value(low: Lowering, found: Operand, key: Operand) -> Operand:
    if len(key.type.shapes) > 1:
        found = low.named(found, "found")
    return distribute(low, key, lambda one: _group_of(low, found, one))


def _group_of(low: Lowering, found: Operand, key: Operand) -> Operand:
    if key.type == NONE:
        return low.type_error("no such group", "INDEX_ERROR")
    if key.type == STR:
        value = low.fallible(rs.Method(low.receiver(found), "group_named", (text_of(low, key),)))
        return Operand(STR.join(NONE), value)
    if key.constant == 0:
        return Operand(STR, rs.Method(low.receiver(found), "whole"))
    from sovereign.migration.depyler.methods import small_index

    value = low.fallible(rs.Method(low.receiver(found), "group", (small_index(low, key),)))
    return Operand(STR.join(NONE), value)


@method("Match", "group")
def _group(site: CallSite) -> Operand:
    from sovereign.migration.depyler.expressions import make_tuple

    low = site.low
    assert site.receiver is not None
    if site.count == 0:
        return Operand(STR, rs.Method(low.receiver(site.receiver), "whole"))
    found = low.named(site.receiver, "found") if site.count > 1 else site.receiver
    values = [_group_value(low, found, key) for key in site.operands]
    return values[0] if len(values) == 1 else make_tuple(low, values)


LIBRARY_SUBSCRIPTS["Match"] = _group_value


@method("Match", "groups")
def _groups(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    default = site.argument(0, "default")
    count = _count(low, site.receiver)
    given = rs.Name("None") if default is None or default.type == NONE else call("Some", low.own(default))
    item = STR.join(NONE) if isinstance(given, rs.Name) else STR
    values = rs.Method(low.receiver(site.receiver), "groups_list", (given,))
    if count is not None and 0 < count <= 12:
        held = low.named(Operand(Type((OpaqueShape("Vec"),)), values), "groups")
        parts = []
        for index in range(count):
            part: rs.Expression = rs.Method(rs.Index(held.expr, rs.Integer(index)), "clone")
            parts.append(part if item != STR else rs.Method(part, "unwrap"))
        return Operand(tuple_of(*([item] * count)), rs.Tuple(tuple(parts)))
    return Operand(seq_of(STR.join(NONE)), call("Seq::from", values))


@method("Match", "groupdict")
def _groupdict(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    default = site.argument(0, "default")
    given = rs.Name("None") if default is None or default.type == NONE else call("Some", low.own(default))
    return Operand(low.dict_of(STR, STR.join(NONE)), rs.Method(low.receiver(site.receiver), "groupdict", (given,)))


def _edge(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        low = site.low
        assert site.receiver is not None
        value = low.fallible(rs.Method(low.receiver(site.receiver), name, (index_argument(site, 0, default=0),)))
        place = integer(-1, 1 << 40)
        return Operand(tuple_of(place, place) if name == "span" else place, value)

    method("Match", name)(handler)


for _name in ("start", "end", "span"):
    _edge(_name)


@method("Match", "expand")
def _expand(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    return Operand(
        STR, low.fallible(rs.Method(low.receiver(site.receiver), "expand", (text_of(low, site.operands[0]),)))
    )
