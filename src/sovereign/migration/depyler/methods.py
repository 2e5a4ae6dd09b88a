"""Methods of builtin types: the table, and how arguments are handed over.

Enters: a receiver of one builtin type, a name and arguments. Leaves: operands. The tables for each type are in
`methods_text.py`, `methods_list.py`, `methods_dict.py` and `methods_set.py`; the library adds its own types.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.calls import METHODS, CallSite
from sovereign.migration.depyler.enum_values import as_value_of_enum
from sovereign.migration.depyler.lowering import Lowering, Operand, diverging
from sovereign.migration.depyler.operators import PLAIN, as_int, as_plain, call, equals, python_type_name
from sovereign.migration.depyler.types import (
    BOOL,
    NONE,
    STR,
    DictShape,
    InstanceShape,
    IntShape,
    ListShape,
    SeqShape,
    SetShape,
    Shape,
    StaticShape,
    TupleShape,
    Type,
    integer,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.depyler.views import note_method
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "LENGTH",
    "MEMBERSHIP",
    "PLAIN",
    "bound_method",
    "call_builtin_method",
    "call_site_method",
    "index_argument",
    "into_element",
    "membership",
    "method",
    "optional_index",
    "small_index",
    "text_argument",
]

LENGTH = integer(0, 1 << 40)
MEMBERSHIP: dict[str, Callable[[Lowering, Operand, Operand], Operand]] = {}


def method(tag: str, *names: str) -> Callable[[Callable[[CallSite], Operand]], Callable[[CallSite], Operand]]:
    """Register the handler of methods of a type."""

    def register(function: Callable[[CallSite], Operand]) -> Callable[[CallSite], Operand]:
        for name in names:
            METHODS[tag, name] = function
        return function

    return register


def call_site_method(low: Lowering, receiver: Operand, name: str, node: ast.Call) -> Operand:
    """`receiver.name(...)` as written."""
    site = CallSite(low, node, receiver)
    return _dispatch(low, receiver, name, site)


def call_builtin_method(
    low: Lowering, receiver: Operand, name: str, positional: list[Operand], keywords: dict[str, Operand]
) -> Operand:
    """A method of a builtin type with operands."""
    node = ast.copy_location(ast.Call(ast.Name(name, ast.Load()), [], []), low.node)

    def one(a: Operand) -> Operand:
        site = CallSite(low, node, a)
        site.given = (positional, keywords)
        return _dispatch(low, a, name, site)

    return distribute(low, receiver, one)


def _dispatch(low: Lowering, receiver: Operand, name: str, site: CallSite) -> Operand:
    shape = receiver.type.shapes[0]
    handler = METHODS.get((shape.tag, name)) or METHODS.get((_FAMILY.get(shape.tag, ""), name))
    note_method(low, receiver, name)
    if handler is not None:
        return site.checked(handler)
    if name.startswith("__") and name.endswith("__"):
        found = _dunder(site, receiver, name)
        if found is not None:
            return found
    if isinstance(shape, InstanceShape) or not hasattr(_python_class(shape.tag), name):
        text = f"'{python_type_name(shape)}' object has no attribute '{name}'"
        if _python_class(shape.tag) is not None:
            return low.type_error(text, "ATTRIBUTE_ERROR")
    raise site.refuse(f"the method `{name}` of `{python_type_name(shape)}` is not translated")


_FAMILY = {"defaultdict": "dict", "Counter": "dict", "OrderedDict": "dict", "frozenset": "set", "bool": "int"}


def _python_class(tag: str) -> type | None:
    known: dict[str, type] = {
        "str": str,
        "list": list,
        "dict": dict,
        "set": set,
        "frozenset": frozenset,
        "int": int,
        "float": float,
        "bool": bool,
        "tuple": tuple,
        "bytes": bytes,
        "none": type(None),
    }
    return known.get(tag)


def _dunder(site: CallSite, receiver: Operand, name: str) -> Operand | None:
    """`x.__len__()` and the like, as the operation that it is."""
    from sovereign.migration.depyler.builtin_functions import call_builtin
    from sovereign.migration.depyler.operators import DUNDERS, binary, compare

    low = site.low
    builtin = {
        "__len__": "len",
        "__str__": "str",
        "__repr__": "repr",
        "__hash__": "hash",
        "__iter__": "iter",
        "__next__": "next",
    }
    if name in builtin:
        inner = CallSite(low, site.node)
        inner.given = ([receiver], {})
        return call_builtin(low, builtin[name], inner)
    for symbol, (forward, _) in DUNDERS.items():
        if forward == name and site.count == 1:
            other = site.operands[0]
            return (
                compare(low, symbol, receiver, other)
                if symbol[0] in "<>=!" and symbol not in {"<<", ">>"}
                else binary(low, symbol, receiver, other)
            )
    if name == "__contains__":
        return membership(low, receiver, site.operands[0])
    if name == "__getitem__":
        from sovereign.migration.depyler.subscripts import item_of

        return item_of(low, receiver, site.operands[0])
    return None


def bound_method(low: Lowering, operand: Operand, name: str) -> Operand | None:
    """`xs.append` without a call: a function that keeps its receiver."""
    shape = operand.type.shapes[0]
    if (shape.tag, name) not in METHODS and (_FAMILY.get(shape.tag, ""), name) not in METHODS:
        return None
    held = low.named(operand, "receiver")
    return Operand(Type((StaticShape("method", f"{shape.tag}.{name}", (held, name)),)), rs.Tuple())


# arguments


def small_index(low: Lowering, operand: Operand, *, subscript: bool = False) -> rs.Expression:
    """An integer argument, or a subscript, as `i64`; the errors of what does not fit are not the same."""
    operand = as_int(low, as_plain(low, operand))
    shape = operand.type.only
    if isinstance(shape, IntShape):
        by = "index" if subscript else "argument"
        return low.own(operand) if shape.small else low.fallible(rs.Method(operand.expr, by))
    if operand.type.never:
        return diverging(operand.expr)
    if isinstance(shape, InstanceShape):
        from sovereign.migration.depyler.calls import call_method, has_method

        if has_method(operand, "__index__"):
            return small_index(low, call_method(low, operand, "__index__", []))
    if shape is None:
        from sovereign.migration.depyler.types import integer as bounded

        wide = distribute(low, operand, lambda one: Operand(bounded(-(1 << 62), 1 << 62), small_index(low, one)))
        return low.own(wide)
    error = low.type_error(f"'{python_type_name(shape)}' object cannot be interpreted as an integer")
    return error.expr


def index_argument(site: CallSite, position: int, name: str = "", default: int | None = None) -> rs.Expression:
    """An integer argument as `i64`, or a default."""
    found = site.argument(position, name)
    if found is None:
        assert default is not None
        return rs.Integer(default) if default >= 0 else rs.Unary("-", rs.Integer(-default))
    return small_index(site.low, found)


def optional_index(site: CallSite, position: int) -> rs.Expression:
    """An integer argument, or None, as `Option<i64>`."""
    found = site.argument(position)
    return optional(site.low, found)


def optional(low: Lowering, found: Operand | None) -> rs.Expression:
    """An operand that is an integer or None as `Option<i64>`."""
    if found is None or found.type == NONE:
        return rs.Name("None")
    if found.type.get("none") is not None:
        rest = found.type.without("none")
        name = low.fresh("bound")
        low.closure_depth += 1
        value = small_index(low, Operand(rest, rs.Name(name)))
        low.closure_depth -= 1
        return rs.Method(low.own(found), "map", (rs.Closure(((rs.Bind(name), None),), value),))
    return call("Some", small_index(low, found))


WRONG_TEXT = "a str is expected, not {}"
"""What a TypeError says of a value, by its type's name; functions with words of their own hand those in.

