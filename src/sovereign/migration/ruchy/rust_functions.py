"""Functions of the library whose Rust a form cannot say: output, constructors, numbers of either kind, assertions.

Enters: calls. Leaves: Rust expressions of the kind that the inference gives the call. Read `rust_methods.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.rust_base import is_quiet
from sovereign.migration.ruchy.rust_kinds import BOOL, DYN, F64, I64, NIL, STR, Kind
from sovereign.migration.ruchy.rust_operators import escaped
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from sovereign.migration.ruchy.rust_places import RustPlaces as Writer

    Maker: TypeAlias = Callable[[Writer, tree.Expression, Sequence[tree.Expression]], rs.Expression]

__all__ = ["LIBRARY"]

PAIR = 2
_SPOKEN = {"square_root": "sqrt", "natural_log": "log", "whole_of rounded_half": "round"}
"""What the language calls an item, where it is another word."""


def _print_with(macro: str) -> Maker:
    return lambda writer, node, arguments: writer.printed(node, arguments, macro)


def _wrap(name: str) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        kind = writer.natural(node)
        if len(arguments) != 1:
            raise writer.refuse(f"`{name}` with {len(arguments)} values", node)
        if kind.name == "dyn":
            inner = rn.call("Rc::new", writer.as_dyn(arguments[0]))
            return rn.call(f"Dyn::{name}", inner)
        place = 1 if name == "Err" else 0
        value = writer.value_as(arguments[0], kind.arguments[place])
        types = ", ".join(map(writer.spelled, kind.arguments))
        return rn.call(f"{name}::<{types}>", value)

    return made


def _failing(kind: str, prefix: str, otherwise: str) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if not arguments:
            return rn.call("fault", rs.Text(kind), rs.Text(otherwise))
        template, values = writer.line_parts(arguments)
        if not values:
            return rn.call("fault", rs.Text(kind), rs.Text(prefix + template.replace("{{", "{").replace("}}", "}")))
        return rn.call("fault", rs.Text(kind), rs.MacroCall("format", (rs.Text(escaped(prefix) + template), *values)))

    return made


def _assert(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if not arguments:
        raise writer.refuse("`assert` without a condition", node)
    failed = _failing("assertion", "", "assertion failed")(writer, node, arguments[1:])
    return rs.If(rs.Unary("!", writer.condition(arguments[0])), rs.Block((rn.done(failed),)))


def _assert_pair(item: str) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) < PAIR:
            raise writer.refuse(f"`{item}` without two values", node)
        one, other = writer.kind(arguments[0]), writer.kind(arguments[1])
        if one == other:
            sides = [rs.Borrow(writer.value(each)) for each in arguments[:2]]
        else:
            sides = [rs.Borrow(writer.as_dyn(each)) for each in arguments[:2]]
        if len(arguments) == PAIR:
            return rn.call(item, *sides, rs.Name("None"))
        return rn.call(item, *sides, rn.call("Some", writer.line_text(arguments[2:])))

    return made


def _number_function(whole: str, real: str) -> Maker:
    """A function of one number: an item for integers and one for floats; `=` where an integer stays itself."""

    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) != 1:
            raise writer.refuse("a function of numbers with these arguments", node)
        if writer.kind(arguments[0]).name not in {"i64", "f64"}:
            given = rs.Borrow(writer.as_dyn(arguments[0]))
            name = rs.Text(real.rpartition(" ")[2].removeprefix(".") if real not in _SPOKEN else _SPOKEN[real])
            if whole == "float":
                return _by_item(real, rn.call("number_argument", given, name))
            return writer.made(rn.call("number_function", given, name), DYN, node)
        value = writer.value(arguments[0])
        if writer.kind(arguments[0]) == F64:
            return _by_item(real, value)
        if whole == "float":
            return _by_item(real, rs.Cast(value, rs.NamedType("f64")))
        return value if whole == "=" else _by_item(whole, value)

    return made


def _by_item(item: str, value: rs.Expression) -> rs.Expression:
    outer, _, inner = item.partition(" ")
    if inner:
        return rn.call(outer, _by_item(inner, value))
    return rn.method(value, outer[1:]) if outer.startswith(".") else rn.call(outer, value)


def _logarithm(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1:
        return _number_function("float", "natural_log")(writer, node, arguments)
    values = [writer.convert(writer.value(each), writer.kind(each), F64, node) for each in arguments]
    return rn.call("log_to", *values)


def _round(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1:
        return _number_function("=", "whole_of rounded_half")(writer, node, arguments)
    if writer.kind(arguments[0]) != F64 or writer.kind(arguments[1]) != I64:
        raise writer.refuse("`round` of these arguments", node)
    return rn.call("rounded_to", *writer.values(arguments))


def _power(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    kinds = tuple(writer.kind(each).name for each in arguments)
    if kinds == ("i64", "i64"):
        return writer.made(rn.call("method_power", *writer.values(arguments)), I64, node)
    if len(kinds) == PAIR and {"i64", "f64"}.issuperset(kinds):
        values = [writer.convert(writer.value(each), writer.kind(each), F64, node) for each in arguments]
        return writer.made(rn.call("platform_power", *values), F64, node)
    raise writer.refuse("`pow` of values of no known type", node)


def _extreme(item: str, order: str) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) == 1 and writer.kind(arguments[0]).name == "list":
            kind = writer.kind(arguments[0]).arguments[0]
            found = rn.method(writer.reading(arguments[0]), "extreme", rs.Name(f"Ordering::{order}"))
            return writer.made(found, Kind("maybe", (kind,)), node)
        kinds = {writer.kind(each) for each in arguments}
        if len(arguments) != PAIR or len(kinds) != 1:
            values = [writer.as_dyn(each) for each in arguments]
            if len(values) != PAIR:
                raise writer.refuse(f"`{item}` of {len(values)} values", node)
            return writer.made(rn.call(item, *values), DYN, node)
        return writer.made(rn.call(item, *writer.values(arguments)), next(iter(kinds)), node)

    return made


def _of_any(item: str, result: Kind) -> Maker:
    """A function of one value of any kind."""

    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        if len(arguments) != 1:
            raise writer.refuse("a function of one value with several", node)
        return writer.made(rn.call(item, rn.borrow(writer.reading(arguments[0]))), result, node)

    return made


def _of_dyn(item: str, result: Kind) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        writer.has_dynamic_fields = True
        values = [rs.Borrow(writer.as_dyn(each)) for each in arguments]
        return writer.made(rn.call(item, *values), result, node)

    return made


def _to_integer(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) == 1 and writer.kind(arguments[0]) == F64:
        return rn.call("truncated", writer.value(arguments[0]))
    if len(arguments) == 1 and writer.kind(arguments[0]) == I64:
        return writer.value(arguments[0])
    return _of_dyn("to_integer", I64)(writer, node, arguments)


def _truth(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`bool` of several values", node)
    return writer.condition(arguments[0])


def _exit(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if not arguments:
        return rn.call("leave", rs.Integer(0))
    return rn.call(
        "leave", writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), I64, node, checked=True)
    )


def _empty(table: str) -> Maker:
    def made(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
        kind = writer.natural(node)
        before = [
            rn.done(value)
            for each, value in zip(arguments, writer.values(arguments), strict=True)
            if not is_quiet(each)
        ]
        if kind.name == "dyn":
            raise writer.refuse("an empty collection of no known type", node)
        parts = ", ".join(map(writer.spelled, kind.arguments))
        return rn.block(before, rn.call(f"{table}::<{parts}>::new"))

    return made


def _same(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("a box of several values", node)
    return writer.made(writer.value(arguments[0]), writer.kind(arguments[0]), node)


def _sleep(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`sleep` of several values", node)
    return rn.call(
        "sleep_for", writer.convert(writer.value(arguments[0]), writer.kind(arguments[0]), F64, node, checked=True)
    )


def _dbg(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    if len(arguments) != 1:
        raise writer.refuse("`dbg` of several values", node)
    return writer.made(rn.call("debugged", writer.value(arguments[0])), writer.kind(arguments[0]), node)


def _pushed(writer: Writer, node: tree.Expression, arguments: Sequence[tree.Expression]) -> rs.Expression:
    kind = writer.kind(arguments[0])
    if kind.name != "list" or len(arguments) != PAIR:
        raise writer.refuse("`push` of values of no known type", node)
    item = rn.call("Array::of", rs.MacroCall("vec", (writer.value_as(arguments[1], kind.arguments[0]),), "["))
    return writer.made(rn.method(writer.reading(arguments[0]), "joined_with", rs.Borrow(item)), kind, node)


LIBRARY: dict[str, Maker] = {
    "spawn": lambda writer, node, arguments: writer.spawned(node, arguments[0]),
    "println": _print_with("say"),
    "print": _print_with("say_raw"),
    "eprintln": _print_with("complain"),
    "eprint": _print_with("complain_raw"),
    "format": lambda writer, _node, arguments: writer.line_text(arguments),
    "Some": _wrap("Some"),
    "Ok": _wrap("Ok"),
    "Err": _wrap("Err"),
    "dbg": _dbg,
    "panic": _failing("panic", "", "explicit panic"),
    "unreachable": _failing("panic", "entered unreachable code: ", "entered unreachable code"),
    "todo": _failing("panic", "not implemented: ", "not implemented"),
    "unimplemented": _failing("panic", "not implemented: ", "not implemented"),
    "exit": _exit,
    "process::exit": _exit,
    "assert": _assert,
    "assert_eq": _assert_pair("require_same"),
    "assert_ne": _assert_pair("require_other"),
    "sqrt": _number_function("float", "square_root"),
    "abs": _number_function("magnitude_of", ".abs"),
    "floor": _number_function("=", "whole_of .floor"),
    "ceil": _number_function("=", "whole_of .ceil"),
    "sin": _number_function("float", ".sin"),
    "cos": _number_function("float", ".cos"),
    "tan": _number_function("float", ".tan"),
    "exp": _number_function("float", ".exp"),
    "log10": _number_function("float", ".log10"),
    "log2": _number_function("float", ".log2"),
    "log": _logarithm,
    "round": _round,
    "pow": _power,
    "min": _extreme("least_of", "Less"),
    "max": _extreme("greatest_of", "Greater"),
    "str": _of_any("shown_text", STR),
    "String::from": _of_any("shown_text", STR),
    "type_of": _of_any("type_text", STR),
    "typeof": _of_any("type_text", STR),
    "is_nil": lambda writer, _node, arguments: rn.method(writer.reading(arguments[0]), "is_nil"),
    "int": _to_integer,
    "float": _of_dyn("to_real", F64),
    "bool": _truth,
    "sleep": _sleep,
    "push": _pushed,
    "Vec::new": _empty("Array"),
    "Vec::with_capacity": _empty("Array"),
    "VecDeque::new": _empty("Array"),
    "HashMap::new": _empty("Table"),
    "BTreeMap::new": _empty("Table"),
    "Object::new": _empty("Table"),
    "HashSet::new": _empty("Bag"),
    "BTreeSet::new": _empty("Bag"),
    "Vec::from": _same,
    "Box::new": _same,
    "Rc::new": _same,
    "Arc::new": _same,
    "String::new": lambda _writer, _node, _arguments: rn.text(""),
    "String::with_capacity": lambda _writer, _node, _arguments: rn.text(""),
    "json_parse": _of_dyn("read_json_value", DYN),
    "parse_json": _of_dyn("read_json_value", DYN),
    "json_stringify": _of_dyn("json_line", STR),
    "json_pretty": _of_dyn("json_lines", STR),
    "json_validate": _of_dyn("is_json_text", BOOL),
    "json_type": _of_dyn("json_kind", STR),
    "json_get": _of_dyn("json_at", DYN),
    "json_set": _of_dyn("json_with", DYN),
    "json_merge": _of_dyn("json_joined", DYN),
    "json_read": _of_dyn("read_json_file", DYN),
    "json_write": _of_dyn("write_json_file", NIL),
    "df": _of_dyn("frame_of", DYN),
    "DataFrame::new": _of_dyn("empty_frame", DYN),
    "DataFrame::from_csv_string": _of_dyn("frame_of_csv", DYN),
    "DataFrame::from_csv": _of_dyn("frame_of_csv_file", DYN),
    "DataFrame::from_json": _of_dyn("frame_of_json", DYN),
}
