"""Methods of the library whose kinds a signature cannot say.

Enters: calls. Leaves: Rust expressions, or None where the tables of `rust_library.py` do. Read `rust_calls.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import is_quiet
from sovereign.migration.ruchy.rust_kinds import BOOL, DYN, F64, I64, NIL, STR, Kind, function_kind
from sovereign.migration.ruchy.rust_operators import cast_goal
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from sovereign.migration.ruchy.rust_places import RustPlaces as Writer

    Special: TypeAlias = Callable[
        [Writer, tree.Expression, tree.Expression, Sequence[tree.Expression]], rs.Expression | None
    ]

__all__ = ["SPECIAL"]

PAIR = 2


def _reduced(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    """`reduce(f)`, `reduce(start, f)` and `reduce(f, start)`."""
    kind = writer.kind(receiver)
    item = I64 if kind.name == "range" else kind.arguments[0]
    value = writer.value(receiver)
    if kind.name == "range":
        value = rn.method(value, "to_array")
    if len(arguments) == 1:
        step = writer.function_argument(arguments[0], function_kind((item, item), item))
        return writer.made(rn.method(value, "reduced", step), Kind("maybe", (item,)), node)
    if len(arguments) != PAIR:
        return None
    start, step_node = arguments if writer.kind(arguments[1]).name == "fn" else reversed(arguments)
    if writer.kind(step_node).name != "fn":
        return None
    goal = writer.natural(node)
    with writer.collecting() as body:
        if step_node is arguments[0] and not is_quiet(start):
            raise writer.refuse("a fold whose start changes something", node)
        first = writer.value_as(start, goal)
        step = writer.function_argument(step_node, function_kind((goal, item), goal))
    return rn.block(body, rn.method(value, "folded", first, step))


def _summed(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    if arguments or kind.name != "list":
        return None
    item = kind.arguments[0]
    value = writer.reading(receiver)
    if item == I64:
        return writer.made(rn.method(rn.dotted(value), "total"), I64, node)
    if item == F64:
        return writer.made(rn.call("float_total", rn.borrow(value)), F64, node)
    return writer.made(rn.call("dyn_total", rs.Borrow(rn.method(rn.dotted(value), "to_dyn_items"))), DYN, node)


def _multiplied(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    if arguments or kind.name not in {"list", "range"}:
        return None
    value = writer.reading(receiver)
    if kind.name == "range":
        return writer.made(rn.method(rn.method(rn.dotted(value), "to_array"), "product"), I64, node)
    item = kind.arguments[0]
    if item == I64:
        return writer.made(rn.method(rn.dotted(value), "product"), I64, node)
    if item == F64:
        return writer.made(rn.call("float_product", rn.borrow(value)), F64, node)
    return writer.made(rn.call("dyn_product", rs.Borrow(rn.method(rn.dotted(value), "to_dyn_items"))), DYN, node)


def _flattened(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    inner = kind.arguments[0]
    value = rn.dotted(writer.reading(receiver))
    if inner.name == "list":
        return writer.made(rn.method(value, "flattened"), inner, node)
    if inner.name == "option":
        return writer.made(rn.method(value, "present_items"), Kind("list", inner.arguments), node)
    raise writer.refuse("`flatten` of a list of values of several types", node)


def _parsed(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    value = rn.borrow(writer.reading(receiver))
    if isinstance(node, tree.MethodCall) and node.types:
        goal = cast_goal(node.types[0])
        items = {"i64": ("parse_as_integer", I64), "f64": ("parse_as_float", F64), "bool": ("parse_as_bool", BOOL)}
        if goal not in items:
            raise writer.refuse("`parse` to this type", node)
        item, kind = items[goal]
        return writer.made(rn.call(item, value), Kind("result", (kind, STR)), node)
    return writer.made(rn.call("parse_number", value), DYN, node)


def _sorted_by(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    kind = writer.kind(receiver)
    function = writer.kind(arguments[0]) if arguments else NIL
    if len(arguments) != 1 or function.name != "fn":
        return None
    item = kind.arguments[0]
    count = len(function.arguments) - 1
    goal = function_kind((item,) * count, function.arguments[-1])
    step = writer.function_argument(arguments[0], goal)
    return writer.made(
        rn.method(writer.value(receiver), "sorted_by" if count == 1 else "sorted_with", step), kind, node
    )


def _filter_mapped(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    function = writer.kind(arguments[0]) if len(arguments) == 1 else NIL
    if function.name == "fn" and function.arguments[-1].name != "option":
        raise writer.refuse("`filter_map` with a function that gives no Option", node)
    return None


def _flat_mapped(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    function = writer.kind(arguments[0]) if len(arguments) == 1 else NIL
    if function.name == "fn" and function.arguments[-1].name != "list":
        raise writer.refuse("`flat_map` with a function that gives no list", node)
    return None


def _tested(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    """`filter`, `any` and their like: the function may give any value, of which the truth counts."""
    return None


def _zipped(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    if len(arguments) != 1 or writer.kind(arguments[0]).name == "list":
        return None
    kind = writer.kind(receiver)
    item = writer.item_kind(writer.kind(arguments[0]))
    found = rn.method(rn.dotted(writer.reading(receiver)), "zipped", rs.Borrow(writer.items_of(arguments[0])))
    return writer.made(found, Kind("list", (Kind("tuple", (kind.arguments[0], item)),)), node)


def _float_power(
    writer: Writer, node: tree.Expression, receiver: tree.Expression, arguments: Sequence[tree.Expression]
) -> rs.Expression | None:
    if len(arguments) != 1:
        return None
    exponent = writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), F64, node, checked=True)
    return writer.made(rn.call("platform_power", writer.value(receiver), exponent), F64, node)


SPECIAL: dict[
    tuple[str, str],
    Special,
] = {
    ("list", "reduce"): _reduced,
    ("list", "fold"): _reduced,
    ("range", "reduce"): _reduced,
    ("range", "fold"): _reduced,
    ("list", "sum"): _summed,
    ("list", "product"): _multiplied,
    ("range", "product"): _multiplied,
    ("list", "flatten"): _flattened,
    ("list", "sort_by"): _sorted_by,
    ("list", "filter_map"): _filter_mapped,
    ("list", "flat_map"): _flat_mapped,
    ("list", "zip"): _zipped,
    ("str", "parse"): _parsed,
    ("f64", "pow"): _float_power,
}