`{clinic}` stands for the name where CPython writes `None` for the type of None.
"""


def text_argument(
    site: CallSite, position: int, name: str = "", default: str | None = None, *, wrong: str = WRONG_TEXT
) -> rs.Expression:
    """A str argument as `&str`; `wrong` is what a TypeError says of anything else."""
    found = site.argument(position, name)
    low = site.low
    if found is None:
        assert default is not None
        return rs.Text(default)
    return text_of(low, found, wrong)


def text_of(low: Lowering, found: Operand, wrong: str = WRONG_TEXT) -> rs.Expression:
    """A str operand as `&str`; a value that may be something else raises a TypeError when it is."""
    if isinstance(found.constant, str):
        return rs.Text(found.constant)
    found = as_plain(low, as_value_of_enum(low, found))
    if found.type == STR:
        return low.borrow(found)
    if found.type.never:
        return diverging(found.expr)
    return low.borrow(only_text(low, found, wrong))


def only_text(low: Lowering, found: Operand, wrong: str = WRONG_TEXT) -> Operand:
    """A value of several types as the str that it has to be; anything else is a TypeError."""

    def one(each: Operand) -> Operand:
        if each.type == STR:
            return each
        kind = python_type_name(each.type.shapes[0])
        return low.type_error(wrong.format(kind, clinic="None" if each.type == NONE else kind))

    result = distribute(low, found, one)
    return low.named(result, "text") if result.type == STR and len(found.type.shapes) > 1 else result


def by_key(handler: Callable[[CallSite], Operand]) -> Callable[[CallSite], Operand]:
    """A method that looks its first argument up: an argument of several types is looked up as the one that it is."""

    def wrapped(site: CallSite) -> Operand:
        low = site.low
        if not site.count or len(site.operands[0].type.shapes) <= 1:
            return handler(site)
        receiver = site.receiver
        if receiver is not None and receiver.form == "value":
            receiver = low.named(receiver, "holder")
        key, *rest = site.operands
        return distribute(
            low, stored(low, key), lambda each: handler(replace(site, receiver=receiver, given=([each, *rest], {})))
        )

    return wrapped


def unhashable_shape(shape: Shape) -> bool:
    """Whether no dict and no set can have such a key."""
    match shape:
        case DictShape():
            return True
        case SetShape() | ListShape():
            return python_type_name(shape) in {"list", "set"}
    return False


def unhashable(low: Lowering, key: Operand) -> Operand | None:
    """The TypeError of a key of one type that no dict and no set can have; None for any other."""
    only = key.type.only
    if only is None or not unhashable_shape(only):
        return None
    return low.type_error(f"unhashable type: '{python_type_name(only)}'")


def into_element(low: Lowering, operand: Operand, held: Type) -> rs.Expression:
    """A value to be compared with what a container holds, as a reference to its element type."""
    if low.rust(operand.type) == low.rust(held):
        return low.borrow(operand)
    return rs.Borrow(low.convert(operand, held))


def plain_beside(low: Lowering, item: Operand, held: Type) -> Operand:
    """A number or text of the library that is looked for among plain ones, as a plain one.

    Raises:
        Refuse: It is the other way round, or both may be either.
    """
    mine, theirs = item.type.tags() & PLAIN.keys(), held.tags() & PLAIN.keys()
    if not mine and not (theirs and item.type.tags() & {"int", "float", "bool", "str"}):
        return item
    if item.type.tags() <= held.tags():
        return item
    only = item.type.only
    if only is None or theirs:
        raise low.refuse(low.node, "numbers of Python's and numbers of a library among each other")
    return PLAIN[only.tag](low, item)


# membership


def _may_hold(low: Lowering, item: Operand, held: Type) -> Operand | None:
    """The item as far as the container can hold it; None where it cannot."""
    numbers = {"int", "float", "bool"}
    item = plain_beside(low, item, held)
    tags = set()
    for shape in item.type:
        same = held.get(shape.tag)
        if same is not None or (shape.tag in numbers and held.tags() & numbers):
            tags.add(shape.tag)
    if not tags:
        return None
    return item if tags == item.type.tags() else low.narrow(item, item.type.restrict(tags))


def membership(low: Lowering, container: Operand, item: Operand) -> Operand:
    """`item in container` for a container of one type."""
    shape = container.type.shapes[0]
    item = stored(low, item)
    match shape:
        case ListShape():
            return _in_cell(low, container, item, low.contents(shape.cell))
        case SetShape():
            return _in_hashed(low, container, item, low.contents(shape.cell))
        case DictShape():
            return _in_hashed(low, container, item, low.contents(shape.key))
        case TupleShape():
            return _in_tuple(low, container, item, shape)
        case SeqShape():
            return _in_cell(low, container, item, shape.item)
        case InstanceShape():
            return _in_instance(low, container, item)
        case _ if shape.tag == "str":
            return _in_text(low, container, item)
        case _ if shape.tag in MEMBERSHIP:
            return MEMBERSHIP[shape.tag](low, container, item)
        case StaticShape():
            return _in_enum(low, item, shape)
        case _:
            return _in_iterable(low, container, item)


def _in_text(low: Lowering, container: Operand, item: Operand) -> Operand:
    wrong = "'in <string>' requires string as left operand, not {}"
    if item.type != STR and not item.type.never and item.type.only is not None:
        return low.type_error(wrong.format(python_type_name(item.type.only)))
    return Operand(BOOL, rs.Method(low.receiver(container), "contains", (text_of(low, item, wrong),)))


def _in_hashed(low: Lowering, container: Operand, item: Operand, held: Type) -> Operand:
    """In a dict or a set, which hash what is looked for."""

    def one(each: Operand) -> Operand:
        return unhashable(low, each) or _in_cell(low, container, each, held)

    if any(unhashable_shape(shape) for shape in item.type):
        return distribute(low, item, one)
    return _in_cell(low, container, item, held)


def _in_enum(low: Lowering, item: Operand, shape: StaticShape) -> Operand:
    """`member in Enum`; what is no member is an error in this version of Python."""
    only = item.type.only
    if getattr(shape.what, "enum_members", None) is None:
        raise low.refuse(low.node, f"`in` and the {shape.kind} `{shape.name}`")
    if not isinstance(only, InstanceShape):
        raise low.refuse(low.node, f"`in` and the class `{shape.name}` with something that is no member")
    result = only.cls is shape.what
    return Operand(BOOL, low.after(item, rs.Boolean(result)), constant=result)


def _in_cell(low: Lowering, container: Operand, item: Operand, held: Type) -> Operand:
    item = plain_beside(low, item, held)
    if held.never or item.type.never:
        return Operand(BOOL, low.after(item, rs.Boolean(False)))
    if not _unifies(low, item, held):
        return _compare_each(low, container, item)
    if not set(item.type.tags()) <= set(held.tags()):
        return _partly(low, container, item, held)
    return Operand(BOOL, rs.Method(low.receiver(container), "contains", (into_element(low, item, held),)))


def _partly(low: Lowering, container: Operand, item: Operand, held: Type) -> Operand:
    """An item that may be of a type that the container never holds: then it is not in it."""

    def one(a: Operand) -> Operand:
        if held.get(a.type.shapes[0].tag) is None:
            return Operand(BOOL, low.after(a, rs.Boolean(False)))
        return Operand(BOOL, rs.Method(low.receiver(container), "contains", (into_element(low, a, held),)))

    return distribute(low, item, one)


def _unifies(low: Lowering, item: Operand, held: Type) -> bool:
    """Whether the item can be handed over in the representation of the elements without changing it."""
    numbers = {"int", "float", "bool"}
    del low
    mixed = (item.type.tags() & numbers) - held.tags()
    return not mixed or not (held.tags() & numbers)


def _compare_each(low: Lowering, container: Operand, item: Operand) -> Operand:
    """`1.0 in [1, 2]`: equality across types of numbers, item by item."""
    from sovereign.migration.depyler.iteration import iterate

    item = low.named(item, "wanted")
    found = low.fresh("found")
    low.emit(rs.Let(rs.Bind(found, mutable=True), None, rs.Boolean(False)))
    each = iterate(low, container)

    def body(value: Operand) -> None:
        same = low.own(equals(low, value, item))
        block = rs.Block((rs.Assign(rs.Name(found), rs.Boolean(True)), rs.Evaluate(rs.Break())))
        low.emit(rs.Evaluate(rs.If(same, block)))

    each.loop(low, "candidate", body)
    return Operand(BOOL, rs.Name(found))


def _in_tuple(low: Lowering, container: Operand, item: Operand, shape: TupleShape) -> Operand:
    if not shape.items:
        return Operand(BOOL, rs.Boolean(False))
    if isinstance(container.expr, rs.Tuple) and len(shape.items) <= 8:
        item = low.named(item, "wanted")
        parts = low.tuple_parts(container, shape)
        result: rs.Expression | None = None
        for part in parts:
            one = low.own(equals(low, item, part))
            if one == rs.Boolean(False):
                continue
            result = one if result is None else rs.Binary("||", result, one)
        return Operand(BOOL, result or rs.Boolean(False))
    parts = low.tuple_parts(container, shape)
    item = low.named(item, "wanted")
    tests = [low.own(equals(low, item, part)) for part in parts]
    combined = tests[0]
    for test in tests[1:]:
        combined = rs.Binary("||", combined, test)
    return Operand(BOOL, combined)


def _in_instance(low: Lowering, container: Operand, item: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method
    from sovereign.migration.depyler.operators import truth

    if has_method(container, "__contains__"):
        return Operand(BOOL, truth(low, call_method(low, container, "__contains__", [item])))
    return _compare_each(low, container, item)


def _in_iterable(low: Lowering, container: Operand, item: Operand) -> Operand:
    shape = container.type.shapes[0]
    if shape.tag in {"int", "bool", "float", "none"}:
        return low.type_error(f"argument of type '{python_type_name(shape)}' is not iterable")
    return _compare_each(low, container, item)


def value_method(site: CallSite, name: str, result: Type, *arguments: rs.Expression, raises: bool = False) -> Operand:
    """A call of a method of the support module."""
    assert site.receiver is not None
    expr: rs.Expression = rs.Method(site.low.receiver(site.receiver), name, arguments)
    return Operand(result, site.low.fallible(expr) if raises else expr)
