"""`json`.

Enters: call sites. Leaves: operands. What `loads` gives is a value of several types that may hold itself; the
program's own enum for it is filled from the support module's `Json`, so that every operation on it is an ordinary
one.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.calls import CallSite
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call, python_type_name, truth
from sovereign.migration.depyler.rust_types import is_union
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    Cell,
    DictShape,
    IntShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

__all__ = ["json_type", "jsonable"]


def json_type(low: Lowering) -> Type:
    """The type of a value that was read: one for the whole program, so that it unites with itself."""
    cell = low.program.statics.get("json value")
    if not isinstance(cell, Cell):
        cell = Cell()
        low.program.statics["json value"] = cell
        plain = NONE.join(BOOL).join(INT).join(FLOAT).join(STR)
        cell.join(plain.join(Type((ListShape(cell),))).join(Type((DictShape(Cell(STR), cell),))))
    return low.contents(cell)


@builtin("json.loads")
def _loads(site: CallSite) -> Operand:
    low = site.low
    given = site.operands[0]
    if given.type.never:
        return given

    def one(each: Operand) -> Operand:
        if each.type == BYTES:
            return Operand(
                STR, low.fallible(rs.Method(low.receiver(each), "decode", (rs.Text("utf-8"), rs.Text("strict"))))
            )
        if each.type == STR:
            return each
        kind = python_type_name(each.type.shapes[0])
        return low.type_error(f"the JSON object must be str, bytes or bytearray, not {kind}")

    given = distribute(low, given, one)
    if given.type.never:
        return given
    return _converted(low, low.fallible(call("json_loads", low.borrow(given))))


def _converted(low: Lowering, value: rs.Expression) -> Operand:
    type_ = json_type(low)
    path = rs.Name("FromJson::from_json")
    name = low.fresh("parsed")
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), rs.Call(path, (value,))))
    return Operand(type_, rs.Name(name), "place")


@builtin("json.load")
def _load(site: CallSite) -> Operand:
    low = site.low
    given = site.operands[0]
    if given.static is not None and given.static.name == "sys.stdin":
        text: rs.Expression = low.fallible(call("stdin_read"))
    elif given.type.tags() == {"File"}:
        text = low.fallible(rs.Method(low.receiver(given), "read"))
    else:
        raise site.refuse(f"`json.load` of {given.type!r}")
    return _converted(low, low.fallible(call("json_loads", rs.Borrow(text))))


def jsonable(low: Lowering, type_: Type, seen: frozenset[int] = frozenset()) -> bool:
    """Whether values of a type can be written."""
    return all(_jsonable_shape(low, shape, seen) for shape in type_)


def _jsonable_shape(low: Lowering, shape: object, seen: frozenset[int]) -> bool:
    if isinstance(shape, IntShape):
        return True
    if isinstance(shape, ListShape):
        return shape.kind == "list" and _cell(low, shape.cell, seen)
    if isinstance(shape, DictShape):
        has_plain_keys = not is_union(low.contents(shape.key))
        return has_plain_keys and _cell(low, shape.key, seen) and _cell(low, shape.value, seen)
    if isinstance(shape, TupleShape):
        return all(jsonable(low, item, seen) for item in shape.items)
    if isinstance(shape, SeqShape):
        return jsonable(low, shape.item, seen)
    return getattr(shape, "tag", "") in {"str", "float", "bool", "none"}


def _cell(low: Lowering, cell: Cell, seen: frozenset[int]) -> bool:
    root = cell.find()
    return id(root) in seen or jsonable(low, low.contents(root), seen | {id(root)})


@builtin("json.dumps")
def _dumps(site: CallSite) -> Operand:
    low = site.low
    value = stored(low, site.operands[0])
    if value.type.never:
        return value
    kind = getattr(value.type.only, "tag", "")
    if kind in {"set", "frozenset", "bytes", "range"}:
        return low.type_error(f"Object of type {kind} is not JSON serializable")
    if not jsonable(low, value.type):
        raise site.refuse(f"`json.dumps` of {value.type!r}")
    low.program.statics["writes json"] = True
    if not site.keyword_nodes:
        return Operand(STR, low.fallible(call("json_dumps", low.borrow(value))))
    return Operand(STR, low.fallible(call("json_dumps_with", low.borrow(value), rs.Borrow(_options(site)))))


def _options(site: CallSite) -> rs.Expression:
    low = site.low
    for name in site.keyword_nodes:
        if name not in {"indent", "separators", "sort_keys", "ensure_ascii", "default"}:
            raise site.refuse(f"`json.dumps` with `{name}`")
    default = site.keyword("default")
    if default is not None and default.type != NONE and (default.static is None or default.static.name != "str"):
        raise site.refuse("`json.dumps` with a `default` other than `str`")
    indent: rs.Expression = rs.Name("None")
    given = site.keyword("indent")
    if given is not None and given.type != NONE:
        if given.type == STR:
            indent = call("Some", low.own(given))
        else:
            from sovereign.migration.depyler.methods import optional, small_index

            if given.type.get("none") is not None:
                indent = rs.Method(optional(low, given), "and_then", (rs.Name("json_indent"),))
            else:
                indent = call("json_indent", small_index(low, given))
    separators: rs.Expression = rs.Name("None")
    pair = site.keyword("separators")
    if pair is not None and pair.type != NONE:
        separators = call("Some", low.own(pair))
    flags = []
    for name, default_value in (("sort_keys", False), ("ensure_ascii", True)):
        operand = site.keyword(name)
        flags.append(rs.Boolean(default_value) if operand is None else truth(low, operand))
    return call("JsonOptions::new", indent, separators, *flags)


@builtin("json.dump")
def _dump(site: CallSite) -> Operand:
    low = site.low
    file = site.operands[1]
    text = _dumps(site)
    from sovereign.migration.depyler.builtin_functions import call_builtin
    from sovereign.migration.depyler.methods import call_builtin_method

    if file.static is not None and file.static.name in {"sys.stdout", "sys.stderr"}:
        name = f"{file.static.name}.write"
        writing = CallSite(low, ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [], []), site.node))
        writing.given = ([text], {})
        low.emit(rs.Evaluate(call_builtin(low, name, writing).expr))
    else:
        low.emit(rs.Evaluate(call_builtin_method(low, file, "write", [text], {}).expr))
    return Operand(NONE, rs.Tuple())
