"""Builtin functions and names of the library.

Enters: names as Python knows them (`len`, `math.sqrt`) and call sites. Leaves: operands. Each module of the library
registers its names in `FUNCTIONS`, `CONSTANTS` and `TYPES`; what is in none of them is refused by name.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from sovereign.migration.depyler import intervals
from sovereign.migration.depyler.alternatives import block_of, distribute
from sovereign.migration.depyler.calls import CallSite
from sovereign.migration.depyler.captures import captures_of, held_function
from sovereign.migration.depyler.comprehensions import each_item
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.intervals import add
from sovereign.migration.depyler.iteration import Iteration, as_iter, iterate
from sovereign.migration.depyler.loops import reversed_source, source_of, zip_source
from sovereign.migration.depyler.lowering import Lowering, Operand, typed
from sovereign.migration.depyler.methods import LENGTH, index_argument, small_index, text_argument
from sovereign.migration.depyler.operators import (
    as_float,
    as_int,
    binary,
    call,
    compare,
    empty,
    python_type_name,
    truth,
)
from sovereign.migration.depyler.program import ClassInfo
from sovereign.migration.depyler.sorting import (
    asked_order,
    compare_closure,
    is_cmp_to_key,
    key_closure,
    key_of,
    needs_asking,
    raising,
)
from sovereign.migration.depyler.type_values import type_value
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    INT,
    NEVER,
    NONE,
    STR,
    Atom,
    DictShape,
    FunctionShape,
    InstanceShape,
    IntShape,
    IterShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    StaticShape,
    TupleShape,
    Type,
    integer,
    join_all,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import static, stored
from sovereign.migration.depyler.versions import SMALL, is_argument
from sovereign.migration.depyler.views import note_builtin
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "MODULES",
    "TYPES",
    "builtin",
    "builtin_attribute",
    "call_builtin",
    "is_builtin",
    "library_name",
    "list_from",
    "set_from",
    "to_tuple",
]

FUNCTIONS: dict[str, Callable[[CallSite], Operand]] = {}
CONSTANTS: dict[str, Callable[[Lowering], Operand]] = {}
TYPES: set[str] = {
    "int", "float", "bool", "str", "bytes", "bytearray", "list", "dict", "set", "frozenset", "tuple", "object", "type",
    "complex", "range", "property", "staticmethod", "classmethod", "NotImplemented", "slice", "memoryview", "super",
}  # fmt: skip
MODULES: set[str] = set()


def builtin(*names: str) -> Callable[[Callable[[CallSite], Operand]], Callable[[CallSite], Operand]]:
    """Register the handler of functions."""

    def register(function: Callable[[CallSite], Operand]) -> Callable[[CallSite], Operand]:
        for name in names:
            FUNCTIONS[name] = function
            if "." in name:
                MODULES.add(name.rpartition(".")[0])
        return function

    return register


def is_builtin(name: str) -> bool:
    """Whether a name is a builtin or stands in the library."""
    from sovereign.migration.depyler.exceptions import is_exception_name

    return name in FUNCTIONS or name in TYPES or name in CONSTANTS or is_exception_name(name)


def call_builtin(low: Lowering, name: str, site: CallSite) -> Operand:
    """Call a builtin or a function of the library."""
    handler = FUNCTIONS.get(name)
    note_builtin(low, name)
    if handler is not None:
        return site.checked(handler)
    from sovereign.migration.depyler.exceptions import is_exception_name, new_exception
    from sovereign.migration.depyler.types import EXCEPTION

    if is_exception_name(name):
        operands = [stored(low, o) for o in site.operands]
        return Operand(EXCEPTION, new_exception(low, name, operands))
    if name in _TYPE_MAKERS:
        return static("builtin", name)
    raise site.refuse(f"`{name}` is not translated")


_TYPE_MAKERS = {"typing.TypeVar", "typing.NewType", "typing.ParamSpec"}


@builtin("typing.cast")
def _cast(site: CallSite) -> Operand:
    _, value = site.operands
    return value


def library_name(low: Lowering, module: str, name: str) -> Operand:
    """`module.name` of the library."""
    from sovereign.migration.depyler.exceptions import is_exception_name

    full = name if module == "builtins" else f"{module}.{name}"
    if full in CONSTANTS:
        return CONSTANTS[full](low)
    if full in FUNCTIONS or full in TYPES or is_exception_name(full):
        return static("builtin", full)
    if full in MODULES:
        return static("module", full)
    if module in {"typing", "collections.abc", "types", "typing_extensions", "numbers", "abc", "dataclasses", "enum"}:
        return static("builtin", full)
    raise low.refuse(low.node, f"`{full}` is not translated")


def builtin_attribute(low: Lowering, owner: str, name: str) -> Operand:
    """`str.upper`, `dict.fromkeys`, `datetime.now` and the like."""
    full = f"{owner}.{name}"
    if full in CONSTANTS:
        return CONSTANTS[full](low)
    if full in FUNCTIONS or full in TYPES:
        return static("builtin", full)
    if name in {"__name__", "__qualname__"}:
        text = owner.rpartition(".")[2]
        return Operand(STR, call("Str::literal", rs.Text(text)), constant=text)
    from sovereign.migration.depyler.calls import METHODS

    if (owner, name) in METHODS:
        return static("builtin", full)
    raise low.refuse(low.node, f"`{full}` is not translated")


# conversions


@builtin("int")
def _int(site: CallSite) -> Operand:
    low = site.low
    given = site.argument(0)
    if given is None:
        return Operand(integer(0, 0), rs.Integer(0), constant=0)
    base = site.argument(1, "base")
    if base is not None:
        text = text_argument(site, 0)
        return Operand(INT, low.fallible(call("parse_int", text, small_index(low, base))))
    if low.program.small_arguments and given.type == STR and is_argument(site.nodes[0]):
        return Operand(integer(-SMALL, SMALL), low.fallible(call("small_argument", low.borrow(given))))
    return distribute(low, given, lambda one: _int_one(low, one))


def _int_one(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = operand.type.shapes[0]
    if isinstance(shape, IntShape):
        return operand
    if operand.type == BOOL:
        return as_int(low, operand)
    if operand.type == FLOAT:
        return Operand(INT, low.fallible(call("int_of_float", low.own(operand))))
    if operand.type == STR:
        return Operand(INT, low.fallible(call("parse_int", low.borrow(operand), rs.Integer(10))))
    for name in ("__int__", "__index__", "__trunc__"):
        if has_method(operand, name):
            return call_method(low, operand, name, [])
    if isinstance(shape, InstanceShape) and shape.cls.builtin_root() == "IntEnum":
        from sovereign.migration.depyler.attributes import attribute

        return attribute(low, operand, "value")
    handler = FUNCTIONS.get(f"{shape.tag}.__int__")
    if handler is not None:
        inner = CallSite(low, low.node, operand)  # type: ignore[arg-type]
        inner.given = ([operand], {})
        return handler(inner)
    name = python_type_name(shape)
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"`int` of `{name}`")
    return low.type_error(f"int() argument must be a string, a bytes-like object or a real number, not '{name}'")


@builtin("float")
def _float(site: CallSite) -> Operand:
    low = site.low
    given = site.argument(0)
    if given is None:
        return Operand(FLOAT, rs.Float(0.0), constant=0.0)
    if isinstance(given.constant, str):
        found = _float_literal(given.constant)
        if found is not None:
            return found
    return distribute(low, given, lambda one: float_of(low, one))


def _float_literal(text: str) -> Operand | None:
    names = {"inf": "f64::INFINITY", "-inf": "f64::NEG_INFINITY", "nan": "f64::NAN", "infinity": "f64::INFINITY"}
    key = text.strip().lower().removeprefix("+")
    return Operand(FLOAT, rs.Name(names[key])) if key in names else None


def float_of(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = operand.type.shapes[0]
    if isinstance(shape, IntShape) or operand.type in (BOOL, FLOAT):
        return Operand(FLOAT, as_float(low, operand))
    if operand.type == STR:
        return Operand(FLOAT, low.fallible(call("parse_float", low.borrow(operand))))
    if has_method(operand, "__float__"):
        return call_method(low, operand, "__float__", [])
    handler = FUNCTIONS.get(f"{shape.tag}.__float__")
    if handler is not None:
        inner = CallSite(low, low.node, operand)  # type: ignore[arg-type]
        inner.given = ([operand], {})
        return handler(inner)
    name = python_type_name(shape)
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"`float` of `{name}`")
    return low.type_error(f"float() argument must be a string or a real number, not '{name}'")


@builtin("bool")
def _bool(site: CallSite) -> Operand:
    given = site.argument(0)
    return (
        Operand(BOOL, rs.Boolean(False)) if given is None else Operand(BOOL, truth(site.low, stored(site.low, given)))
    )


@builtin("str")
def _str(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import to_str

    given = site.argument(0, "object")
    if given is None:
        return Operand(STR, call("Str::new"), constant="")
    return to_str(site.low, given)


@builtin("repr")
def _repr(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import to_repr

    return to_repr(site.low, site.operands[0])


@builtin("ascii")
def _ascii(site: CallSite) -> Operand:
    return Operand(STR, call("ascii_text", rs.Borrow(_repr(site).expr)))


@builtin("chr")
def _chr(site: CallSite) -> Operand:
    return Operand(STR, site.low.fallible(call("chr", index_argument(site, 0))))


@builtin("ord")
def _ord(site: CallSite) -> Operand:
    low = site.low
    given = site.operands[0]
    if isinstance(given.constant, str) and len(given.constant) == 1:
        code = ord(given.constant)
        return Operand(integer(code, code), rs.Integer(code), constant=code)
    if given.type.only is not None and given.type != STR:
        name = python_type_name(given.type.only)
        return low.type_error(f"ord() expected string of length 1, but {name} found")
    return Operand(integer(0, 0x10FFFF), low.fallible(call("ord", text_argument(site, 0))))


def _based(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        given = as_int(low, site.operands[0])
        if not isinstance(given.type.only, IntShape):
            if given.type.never:
                return low.never()
            kind = python_type_name(given.type.shapes[0])
            return low.type_error(f"'{kind}' object cannot be interpreted as an integer")
        return Operand(STR, call(name, low.own(given)))

    return handler


for _name in ("bin", "oct", "hex"):
    builtin(_name)(_based(_name))


# numbers


@builtin("abs")
def _abs(site: CallSite) -> Operand:
    low = site.low
    return distribute(low, site.operands[0], lambda one: _abs_one(low, one))


def _abs_one(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    operand = as_int(low, operand)
    shape = operand.type.shapes[0]
    if isinstance(shape, IntShape):
        result = intervals.absolute(shape)
        type_ = Type((result,))
        if shape.small and result.small:
            return Operand(type_, rs.Method(typed(low.own(operand)), "abs"))
        wide = low.convert(operand, INT) if shape.small else operand.expr
        absolute = rs.Method(wide, "abs")
        return Operand(type_, rs.Method(absolute, "to_small") if result.small else absolute)
    if operand.type == FLOAT:
        value = low.own(operand)
        return Operand(FLOAT, call("f64::abs", value))
    if has_method(operand, "__abs__"):
        return call_method(low, operand, "__abs__", [])
    handler = FUNCTIONS.get(f"{shape.tag}.__abs__")
    if handler is not None:
        inner = CallSite(low, low.node, operand)  # type: ignore[arg-type]
        inner.given = ([operand], {})
        return handler(inner)
    return low.type_error(f"bad operand type for abs(): '{python_type_name(shape)}'")


@builtin("round")
def _round(site: CallSite) -> Operand:
    low = site.low
    digits = site.argument(1, "ndigits")
    return distribute(low, site.argument(0, "number") or site.operands[0], lambda one: _round_one(low, one, digits))


def _round_one(low: Lowering, operand: Operand, digits: Operand | None) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    operand = as_int(low, operand)
    shape = operand.type.shapes[0]
    none = digits is None or digits.type == NONE
    if isinstance(shape, IntShape):
        if none or (isinstance(digits, Operand) and isinstance(digits.constant, int) and digits.constant >= 0):
            return operand
        assert digits is not None
        return Operand(INT, call("round_int", rs.Borrow(low.convert(operand, INT)), small_index(low, digits)))
    if operand.type == FLOAT:
        if none:
            return Operand(INT, low.fallible(call("round_half_even", low.own(operand))))
        assert digits is not None
        return Operand(FLOAT, low.fallible(call("round_float", low.own(operand), small_index(low, digits))))
    if has_method(operand, "__round__"):
        return call_method(low, operand, "__round__", [] if none or digits is None else [digits])
    handler = FUNCTIONS.get(f"{shape.tag}.__round__")
    if handler is not None:
        inner = CallSite(low, low.node, operand)  # type: ignore[arg-type]
        inner.given = ([operand] if digits is None else [operand, digits], {})
        return handler(inner)
    return low.type_error(f"type {python_type_name(shape)} doesn't define __round__ method")


@builtin("divmod")
def _divmod(site: CallSite) -> Operand:
    low = site.low
    a, b = (low.named(stored(low, o)) for o in site.operands)
    quotient = low.named(binary(low, "//", a, b), "quotient")
    rest = low.named(binary(low, "%", a, b), "rest")
    from sovereign.migration.depyler.expressions import make_tuple

    return make_tuple(low, [quotient, rest])


@builtin("pow")
def _pow(site: CallSite) -> Operand:
    low = site.low
    a, b = site.argument(0, "base"), site.argument(1, "exp")
    assert a is not None
    assert b is not None
    modulus = site.argument(2, "mod")
    if modulus is None:
        return binary(low, "**", a, b)
    arguments = tuple(rs.Borrow(low.convert(as_int(low, o), INT)) for o in (a, b, modulus))
    shape = modulus.type.only
    value = low.fallible(call("int_pow_mod", *arguments))
    if isinstance(shape, IntShape) and shape.small and shape.low is not None and shape.low > 0:
        return Operand(integer(0, (shape.high or 1) - 1), rs.Method(value, "to_small"))
    return Operand(INT, value)


@builtin("sum")
def _sum(site: CallSite) -> Operand:
    """Items are added from the left, as Python does; integers and floats in one loop."""
    low = site.low
    start = site.argument(1, "start")
    node = site.nodes[0] if site.given is None else None
    total = stored(low, start) if start is not None else Operand(integer(0, 0), rs.Integer(0), constant=0)
    return _accumulate(site, node, total)


def loop_over(site: CallSite, node: ast.expr | None, body: Callable[[Operand], None], name: str = "item") -> Type:
    """Run `body` for each item of the first argument; returns the joined type of items."""
    low = site.low
    seen: list[Type] = []

    def record(item: Operand) -> None:
        seen.append(item.type)
        body(item)

    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        each_item(low, node, record)
    else:
        each = source_of(low, node) if node is not None else iterate(low, site.operands[0])
        each.loop(low, name, record)
    return join_all(seen)


_MOST_STEPS = 12


def _summed(total: Type, item: Type) -> Type:
    """What a sum of such integers may come to, in as many steps as it takes; other items are seen one at a time."""
    known, shape = total, item.only
    for count in range(_MOST_STEPS):
        only = known.only
        if not (isinstance(only, IntShape) and isinstance(shape, IntShape)):
            break
        joined = known.join(Type((add(only, shape),)))
        if joined == known:
            break
        known = known.widen(joined) if count > 2 else joined
    return known


def _accumulate(site: CallSite, node: ast.expr | None, start: Operand) -> Operand:
    low = site.low
    key = ("sum", site.node, len(low.locals))
    known = low.instance.memory.get(key, start.type)
    assert isinstance(known, Type)
    type_ = known.join(start.type)
    variable = low.fresh("total")
    results: list[Type] = []
    used: list[Type] = []

    def body(item: Operand) -> None:
        nonlocal type_
        type_ = _summed(type_, item.type)
        used.append(type_)
        current = Operand(type_, rs.Name(variable), "place")
        result = binary(low, "+", current, item)
        results.append(result.type)
        joined = type_.join(result.type)
        value = low.convert(result, joined)
        if (
            isinstance(value, rs.Binary)
            and value.operator == "+"
            and value.left == rs.Name(variable)
            and _plain(joined)
        ):
            low.emit(rs.Assign(rs.Name(variable), value.right, "+="))
        else:
            low.emit(rs.Assign(rs.Name(variable), value))

    with low.capture() as statements:
        loop_over(site, node, body)
    found = join_all(results)
    joined = type_.join(found)
    count = low.instance.memory.get(("rounds", key), 0)
    assert isinstance(count, int)
    if joined != known:
        if count > 2:
            joined = known.widen(joined)
        low.instance.memory[key] = joined
        low.instance.memory["rounds", key] = count + 1
        low.instance.dirty |= any(type_ != joined for type_ in used)
    first = rs.Let(rs.Bind(variable, mutable=True), low.rust(joined), low.convert(start, joined))
    return Operand(joined, rs.BlockExpression(rs.Block((first, *statements), rs.Name(variable))))


def _plain(type_: Type) -> bool:
    only = type_.only
    return (isinstance(only, IntShape) and only.small) or type_ == FLOAT


def _quantified(name: str) -> Callable[[CallSite], Operand]:
    wanted = name == "any"

    def handler(site: CallSite) -> Operand:
        low = site.low
        node = site.nodes[0] if site.given is None else None
        label = low.label("search")

        def body(item: Operand) -> None:
            test = truth(low, item)
            condition = test if wanted else rs.Unary("!", test)
            low.emit(rs.Evaluate(rs.If(condition, rs.Block((rs.Evaluate(rs.Break(label, rs.Boolean(wanted))),)))))

        with low.capture() as statements:
            loop_over(site, node, body)
        block = rs.Block(tuple(statements), rs.Boolean(not wanted))
        return Operand(BOOL, rs.BlockExpression(block, label))

    return handler


builtin("any")(_quantified("any"))
builtin("all")(_quantified("all"))


# min, max, sorted


def _extreme(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        spread = site.spread()
        if spread is not None:
            return _of_spread(site, name, spread)
        if site.count > 1:
            return _of_arguments(site, name)
        return _of_items(site, name)

    return handler


def _of_spread(site: CallSite, name: str, spread: Operand) -> Operand:
    """`max(*xs)`: the items are arguments, of which there must be two or more."""
    low = site.low
    items = low.named(list_from(low, spread), "arguments")
    shape = items.type.only
    assert isinstance(shape, ListShape)
    item = low.contents(shape.cell)
    if not item.tags() <= {"int", "float", "bool"}:
        raise site.refuse(f"`{name}` of `*` with items that are no numbers")
    kind = python_type_name(item.shapes[0]) if item.shapes else "int"
    count = rs.Method(items.expr, "len")
    low.emit(rs.Evaluate(low.fallible(call("count_spread", rs.Text(name), count, rs.Text(kind)))))
    inner = CallSite(low, site.node)
    inner.given = ([items], {name: found for name in ("key",) if (found := site.keyword(name)) is not None})
    return _of_items(inner, name)


builtin("min")(_extreme("min"))
builtin("max")(_extreme("max"))


def _narrowed(name: str, types: list[Type]) -> Type:
    """The range of the smallest or largest of integers."""
    joined = join_all(types)
    shapes = [t.only for t in types]
    if not all(isinstance(s, IntShape) for s in shapes):
        return joined
    lows = [s.low for s in shapes if isinstance(s, IntShape)]
    highs = [s.high for s in shapes if isinstance(s, IntShape)]
    if name == "min":
        known = [h for h in highs if h is not None]
        return integer(
            None if None in lows else min(low for low in lows if low is not None), min(known) if known else None
        )
    known = [low for low in lows if low is not None]
    return integer(max(known) if known else None, None if None in highs else max(h for h in highs if h is not None))


def _of_arguments(site: CallSite, name: str) -> Operand:
    low = site.low
    operands = [stored(low, o) for o in site.operands]
    if any(o.type.never for o in operands):
        return low.never()
    key = key_of(site)
    joined = join_all(o.type for o in operands)
    if key is not None and key.type != NONE:
        type_ = low.list_of(joined)
        from sovereign.migration.depyler.expressions import make_list

        made = make_list(low, operands, type_)
        return _by_key(site, name, Operand(type_, made.expr), key)
    if all(_number(o) for o in operands) and len(joined.shapes) == 1:
        result = _narrowed(name, [o.type for o in operands])
        if joined == FLOAT:
            return _fold_floats(low, name, operands)
        if low.rust(result) == low.rust(joined) == rs.NamedType("i64"):
            expr = low.own(operands[0])
            for other in operands[1:]:
                expr = rs.Method(typed(expr), name, (low.own(other),))
            return Operand(result, expr)
    return _fold_compare(low, name, operands)


def _number(operand: Operand) -> bool:
    return operand.type.tags() <= {"int", "float"}


def _fold_floats(low: Lowering, name: str, operands: list[Operand]) -> Operand:
    return _fold_compare(low, name, operands)


def _fold_compare(low: Lowering, name: str, operands: list[Operand]) -> Operand:
    """`min(a, b)` by comparison: the first stays unless a later one is smaller."""
    joined = join_all(o.type for o in operands)
    symbol = "<" if name == "min" else ">"
    held = [low.named(o, "candidate") for o in operands]
    best = held[0]
    for other in held[1:]:
        test = truth(low, compare(low, symbol, other, best))
        then, orelse = low.convert(other, joined), low.convert(best, joined)
        value = rs.If(test, rs.Block((), then), rs.Block((), orelse))
        best = low.named(Operand(joined, value), "best")
    return Operand(
        _narrowed(name, [o.type for o in operands])
        if low.rust(joined) == low.rust(_narrowed(name, [o.type for o in operands]))
        else joined,
        best.expr,
        "place",
    )


def materialised(site: CallSite, position: int = 0) -> Operand:
    """The argument, a generator expression as a list."""
    low = site.low
    if site.given is None and isinstance(site.nodes[position], ast.GeneratorExp):
        node = site.nodes[position]
        assert isinstance(node, ast.GeneratorExp)
        first = node.generators[0].iter
        if isinstance(first, ast.Call) and ast.unparse(first.func).split(".")[-1] in {"count", "cycle"}:
            raise low.refuse(node, "a generator expression without end as an argument")
        as_list = ast.copy_location(ast.ListComp(node.elt, node.generators), node)
        cached = low.instance.memory.setdefault(("list of", node), as_list)
        assert isinstance(cached, ast.ListComp)
        return low.expression(cached)
    given = site.operands[position]
    return given if is_enum_class(given) else stored(low, given)


def is_enum_class(operand: Operand) -> bool:
    """Whether it is an enum itself, which is iterated over its members."""
    known = operand.static
    return known is not None and getattr(known.what, "enum_members", None) is not None


def items_of(site: CallSite, position: int = 0) -> Iteration:
    """How the argument is iterated."""
    low = site.low
    if site.given is None and isinstance(site.nodes[position], ast.Call):
        return source_of(low, site.nodes[position])
    return iterate(low, materialised(site, position))


def plain_iterator(low: Lowering, each: Iteration) -> rs.Expression:
    """A Rust iterator over items; one that may fail becomes a list first."""
    if each.fallible:
        return rs.Method(low.fallible(rs.Method(each.iterator, "list")), "iter")
    return each.iterator


def _of_items(site: CallSite, name: str) -> Operand:
    low = site.low
    key = key_of(site)
    default = site.keyword("default")
    each = items_of(site)
    if each.item.never:
        return (
            low.type_error(f"{name}() arg is an empty sequence", "VALUE_ERROR")
            if default is None
            else stored(low, default)
        )
    iterator = plain_iterator(low, each)
    if key is not None and key.type != NONE:
        closures = key_closure(low, key, each.item, "<" if name == "min" else ">")
        return _chosen_by_key(site, name, each.item, (iterator, *closures), default)
    if needs_asking(low, each.item):
        wins = asked_order(low, each.item, "<" if name == "min" else ">")
        return _chosen(site, name, each.item, low.fallible(call("best_raising", iterator, wins)), default)
    if default is not None:
        found = call("least" if name == "min" else "greatest", iterator)
        return _with_default(low, each.item, found, default)
    return Operand(each.item, low.fallible(call(f"{name}_of", iterator)))


def _chosen_by_key(
    site: CallSite, name: str, item: Type, arguments: tuple[rs.Expression, ...], default: Operand | None
) -> Operand:
    low = site.low
    if raising(arguments[1:]):
        return _chosen(site, name, item, low.fallible(call("best_by_key_raising", *arguments)), default)
    if default is None:
        return Operand(item, low.fallible(call(f"{name}_by_key", *arguments)))
    return _with_default(low, item, low.fallible(call(f"{name}_by_key_or_none", *arguments)), default)


def _chosen(site: CallSite, name: str, item: Type, found: rs.Expression, default: Operand | None) -> Operand:
    """What was chosen, or the default, or the error of an empty argument."""
    low = site.low
    if default is not None:
        return _with_default(low, item, found, default)
    missing = rs.Closure((), call("empty_argument", rs.Text(name)))
    return Operand(item, low.fallible(rs.Method(found, "ok_or_else", (missing,))))


def _with_default(low: Lowering, item: Type, found: rs.Expression, default: Operand) -> Operand:
    default = stored(low, default)
    joined = item.join(default.type)
    name = low.fresh("best")
    arms = (
        rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), low.convert_apart(Operand(item, rs.Name(name)), joined)),
        rs.Arm(rs.VariantPattern("None"), low.convert_apart(default, joined)),
    )
    return Operand(joined, rs.Match(found, arms))


def _by_key(site: CallSite, name: str, values: Operand, key: Operand) -> Operand:
    low = site.low
    each = iterate(low, values)
    closures = key_closure(low, key, each.item, "<" if name == "min" else ">")
    return _chosen_by_key(site, name, each.item, (each.iterator, *closures), None)


@builtin("sorted")
def _sorted(site: CallSite) -> Operand:
    low = site.low
    each = items_of(site)
    iterator = plain_iterator(low, each)
    reverse = site.keyword("reverse")
    backwards = rs.Boolean(False) if reverse is None else truth(low, reverse)
    type_ = low.list_of(each.item)
    shape = type_.only
    assert isinstance(shape, ListShape)
    if low.rust(each.item) != low.rust(low.contents(shape.cell)):
        iterator = _mapped(low, each.item, low.contents(shape.cell), iterator)
    key = key_of(site)
    if key is not None and is_cmp_to_key(key):
        made = low.named(Operand(type_, rs.Method(iterator, "collect", (), (low.rust(type_),))), "sorted_items")
        compared = compare_closure(low, key, low.contents(shape.cell))
        low.emit(rs.Evaluate(low.fallible(rs.Method(made.expr, "sort_by_compare", (backwards, compared)))))
        return made
    if key is not None and key.type != NONE:
        closures = key_closure(low, key, low.contents(shape.cell))
        made_by = f"sorted_by_key{raising(closures)}"
        return Operand(type_, low.fallible(call(made_by, iterator, backwards, *closures)))
    if each.item.never:
        return _nothing(low, each, Operand(type_, empty(low, type_, "List")))
    held = low.contents(shape.cell)
    if needs_asking(low, held):
        return Operand(type_, low.fallible(call("sorted_raising", iterator, backwards, asked_order(low, held))))
    return Operand(type_, call("sorted", iterator, backwards))


def _mapped(low: Lowering, item: Type, target: Type, iterator: rs.Expression) -> rs.Expression:
    name = low.fresh("item")
    body = low.convert_apart(Operand(item, rs.Name(name)), target)
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    return rs.Method(source, "map", (rs.Closure(((rs.Bind(name), None),), body),))


# containers


def _collected(site: CallSite, kind: str) -> Operand:
    """`list(xs)`, `set(xs)`, `frozenset(xs)`, `deque(xs)`."""
    low = site.low
    is_set = kind in {"set", "frozenset"}
    type_ = low.set_of(kind=kind) if is_set else low.list_of(kind=kind)
    shape = type_.only
    assert isinstance(shape, ListShape | SetShape)
    rust_name = {"list": "List", "set": "Set", "frozenset": "FrozenSet", "deque": "Deque"}[kind]
    if site.count == 0:
        return Operand(type_, empty(low, type_, rust_name))
    if site.given is None and isinstance(site.nodes[0], ast.GeneratorExp) and kind in {"list", "set"}:
        node = site.nodes[0]
        made = ast.ListComp(node.elt, node.generators) if kind == "list" else ast.SetComp(node.elt, node.generators)
        cached = low.instance.memory.setdefault(("display", node, kind), ast.copy_location(made, node))
        return low.expression(cached)  # type: ignore[arg-type]
    return _collect(low, items_of(site), type_, rust_name)


def _nothing(low: Lowering, each: Iteration, value: Operand) -> Operand:
    """`value` for an iteration whose items never come; what it does before its end is still done."""
    if each.fallible:
        low.emit(rs.Evaluate(low.fallible(rs.Method(each.iterator, "list"))))
    elif isinstance(each.iterator, rs.BlockExpression):
        low.emit(rs.Evaluate(each.iterator))
    return value


def _collect(low: Lowering, each: Iteration, type_: Type, rust_name: str) -> Operand:
    shape = type_.only
    assert isinstance(shape, ListShape | SetShape)
    shape.cell.join(each.item)
    held = low.contents(shape.cell)
    if each.item.never:
        return _nothing(low, each, Operand(type_, empty(low, type_, rust_name)))
    iterator = plain_iterator(low, each)
    if each.fallible and rust_name == "List" and low.rust(each.item) == low.rust(held):
        return Operand(type_, low.fallible(rs.Method(each.iterator, "list")))
    if low.rust(each.item) != low.rust(held):
        iterator = _mapped(low, each.item, held, iterator)
    if isinstance(iterator, rs.Array):
        iterator = rs.Method(iterator, "into_iter")
    return Operand(type_, rs.Method(iterator, "collect", (), (low.rust(type_),)))


builtin("list")(lambda site: _collected(site, "list"))
builtin("set")(lambda site: _collected(site, "set"))
builtin("frozenset")(lambda site: _collected(site, "frozenset"))


def list_from(low: Lowering, operand: Operand) -> Operand:
    """Anything that can be iterated, as a list."""
    if isinstance(operand.type.only, ListShape) and operand.type.only.kind == "list":
        return operand
    return _collect(low, iterate(low, operand), low.list_of(), "List")


def set_from(low: Lowering, operand: Operand) -> Operand:
    """Anything that can be iterated, as a set."""
    return _collect(low, iterate(low, operand), low.set_of(), "Set")


@builtin("tuple")
def _tuple(site: CallSite) -> Operand:
    low = site.low
    if site.count == 0:
        return Operand(seq_of(NEVER), call("Seq::<()>::from", rs.Array(())))
    value = materialised(site)
    return to_tuple(low, value)


def to_tuple(low: Lowering, value: Operand) -> Operand:
    """Anything that can be iterated, as a tuple."""
    if isinstance(value.type.only, TupleShape | SeqShape):
        return value
    each = iterate(low, value)
    type_ = seq_of(each.item)
    if each.item.never:
        return _nothing(low, each, Operand(seq_of(NEVER), call("Seq::<()>::from", rs.Array(()))))
    iterator = plain_iterator(low, each)
    if isinstance(iterator, rs.Array):
        iterator = rs.Method(iterator, "into_iter")
    return Operand(type_, rs.Method(iterator, "collect", (), (low.rust(type_),)))


@builtin("dict")
def _dict(site: CallSite) -> Operand:
    from sovereign.migration.depyler.methods_dict import update_from

    low = site.low
    type_ = low.dict_of()
    shape = type_.only
    assert isinstance(shape, DictShape)
    keywords = site.keywords if site.given is None else []
    if site.count == 0 and not keywords:
        return Operand(type_, empty(low, type_, "Dict"))
    if site.count == 1 and not keywords:
        value = (
            site.operands[0]
            if not (site.given is None and isinstance(site.nodes[0], ast.GeneratorExp))
            else materialised(site)
        )
        if value.type.tags() == {"Environment"}:
            shape.key.join(STR)
            shape.value.join(STR)
            return Operand(type_, rs.Method(low.receiver(value), "copy"))
        if isinstance(value.type.only, DictShape):
            shape.key.unite(value.type.only.key)
            shape.value.unite(value.type.only.value)
            return Operand(type_, rs.Method(low.receiver(value), "copy"))
    else:
        value = materialised(site) if site.count else None  # type: ignore[assignment]
    name = low.fresh("made")
    length = len(low.out)
    if value is not None:
        held = Operand(type_, rs.Name(name), "place")
        result = update_from(low, held, shape, value)
        if not isinstance(result.expr, rs.Tuple):
            low.emit(rs.Evaluate(result.expr))
    for keyword in keywords:
        if keyword.arg is None:
            raise site.refuse("`dict(**d)`")
        item = stored(low, low.expression(keyword.value))
        shape.key.join(STR)
        shape.value.join(item.type)
        key = low.put(Operand(STR, call("Str::literal", rs.Text(keyword.arg))), shape.key)
        arguments = (key, low.put(item, shape.value))
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set_item", arguments)))
    low.out.insert(length, rs.Let(rs.Bind(name), low.rust(type_), call("Dict::new")))
    return Operand(type_, rs.Name(name), "place")


@builtin("dict.fromkeys")
def _fromkeys(site: CallSite) -> Operand:
    low = site.low
    type_ = low.dict_of()
    shape = type_.only
    assert isinstance(shape, DictShape)
    value = site.argument(1)
    default = low.named(stored(low, value), "default") if value is not None else Operand(NONE, rs.Tuple())
    shape.value.join(default.type)
    each = items_of(site)
    shape.key.join(each.item)
    name = low.fresh("made")
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), call("Dict::new")))

    def body(item: Operand) -> None:
        arguments = (low.put(item, shape.key), low.put(default, shape.value))
        low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set_item", arguments)))

    each.loop(low, "key", body)
    return Operand(type_, rs.Name(name), "place")


@builtin("len")
def _len(site: CallSite) -> Operand:
    low = site.low
    return distribute(low, site.operands[0], lambda one: _len_one(low, one))


_SIZED = {
    "list",
    "dict",
    "set",
    "frozenset",
    "str",
    "bytes",
    "bytearray",
    "range",
    "deque",
    "defaultdict",
    "Counter",
    "OrderedDict",
}
LIBRARY_SIZED: set[str] = {"DictKeys", "DictValues", "DictItems"}


def _len_one(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = operand.type.shapes[0]
    members = getattr(getattr(shape, "what", None), "enum_members", None)
    if members is not None:
        return Operand(integer(len(members), len(members)), rs.Integer(len(members)), constant=len(members))
    if isinstance(operand.constant, str):
        length = len(operand.constant)
        return Operand(integer(length, length), rs.Integer(length), constant=length)
    if isinstance(shape, TupleShape):
        count = len(shape.items)
        return Operand(integer(count, count), low.after(operand, rs.Integer(count)), constant=count)
    if isinstance(shape, SeqShape) or shape.tag in _SIZED or shape.tag in LIBRARY_SIZED:
        return Operand(LENGTH, rs.Method(low.receiver(operand), "len"))
    if has_method(operand, "__len__"):
        return call_method(low, operand, "__len__", [])
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"`len` of `{python_type_name(shape)}`")
    return low.type_error(f"object of type '{python_type_name(shape)}' has no len()")


# iteration


@builtin("range")
def _range(site: CallSite) -> Operand:
    low = site.low
    values = [small_index(low, o) for o in site.operands]
    start = values[0] if len(values) > 1 else rs.Integer(0)
    stop = values[1] if len(values) > 1 else values[0]
    step = values[2] if len(values) > 2 else rs.Integer(1)
    made = call("Range::new", start, stop, step)
    known = isinstance(step, rs.Integer) and step.value != 0
    return Operand(Type((Atom("range"),)), rs.Method(made, "unwrap") if known else low.fallible(made))


@builtin("iter")
def _iter(site: CallSite) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    low = site.low
    value = site.operands[0]
    if site.count == 2:
        return _iter_until(site)
    shape = value.type.only
    if isinstance(shape, InstanceShape) and has_method(value, "__iter__"):
        return call_method(low, value, "__iter__", [])
    return as_iter(low, value)


def _iter_until(site: CallSite) -> Operand:
    """`iter(function, sentinel)`: what the function gives, until it gives something equal to the last argument."""
    from sovereign.migration.depyler.function_values import call_value
    from sovereign.migration.depyler.operators import equals

    low = site.low
    function = low.named(stored(low, site.operands[0]), "source")
    sentinel = low.named(stored(low, site.operands[1]), "sentinel")
    kind = function.type.only
    if sentinel.type.only is None or not isinstance(kind, FunctionShape):
        raise site.refuse("`iter` with a sentinel of several types, or of no function")
    low.closure_depth += 1
    frames, low.frames = low.frames, []
    with low.capture() as statements:
        result = low.named(call_value(low, function, kind, [], {}), "item")
        type_ = low.iter_of(result.type)
        shape = type_.only
        assert isinstance(shape, IterShape)
        same = low.own(equals(low, result, sentinel))
        stop = rs.Return(call("Err", call("Exc::bare", rs.Borrow(rs.Name("STOP_ITERATION")))))
        low.emit(rs.Evaluate(rs.If(same, rs.Block((rs.Evaluate(stop),)))))
        value = low.convert(result, low.contents(shape.cell))
    low.frames = frames
    low.closure_depth -= 1
    maker = call("Iter::from_next", rs.Closure((), block_of(statements, call("Ok", value)), moves=True))
    kept = [
        rs.Let(rs.Bind(o.expr.path), None, low.own(Operand(o.type, o.expr, "place")))
        for o in (function, sentinel)
        if isinstance(o.expr, rs.Name)
    ]
    return Operand(type_, rs.BlockExpression(rs.Block(tuple(kept), maker)))


@builtin("next")
def _next(site: CallSite) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    low = site.low
    value = site.operands[0]
    default = site.argument(1)
    shape = value.type.only
    if isinstance(shape, InstanceShape) and has_method(value, "__next__"):
        if default is not None:
            each = iterate(low, Operand(value.type, value.expr, value.form))
            found = low.fallible(rs.Method(each.iterator, "step"))
            return _with_default(low, each.item, found, default)
        return call_method(low, value, "__next__", [])
    if shape is not None and shape.tag == "Generator":
        from sovereign.migration.depyler.generators import next_item

        if default is None:
            return next_item(low, value)
        return _with_default(
            low, iterate(low, value).item, low.fallible(rs.Method(low.receiver(value), "step")), default
        )
    if not isinstance(shape, IterShape):
        if value.type.never:
            return low.never()
        if shape is None and default is None:
            return distribute(low, value, lambda one: _next_of(site, one))
        if shape is None:
            raise site.refuse("`next` of a value of several types with a default")
        return low.type_error(f"'{python_type_name(shape)}' object is not an iterator")
    item = low.contents(shape.cell)
    if default is None:
        return Operand(item, low.fallible(rs.Method(low.receiver(value), "next_item")))
    found = low.fallible(rs.Method(low.receiver(value), "step"))
    return _with_default(low, item, found, default)


def _next_of(site: CallSite, value: Operand) -> Operand:
    inner = CallSite(site.low, site.node)
    inner.given = ([value], {})
    return _next(inner)


@builtin("enumerate")
def _enumerate(site: CallSite) -> Operand:
    low = site.low
    each = source_of(low, site.whole) if site.given is None else None
    if each is None:
        raise site.refuse("`enumerate` as a function value")
    return _iterator_of(low, each)


def _iterator_of(low: Lowering, each: Iteration) -> Operand:
    type_ = low.iter_of(each.item)
    if each.fallible:
        return Operand(type_, each.iterator)
    source = rs.Method(each.iterator, "into_iter") if isinstance(each.iterator, rs.Array) else each.iterator
    return Operand(type_, call("Iter::infallible", source))


@builtin("zip")
def _zip(site: CallSite) -> Operand:
    low = site.low
    if site.given is None and len(site.nodes) == 1 and isinstance(site.nodes[0], ast.Starred):
        return _zip_star(low, site.nodes[0])
    if site.given is None and not any(isinstance(a, ast.Starred) for a in site.nodes):
        found = zip_source(low, site.whole)
        if found is not None:
            return _iterator_of(low, found)
    return _zip_iters(site)


def _zip_iters(site: CallSite) -> Operand:
    low = site.low
    operands = [as_iter(low, stored(low, o)) for o in site.operands]
    items = []
    for operand in operands:
        shape = operand.type.only
        assert isinstance(shape, IterShape)
        items.append(low.contents(shape.cell))
    names = {2: "zip_iters", 3: "zip_iters3"}
    strict = site.keyword("strict")
    if strict is not None and not isinstance(strict.constant, bool):
        raise site.refuse("`strict` that is not known while translating")
    if strict is not None and strict.constant:
        names = {2: "zip_strict"}
    if len(operands) == 1:
        raise site.refuse("`zip` of one iterable")
    if len(operands) not in names:
        raise site.refuse(f"`zip` of {len(operands)} iterators")
    return Operand(low.iter_of(tuple_of(*items)), call(names[len(operands)], *(low.own(o) for o in operands)))


def _zip_star(low: Lowering, node: ast.Starred) -> Operand:
    """`zip(*rows)`: the columns of a list of sequences."""
    value = low.expression(node.value)
    shape = value.type.only
    rows = iterate(low, value).item
    if value.type.never or rows.never:
        return Operand(low.iter_of(), call("Iter::infallible", call("core::iter::empty::<()>")))
    inner = rows.only
    if isinstance(inner, ListShape):
        item = low.contents(inner.cell)
        type_ = low.iter_of(seq_of(item))
        return Operand(type_, call("columns", low.borrow(value)))
    if isinstance(inner, TupleShape) and inner.items and isinstance(shape, ListShape):
        return _columns_of_pairs(low, value, inner)
    if rows == STR:
        return Operand(low.iter_of(seq_of(STR)), call("text_columns", low.borrow(value)))
    if isinstance(inner, SeqShape):
        return Operand(low.iter_of(seq_of(inner.item)), call("seq_columns", low.borrow(value)))
    raise low.refuse(node, f"`zip(*x)` of {value.type!r}")


def _columns_of_pairs(low: Lowering, value: Operand, row: TupleShape) -> Operand:
    """`zip(*pairs)`: the pairs as rows whose items are of one type."""
    target = seq_of(join_all(row.items))
    assert isinstance(target.only, SeqShape)
    name = low.fresh("row")
    low.closure_depth += 1
    with low.capture() as statements:
        body = low.convert(Operand(Type((row,)), rs.Name(name)), target)
    body = block_of(statements, body)
    low.closure_depth -= 1
    listed = rs.NamedType("List", (low.rust(target),))
    each = rs.Method(rs.Method(low.receiver(value), "iter"), "map", (rs.Closure(((rs.Bind(name), None),), body),))
    rows = rs.Method(each, "collect", (), (listed,))
    return Operand(low.iter_of(seq_of(target.only.item)), call("seq_columns", rs.Borrow(rows)))


@builtin("reversed")
def _reversed(site: CallSite) -> Operand:
    low = site.low
    if site.given is None:
        found = reversed_source(low, site.whole)
        if found is not None:
            return _iterator_of(low, found)
    value = stored(low, site.operands[0])
    shape = value.type.only
    if isinstance(shape, TupleShape):
        target = seq_of(join_all(shape.items))
        value = Operand(target, low.convert(value, target))
    each = iterate(low, value)
    if isinstance(shape, DictShape):
        keys = low.list_of(each.item)
        value = Operand(keys, rs.Method(rs.Method(low.receiver(value), "keys"), "collect", (), (low.rust(keys),)))
    elif shape is None or shape.tag not in {"list", "str", "tuple", "deque"}:
        if shape is None or shape.tag not in {"bytes", "bytearray", "range", "DictKeys", "DictValues", "DictItems"}:
            raise site.refuse(f"`reversed` of {value.type!r}")
        value = list_from(low, value)
    return _iterator_of(low, Iteration(each.item, rs.Method(low.receiver(value), "reversed")))


@builtin("map")
def _map(site: CallSite) -> Operand:
    """A lazy map: a closure that holds the function and the iterator."""
    low = site.low
    function = low.expression(site.nodes[0]) if site.given is None else site.operands[0]
    sources = [as_iter(low, stored(low, o)) for o in _rest(site)]
    return _lazy(site, function, sources, None)


def _rest(site: CallSite) -> list[Operand]:
    if site.given is not None:
        return site.operands[1:]
    result = []
    for index, node in enumerate(site.nodes[1:], 1):
        if isinstance(node, ast.GeneratorExp):
            result.append(materialised(site, index))
        else:
            result.append(site.low.expression(node))
    return result


@builtin("filter")
def _filter(site: CallSite) -> Operand:
    low = site.low
    function = low.expression(site.nodes[0]) if site.given is None else site.operands[0]
    sources = [as_iter(low, stored(low, o)) for o in _rest(site)]
    return _lazy(site, function, sources, "filter")


def _lazy(site: CallSite, function: Operand, sources: list[Operand], kind: str | None) -> Operand:
    low = site.low
    names = [low.fresh("source") for _ in sources]
    items = []
    for name, source in zip(names, sources, strict=True):
        shape = source.type.only
        assert isinstance(shape, IterShape)
        items.append(low.contents(shape.cell))
        low.emit(rs.Let(rs.Bind(name), None, low.own(source)))
    if any(item.never for item in items):
        return Operand(low.iter_of(), call("Iter::infallible", call("core::iter::empty::<()>")))
    captures = captures_of(low, function) if function.static is not None and function.static.kind != "builtin" else []
    if function.static is None and function.type != NONE:
        held = low.fresh("function")
        low.emit(rs.Let(rs.Bind(held), None, low.own(function)))
        function = Operand(function.type, rs.Name(held), "place")
    frames, low.frames = low.frames, []
    generator, low.in_generator = low.in_generator, False
    low.closure_depth += 1
    variables = [low.fresh("item") for _ in sources]
    with low.capture() as statements, low.owning(captures):
        function = held_function(low, function)
        for variable, name in zip(variables, names, strict=True):
            step = low.fallible(rs.Method(rs.Name(name), "step"))
            none = rs.Return(call("Ok", rs.Name("None")))
            pattern = rs.VariantPattern("Some", (rs.Bind(variable),))
            low.emit(
                rs.Let(
                    rs.Bind(variable),
                    None,
                    rs.Match(step, (rs.Arm(pattern, rs.Name(variable)), rs.Arm(rs.VariantPattern("None"), none))),
                )
            )
        arguments = [Operand(t, rs.Name(v), "place") for t, v in zip(items, variables, strict=True)]
        if kind == "filter":
            test = truth(low, arguments[0] if function.type == NONE else inline_call(low, function, arguments))
            some = rs.Return(
                call(
                    "Ok",
                    call(
                        "Some",
                        low.own(arguments[0]) if not isinstance(arguments[0].expr, rs.Name) else arguments[0].expr,
                    ),
                )
            )
            low.emit(rs.Evaluate(rs.If(test, rs.Block((rs.Evaluate(some),)))))
            type_ = low.iter_of(items[0])
            final: rs.Expression = rs.Tuple()
        else:
            result = stored(low, inline_call(low, function, arguments))
            type_ = low.iter_of(result.type)
            shape = type_.only
            assert isinstance(shape, IterShape)
            final = call("Ok", call("Some", low.put(result, shape.cell)))
    low.closure_depth -= 1
    low.in_generator = generator
    low.frames = frames
    if kind == "filter":
        body: rs.Expression = rs.BlockExpression(rs.Block((rs.Loop(rs.Block(tuple(statements))),)))
    else:
        body = rs.BlockExpression(rs.Block(tuple(statements), final))
    made = call("Iter::new", rs.Closure((), body, moves=True))
    if captures:
        made = rs.BlockExpression(rs.Block(tuple(captures), made))
    return Operand(type_, made)


# output and input


@builtin("print")
def _print(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import print_call

    return print_call(site)


@builtin("input")
def _input(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import to_str

    low = site.low
    prompt = to_str(low, site.operands[0]) if site.count else None
    text = low.borrow(prompt) if prompt is not None else rs.Text("")
    return Operand(STR, low.fallible(call("input", text)))


# classes and identity


@builtin("isinstance")
def _isinstance(site: CallSite) -> Operand:
    from sovereign.migration.depyler.conditions import condition
    from sovereign.migration.depyler.variables import join_env

    low = site.low
    found = condition(low, site.whole)
    low.env = join_env(found.when_true, found.when_false)
    return Operand(BOOL, found.expr, constant=found.known)


@builtin("issubclass")
def _issubclass(site: CallSite) -> Operand:
    from sovereign.migration.depyler.conditions import kinds_of

    given = site.operands[0].static
    kinds = [kind.static for kind in kinds_of(site.low, site.nodes[1])] if site.given is None else []
    if given is None or not kinds or None in kinds or given.kind not in {"class", "builtin"}:
        raise site.refuse("`issubclass` with classes that are not known while translating")
    found = [_derives(given, kind) for kind in kinds if kind is not None]
    if None in found and True not in found:
        raise site.refuse("`issubclass` with such classes")
    return Operand(BOOL, rs.Boolean(True in found), constant=True in found)


def _derives(cls: StaticShape, other: StaticShape) -> bool | None:
    """Whether a class derives from another; None where that is not known."""
    if isinstance(cls.what, ClassInfo) and isinstance(other.what, ClassInfo):
        return cls.what.is_subclass(other.what)
    if other.kind == "builtin" and other.name == "object":
        return True
    name = cls.what.builtin_root() if isinstance(cls.what, ClassInfo) else cls.name
    if isinstance(other.what, ClassInfo):
        return False
    own, base = getattr(builtins, name, None), getattr(builtins, other.name, None)
    if isinstance(cls.what, ClassInfo) and not name:
        return False if isinstance(base, type) else None
    return issubclass(own, base) if isinstance(own, type) and isinstance(base, type) else None


@builtin("callable")
def _callable(site: CallSite) -> Operand:
    from sovereign.migration.depyler.calls import has_method

    operand = site.operands[0]
    if operand.static is not None:
        return Operand(BOOL, rs.Boolean(True), constant=True)
    yes = Type(
        s for s in operand.type if s.tag == "function" or has_method(Operand(Type((s,)), operand.expr), "__call__")
    )
    if yes.never or len(yes.shapes) == len(operand.type.shapes):
        return Operand(BOOL, site.low.after(operand, rs.Boolean(not yes.never)), constant=not yes.never)
    from sovereign.migration.depyler.conditions import tag_test

    return Operand(BOOL, tag_test(site.low, operand, yes))


@builtin("type")
def _type(site: CallSite) -> Operand:
    operand = site.operands[0]
    only = operand.type.only
    if site.count != 1:
        raise site.refuse("`type` with three arguments")
    if isinstance(only, InstanceShape):
        return static("class", only.cls.unique, only.cls)
    if only is not None and operand.static is None and only.tag != "exception":
        return static("builtin", "NoneType" if only.tag == "none" else only.tag)
    if operand.type.never:
        return site.low.never()
    return type_value(site.low, operand)


@builtin("hash")
def _hash(site: CallSite) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    low = site.low
    operand = stored(low, site.operands[0])
    if has_method(operand, "__hash__"):
        return call_method(low, operand, "__hash__", [])
    shape = operand.type.only
    if shape is not None and shape.tag in {"list", "dict", "set"}:
        return low.type_error(f"unhashable type: '{shape.tag}'")
    return Operand(integer(-(1 << 63), (1 << 63) - 1), call("hash_of", low.borrow(operand)))


@builtin("id")
def _id(site: CallSite) -> Operand:
    raise site.refuse("`id`: it differs from run to run")


@builtin("hasattr")
def _hasattr(site: CallSite) -> Operand:
    low = site.low
    operand, name = site.operands[0], site.operands[1].constant
    if not isinstance(name, str):
        raise site.refuse("`hasattr` with a name that is not known while translating")
    only = operand.type.only
    if isinstance(only, InstanceShape):
        only.cls.readers.add(low.instance)
        only.cls.counters.add(low.instance)
        found = (
            name in only.cls.fields
            or only.cls.find_method(name) is not None
            or any(name in c.constants for c in only.cls.mro())
        )
        return Operand(BOOL, rs.Boolean(found), constant=found)
    from sovereign.migration.depyler.methods import _python_class

    kind = _python_class(only.tag) if only is not None else None
    if kind is None:
        raise site.refuse("`hasattr` of such a value")
    return Operand(BOOL, rs.Boolean(hasattr(kind, name)), constant=hasattr(kind, name))


@builtin("getattr")
def _getattr(site: CallSite) -> Operand:
    from sovereign.migration.depyler.attributes import attribute

    name = site.operands[1].constant
    if not isinstance(name, str):
        raise site.refuse("`getattr` with a name that is not known while translating")
    operand = site.operands[0]
    only = operand.type.only
    if site.count == 3 and isinstance(only, InstanceShape):
        only.cls.readers.add(site.low.instance)
        only.cls.counters.add(site.low.instance)
        known = (
            name in only.cls.fields or only.cls.find_method(name) or any(name in c.constants for c in only.cls.mro())
        )
        if not known:
            return stored(site.low, site.operands[2])
    return attribute(site.low, operand, name)


@builtin("setattr")
def _setattr(site: CallSite) -> Operand:
    from sovereign.migration.depyler.attributes import assign_attribute

    name = site.operands[1].constant
    if not isinstance(name, str):
        raise site.refuse("`setattr` with a name that is not known while translating")
    assign_attribute(site.low, site.operands[0], name, site.operands[2])
    return Operand(NONE, rs.Tuple())


@builtin("format")
def _format(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import format_value

    low = site.low
    spec = site.argument(1)
    return format_value(low, site.operands[0], spec)


@builtin("str.maketrans")
def _maketrans(site: CallSite) -> Operand:
    low = site.low
    type_ = low.opaque("TranslationTable")
    if site.count == 1:
        shape = site.operands[0].type.only
        if isinstance(shape, DictShape):
            return Operand(type_, call("translation_table", low.borrow(site.operands[0])))
    return Operand(
        type_,
        low.fallible(
            call("Str::maketrans", text_argument(site, 0), text_argument(site, 1), text_argument(site, 2, default=""))
        ),
    )


def _not_implemented(low: Lowering) -> Operand:
    low.instance.memory["not implemented"] = True
    return static("builtin", "NotImplemented")


CONSTANTS["NotImplemented"] = _not_implemented
CONSTANTS["typing.TYPE_CHECKING"] = lambda low: Operand(BOOL, rs.Boolean(False), constant=False)
CONSTANTS["Ellipsis"] = lambda low: Operand(NONE, rs.Tuple())
