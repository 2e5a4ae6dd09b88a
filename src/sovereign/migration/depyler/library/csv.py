"""`csv`: readers and writers of rows over files, texts in memory and lists of lines.

Enters: call sites. Leaves: operands. A reader is an iterator of lists; fields of a row that are of several types become
the text that CPython writes for each.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.formatting import to_str
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration, as_iter, iterate
from sovereign.migration.depyler.library.objects import arguments_within, condition, required
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, text_of, value_method
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    STR,
    DictShape,
    IntShape,
    IterShape,
    ListShape,
    OpaqueShape,
    Type,
    integer,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []

_CELL = Type((OpaqueShape("CsvCell"),))
_WRITER = Type((OpaqueShape("CsvWriter"),))
_DICT_WRITER = Type((OpaqueShape("CsvDictWriter"),))
_COUNT = integer(0, 1 << 40)
_OPTIONS = (
    "dialect",
    "delimiter",
    "quotechar",
    "escapechar",
    "doublequote",
    "skipinitialspace",
    "lineterminator",
    "quoting",
    "strict",
)
_DIALECTS = {"excel": "excel", "excel-tab": "excel_tab", "unix": "unix"}

for _index, _name in enumerate(("QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE")):
    CONSTANTS[f"csv.{_name}"] = lambda low, value=_index: Operand(  # type: ignore[misc]
        integer(value, value), rs.Integer(value), constant=value
    )


def _dialect(site: CallSite, *, reading: bool) -> rs.Expression:
    """The dialect with the options of the call."""
    low = site.low
    named = site.keyword("dialect")
    if named is not None and named.constant not in _DIALECTS:
        raise site.refuse("a dialect of `csv` that is not known while translating")
    made = call(f"CsvDialect::{'excel' if named is None else _DIALECTS[str(named.constant)]}")
    options = [name for name in _OPTIONS[1:] if site.keyword(name) is not None]
    if not options:
        return made
    dialect = low.fresh("dialect")
    low.emit(rs.Let(rs.Bind(dialect, mutable=True), None, made))
    for name in options:
        given = site.keyword(name)
        assert given is not None
        low.emit(rs.Assign(rs.Field(rs.Name(dialect), name), _option(site, name, given, reading=reading)))
    return rs.Name(dialect)


def _option(site: CallSite, name: str, given: Operand, *, reading: bool) -> rs.Expression:
    low = site.low
    if name in {"delimiter", "quotechar", "escapechar"}:
        if given.type == NONE and name != "delimiter":
            return rs.Name("None")
        value = low.fallible(call("csv_character", rs.Text(name), text_of(low, given)))
        return value if name == "delimiter" else call("Some", value)
    if name == "lineterminator":
        return call("Str::from", text_of(low, given))
    if name == "quoting":
        if reading and given.constant not in {0, 1, 3}:
            raise site.refuse("a reader with this `quoting`")
        return index_argument(site, 99, name)
    return condition(site, 99, name)


def _lines(site: CallSite) -> rs.Expression:
    """The first argument as an iterator of lines."""
    low = site.low
    given = required(site, 0)
    if given.static is not None:
        if given.static.name != "sys.stdin":
            raise site.refuse("`csv` with such lines")
        return rs.Method(low.fallible(call("stdin_readlines")), "iter")
    items = as_iter(low, given)
    shape = items.type.only
    if not isinstance(shape, IterShape) or low.contents(shape.cell) != STR:
        if isinstance(shape, IterShape) and low.contents(shape.cell).never:
            return call("Iter::infallible", call("core::iter::empty::<Str>"))
        raise site.refuse("`csv` with lines that are no texts")
    return low.own(items)


@builtin("csv.reader")
def _reader(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, *_OPTIONS)
    lines = _lines(site)
    reader = call("CsvReader::new", lines, _dialect(site, reading=True))
    return Operand(low.iter_of(low.list_of(STR)), rs.Method(reader, "rows"))


@builtin("csv.DictReader")
def _dict_reader(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "fieldnames", *_OPTIONS)
    lines = _lines(site)
    names = _names(site)
    value = call("CsvDictRows::new", lines, names, _dialect(site, reading=True))
    row, fields = low.dict_of(STR, STR), low.list_of(STR)
    return Operand(low.opaque("CsvDictRows", row, fields), value)


def _names(site: CallSite) -> rs.Expression:
    """The names of fields as `Option<List<Str>>`."""
    given = site.argument(1, "fieldnames")
    if given is None or given.type == NONE:
        return rs.Name("None")
    return call("Some", _list_of_names(site, given))


def _list_of_names(site: CallSite, given: Operand) -> rs.Expression:
    low = site.low
    given = stored(low, given)
    shape = given.type.only
    if isinstance(shape, ListShape) and low.contents(shape.cell) == STR:
        return low.own(given)
    each = iterate(low, given)
    if each.item != STR or each.fallible:
        raise site.refuse("names of fields that are no texts")
    source = rs.Method(each.iterator, "into_iter") if isinstance(each.iterator, rs.Array) else each.iterator
    return rs.Method(source, "collect", (), (rs.NamedType("List", (rs.NamedType("Str"),)),))


def _dict_rows(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return Iteration(low.contents(shape.cells[0]), rs.Method(low.receiver(operand), "rows"), fallible=True)


LIBRARY_ITERATION["CsvDictRows"] = _dict_rows


def _fieldnames(low: Lowering, operand: Operand) -> Operand:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    names = low.contents(shape.cells[1]).join(NONE)
    return Operand(names, low.fallible(rs.Method(low.receiver(operand), "fieldnames")))


LIBRARY_ATTRIBUTES["CsvDictRows", "fieldnames"] = _fieldnames


# writers


def _writer_to(site: CallSite) -> rs.Expression:
    low = site.low
    target = required(site, 0)
    dialect = _dialect(site, reading=False)
    if target.static is not None and target.static.name == "sys.stdout":
        return call("CsvWriter::to_stdout", dialect)
    if target.type.tags() != {"File"}:
        raise site.refuse("a `csv` writer to such an object")
    return call("CsvWriter::to_file", low.borrow(target), dialect)


@builtin("csv.writer")
def _writer(site: CallSite) -> Operand:
    arguments_within(site, 1, *_OPTIONS)
    return Operand(_WRITER, _writer_to(site))


@builtin("csv.DictWriter")
def _dict_writer(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "fieldnames", "restval", "extrasaction", *_OPTIONS)
    writer = _writer_to(site)
    names = _list_of_names(site, required(site, 1, "fieldnames"))
    rest, extras = site.keyword("restval"), site.keyword("extrasaction")
    if extras is not None and extras.constant not in {"raise", "ignore"}:
        raise site.refuse("`extrasaction` that is not known while translating")
    filling = call("Str::new") if rest is None else low.own(to_str(low, rest))
    ignored = rs.Boolean(extras is not None and extras.constant == "ignore")
    return Operand(_DICT_WRITER, call("CsvDictWriter::new", writer, names, filling, ignored))


def _cell(low: Lowering, operand: Operand) -> rs.Expression:
    """The text of a field as `CsvCell`."""

    def one(value: Operand) -> Operand:
        shape = value.type.shapes[0]
        if value.type == NONE:
            return Operand(_CELL, call("CsvCell", call("Str::new"), rs.Boolean(False)))
        is_number = isinstance(shape, IntShape) or value.type in (FLOAT, BOOL)
        return Operand(_CELL, call("CsvCell", low.own(to_str(low, value)), rs.Boolean(is_number)))

    return low.own(distribute(low, stored(low, operand), one))


def _row(site: CallSite, operand: Operand) -> rs.Expression:
    """A row as `Vec<CsvCell>`."""
    low = site.low
    row = low.fresh("row")
    with low.capture() as statements:
        each = iterate(low, operand)
        each.loop(
            low, "field", lambda item: low.emit(rs.Evaluate(rs.Method(rs.Name(row), "push", (_cell(low, item),))))
        )
    low.emit(rs.Let(rs.Bind(row, mutable=True), rs.NamedType("Vec", (rs.NamedType("CsvCell"),)), call("Vec::new")))
    low.out.extend(statements)
    return rs.Name(row)


@method("CsvWriter", "writerow")
def _writerow(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    node = site.nodes[0] if site.given is None and site.nodes else None
    if isinstance(node, ast.List | ast.Tuple) and not any(isinstance(e, ast.Starred) for e in node.elts):
        cells = tuple(_cell(low, o) for o in low.expressions(node.elts))
        row: rs.Expression = rs.MacroCall("vec", cells, "[") if cells else call("Vec::<CsvCell>::new")
    else:
        row = _row(site, stored(low, required(site, 0)))
    return value_method(site, "writerow", _COUNT, rs.Borrow(row), raises=True)


@method("CsvWriter", "writerows")
def _writerows(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    assert site.receiver is not None
    writer = low.named(site.receiver, "writer")

    def write(item: Operand) -> None:
        value = rs.Method(writer.expr, "writerow", (rs.Borrow(_row(site, item)),))
        low.emit(rs.Evaluate(low.fallible(value)))

    iterate(low, required(site, 0)).loop(low, "row", write)
    return Operand(NONE, rs.Tuple())


@method("CsvDictWriter", "writeheader")
def _writeheader(site: CallSite) -> Operand:
    return value_method(site, "writeheader", _COUNT, raises=True)


def _named_row(site: CallSite, operand: Operand) -> rs.Expression:
    """A dict as `Dict<Str, CsvCell>`."""
    low = site.low
    shape = operand.type.only
    if not isinstance(shape, DictShape):
        raise site.refuse("a row of a `DictWriter` that is no dict")
    key, value = low.contents(shape.key), low.contents(shape.value)
    if key != STR:
        if key.never:
            return call("Dict::<Str, CsvCell>::new")
        raise site.refuse("a row of a `DictWriter` whose keys are no texts")
    name = low.fresh("field")
    with low.capture() as statements:
        cell = _cell(low, Operand(value, rs.Name(name), "place"))
    if statements:
        raise site.refuse("a row of a `DictWriter` with such values")
    pair = rs.TuplePattern((rs.Bind("name"), rs.Bind(name)))
    mapped = rs.Method(
        rs.Method(low.receiver(operand), "items"),
        "map",
        (rs.Closure(((pair, None),), rs.Tuple((rs.Name("name"), cell))),),
    )
    target = rs.NamedType("Dict", (rs.NamedType("Str"), rs.NamedType("CsvCell")))
    return rs.Method(mapped, "collect", (), (target,))


@method("CsvDictWriter", "writerow")
def _write_dict(site: CallSite) -> Operand:
    arguments_within(site, 1)
    row = _named_row(site, stored(site.low, required(site, 0)))
    return value_method(site, "writerow", _COUNT, rs.Borrow(row), raises=True)


@method("CsvDictWriter", "writerows")
def _write_dicts(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    assert site.receiver is not None
    writer = low.named(site.receiver, "writer")

    def write(item: Operand) -> None:
        value = rs.Method(writer.expr, "writerow", (rs.Borrow(_named_row(site, item)),))
        low.emit(rs.Evaluate(low.fallible(value)))

    iterate(low, required(site, 0)).loop(low, "row", write)
    return Operand(NONE, rs.Tuple())
