"""`math` and `cmath`.

Enters: call sites. Leaves: operands; the support module's `math_*` functions give CPython's results and errors.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import CONSTANTS, FUNCTIONS, builtin
from sovereign.migration.depyler.calls import CallSite
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import small_index
from sovereign.migration.depyler.operators import as_float, as_int, as_plain, call, python_type_name
from sovereign.migration.depyler.types import BOOL, FLOAT, INT, NONE, InstanceShape, IntShape, Type, integer, tuple_of
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable


__all__: list[str] = []

CONSTANTS["math.pi"] = lambda low: Operand(FLOAT, rs.Name("core::f64::consts::PI"))
CONSTANTS["math.e"] = lambda low: Operand(FLOAT, rs.Name("core::f64::consts::E"))
CONSTANTS["math.tau"] = lambda low: Operand(FLOAT, rs.Name("core::f64::consts::TAU"))
CONSTANTS["math.inf"] = lambda low: Operand(FLOAT, rs.Name("f64::INFINITY"))
CONSTANTS["math.nan"] = lambda low: Operand(FLOAT, rs.Name("f64::NAN"))


def number(low: Lowering, operand: Operand) -> rs.Expression:
    """An argument as `f64`; the TypeError of Python for other types."""
    operand = as_plain(low, operand)
    only = operand.type.only
    if only is not None and only.tag not in {"int", "float", "bool"}:
        from sovereign.migration.depyler.builtin_functions import float_of

        if isinstance(only, InstanceShape) or only.tag in {"Fraction", "Decimal"}:
            return low.own(float_of(low, operand))
        return low.type_error(f"must be real number, not {python_type_name(only)}").expr
    if only is None:
        from sovereign.migration.depyler.alternatives import distribute

        return low.own(distribute(low, operand, lambda one: Operand(FLOAT, number(low, one))))
    return as_float(low, operand)


_FALLIBLE = (
    "sqrt", "exp", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "sinh", "cosh",
    "acosh", "atanh", "expm1", "exp2", "gamma", "lgamma",
)  # fmt: skip
_PLAIN = ("atan", "asinh", "tanh", "erf", "erfc", "degrees", "radians", "fabs", "cbrt", "ulp")
_BINARY = {"pow": True, "fmod": True, "remainder": True, "atan2": False, "copysign": False, "nextafter": False}


def _one(name: str, *, raises: bool) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        if site.count != 1:
            return site.low.type_error(f"math.{name}() takes exactly one argument ({site.count} given)")
        value = call(f"math_{name}", number(site.low, site.operands[0]))
        return Operand(FLOAT, site.low.fallible(value) if raises else value)

    return handler


for _name in _FALLIBLE:
    builtin(f"math.{_name}")(_one(_name, raises=True))
for _name in _PLAIN:
    builtin(f"math.{_name}")(_one(_name, raises=False))


def _two(name: str, *, raises: bool) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        value = call(f"math_{name}", *(number(site.low, o) for o in site.operands))
        return Operand(FLOAT, site.low.fallible(value) if raises else value)

    return handler


for _name, _raises in _BINARY.items():
    builtin(f"math.{_name}")(_two(_name, raises=_raises))


@builtin("math.log")
def _log(site: CallSite) -> Operand:
    low = site.low
    given = as_int(low, site.operands[0])
    only = given.type.only
    if isinstance(only, IntShape) and not only.small:
        value = low.fallible(call("math_log_int", low.borrow(given)))
    else:
        value = low.fallible(call("math_log", number(low, given)))
    if site.count == 1:
        return Operand(FLOAT, value)
    base = low.fallible(call("math_log", number(low, site.operands[1])))
    return Operand(FLOAT, low.fallible(call("float_true_div", value, base)))


def _whole(name: str, dunder: str) -> Callable[[CallSite], Operand]:
    def one(low: Lowering, operand: Operand) -> Operand:
        from sovereign.migration.depyler.calls import call_method, has_method

        operand = as_int(low, as_plain(low, operand))
        if isinstance(operand.type.only, IntShape):
            return operand
        if operand.type == FLOAT:
            return Operand(INT, low.fallible(call(f"math_{name}", low.own(operand))))
        if has_method(operand, dunder):
            return call_method(low, operand, dunder, [])
        library = FUNCTIONS.get(f"{operand.type.shapes[0].tag}.{dunder}")
        if library is not None:
            site = CallSite(low, low.node, operand)  # type: ignore[arg-type]
            site.given = ([operand], {})
            return library(site)
        return low.type_error(f"must be real number, not {python_type_name(operand.type.shapes[0])}")

    def handler(site: CallSite) -> Operand:
        from sovereign.migration.depyler.alternatives import distribute

        return distribute(site.low, site.operands[0], lambda operand: one(site.low, operand))

    return handler


for _name, _dunder in (("floor", "__floor__"), ("ceil", "__ceil__"), ("trunc", "__trunc__")):
    builtin(f"math.{_name}")(_whole(_name, _dunder))


def _tested(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        return Operand(BOOL, call(f"math_{name}", number(site.low, site.operands[0])))

    return handler


for _name in ("isnan", "isinf", "isfinite"):
    builtin(f"math.{_name}")(_tested(_name))


def big(low: Lowering, operand: Operand) -> rs.Expression:
    """An integer argument as `&Int`."""
    operand = as_int(low, operand)
    only = operand.type.only
    if not isinstance(only, IntShape):
        if only is None:
            return rs.Borrow(low.convert(operand, INT))
        return low.type_error(f"'{python_type_name(only)}' object cannot be interpreted as an integer").expr
    return rs.Borrow(low.convert(operand, INT)) if only.small else low.borrow(operand)


def _spread(site: CallSite) -> rs.Expression | None:
    """`*xs` as the only argument, as `&[Int]`."""
    from sovereign.migration.depyler.builtin_functions import list_from

    low = site.low
    spread = site.spread()
    if spread is None:
        return None
    each = iterate(low, list_from(low, spread))
    only = each.item.only
    if not isinstance(only, IntShape):
        raise site.refuse("`*` with items that are no integers")
    name = low.fresh("item")
    body = low.convert(Operand(each.item, rs.Name(name), "place"), INT)
    mapped = rs.Method(each.iterator, "map", (rs.Closure(((rs.Bind(name), None),), body),))
    return rs.Borrow(rs.Method(mapped, "collect", (), (rs.NamedType("Vec", (rs.NamedType("Int"),)),)))


@builtin("math.gcd")
def _gcd(site: CallSite) -> Operand:
    low = site.low
    spread = _spread(site)
    if spread is not None:
        return Operand(integer(0, None), call("math_gcd", spread))
    operands = [as_int(low, o) for o in site.operands]
    shapes = [o.type.only for o in operands]
    if all(isinstance(s, IntShape) and s.small and (s.low or 0) > -(1 << 63) for s in shapes) and operands:
        expr = low.own(operands[0])
        for other in operands[1:]:
            expr = call("gcd", expr, low.own(other))
        top = max(max(abs(s.low or 0), abs(s.high or 0)) for s in shapes if isinstance(s, IntShape))
        if len(operands) > 1:
            return Operand(integer(0, top), expr)
    if not operands:
        return Operand(integer(0, 0), rs.Integer(0))
    result = low.convert(operands[0], INT)
    if len(operands) == 1:
        return Operand(INT, rs.Method(result, "abs"))
    for other in operands[1:]:
        result = call("int_gcd", rs.Borrow(result), big(low, other))
    return Operand(integer(0, None), result)


@builtin("math.lcm")
def _lcm(site: CallSite) -> Operand:
    low = site.low
    spread = _spread(site)
    if spread is not None:
        return Operand(integer(0, None), call("math_lcm", spread))
    if not site.operands:
        return Operand(integer(1, 1), rs.Integer(1))
    values = rs.Array(tuple(low.convert(as_int(low, operand), INT) for operand in site.operands))
    return Operand(integer(0, None), call("math_lcm", rs.Borrow(values)))


@builtin("math.factorial")
def _factorial(site: CallSite) -> Operand:
    low = site.low
    given = site.operands[0]
    if given.type == FLOAT:
        return low.type_error("'float' object cannot be interpreted as an integer")
    return Operand(integer(1, None), low.fallible(call("math_factorial", big(low, given))))


@builtin("math.comb")
def _comb(site: CallSite) -> Operand:
    low = site.low
    n, k = (big(low, operand) for operand in site.operands[:2])
    return Operand(integer(0, None), low.fallible(call("math_comb", n, k)))


@builtin("math.perm")
def _perm(site: CallSite) -> Operand:
    low = site.low
    n, k = big(low, site.operands[0]), site.argument(1)
    given = rs.Name("None") if k is None or k.type == NONE else call("Some", big(low, k))
    return Operand(integer(0, None), low.fallible(call("math_perm", n, given)))


@builtin("math.isqrt")
def _isqrt(site: CallSite) -> Operand:
    low = site.low
    given = as_int(low, site.operands[0])
    only = given.type.only
    if isinstance(only, IntShape) and only.small:
        top = only.high or 0
        return Operand(integer(0, max(math.isqrt(max(top, 0)), 0)), low.fallible(call("isqrt", low.own(given))))
    return Operand(integer(0, None), low.fallible(call("int_isqrt", big(low, given))))


@builtin("math.hypot")
def _hypot(site: CallSite) -> Operand:
    spread = site.spread()
    if spread is not None:
        inner = CallSite(site.low, site.node)
        inner.given = ([spread], {})
        return Operand(FLOAT, call("math_hypot", rs.Borrow(floats(inner))))
    values = rs.Array(tuple(number(site.low, o) for o in site.operands))
    return Operand(FLOAT, call("math_hypot", rs.Borrow(values)))


def floats(site: CallSite, position: int = 0) -> rs.Expression:
    """An iterable of numbers as `Vec<f64>`."""
    from sovereign.migration.depyler.builtin_functions import items_of, plain_iterator

    low = site.low
    each = items_of(site, position)
    if each.item.never:
        return call("Vec::<f64>::new")
    iterator = plain_iterator(low, each)
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    name = low.fresh("item")
    with low.capture() as statements:
        value = number(low, Operand(each.item, rs.Name(name), "place"))
    if statements:
        raise site.refuse("such numbers")
    if value != rs.Name(name):
        source = rs.Method(source, "map", (rs.Closure(((rs.Bind(name), None),), value),))
    return rs.Method(source, "collect", (), (rs.NamedType("Vec", (rs.NamedType("f64"),)),))


@builtin("math.fsum")
def _fsum(site: CallSite) -> Operand:
    return Operand(FLOAT, site.low.fallible(call("math_fsum", floats(site))))


@builtin("math.dist")
def _dist(site: CallSite) -> Operand:
    return Operand(FLOAT, site.low.fallible(call("math_dist", rs.Borrow(floats(site)), rs.Borrow(floats(site, 1)))))


@builtin("math.prod")
def _product(site: CallSite) -> Operand:
    """The product in a loop, integers exactly."""
    from sovereign.migration.depyler.builtin_functions import loop_over
    from sovereign.migration.depyler.operators import binary
    from sovereign.migration.depyler.variables import stored

    low = site.low
    start = site.keyword("start")
    first = stored(low, start) if start is not None else Operand(integer(1, 1), rs.Integer(1), constant=1)
    variable = low.fresh("product")
    seen: list[Type] = []
    key = ("product", site.node)
    known = low.instance.memory.get(key, first.type)
    assert isinstance(known, Type)

    def body(item: Operand) -> None:
        result = binary(low, "*", Operand(known, rs.Name(variable), "place"), item)
        seen.append(result.type)
        low.emit(rs.Assign(rs.Name(variable), low.convert(result, known.join(result.type))))

    node = site.nodes[0] if site.given is None else None
    with low.capture() as statements:
        loop_over(site, node, body)
    joined = known
    for type_ in seen:
        joined = joined.join(type_)
    if joined != known:
        joined = INT.join(joined) if joined.get("int") else joined
        low.instance.memory[key] = joined
        low.instance.dirty = True
    let = rs.Let(rs.Bind(variable, mutable=True), low.rust(joined), low.convert(first, joined))
    return Operand(joined, rs.BlockExpression(rs.Block((let, *statements), rs.Name(variable))))


@builtin("math.isclose")
def _isclose(site: CallSite) -> Operand:
    low = site.low
    a, b = (number(low, o) for o in site.operands[:2])
    relative, absolute = site.keyword("rel_tol"), site.keyword("abs_tol")
    tolerances = (
        number(low, relative) if relative is not None else rs.Float(1e-9),
        number(low, absolute) if absolute is not None else rs.Float(0.0),
    )
    return Operand(BOOL, low.fallible(call("math_isclose", a, b, *tolerances)))


@builtin("math.modf")
def _modf(site: CallSite) -> Operand:
    return Operand(tuple_of(FLOAT, FLOAT), call("math_modf", number(site.low, site.operands[0])))


@builtin("math.frexp")
def _frexp(site: CallSite) -> Operand:
    value = call("math_frexp", number(site.low, site.operands[0]))
    return Operand(tuple_of(FLOAT, integer(-1100, 1100)), value)


@builtin("math.ldexp")
def _ldexp(site: CallSite) -> Operand:
    low = site.low
    exponent = small_index(low, site.operands[1])
    return Operand(FLOAT, low.fallible(call("math_ldexp", number(low, site.operands[0]), exponent)))
