"""`random`: CPython's generator and algorithms, so that seeded programs draw the same numbers.

Enters: call sites. Leaves: operands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import TYPES, builtin, list_from, plain_iterator
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.library.math import number
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, small_index
from sovereign.migration.depyler.operators import as_int, call
from sovereign.migration.depyler.types import (
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    Atom,
    IntShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
    integer,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.iteration import Iteration

__all__: list[str] = []

TYPES.add("random.Random")


def _generator(site: CallSite) -> rs.Expression:
    """The generator that a method or a function of the module draws from."""
    if site.receiver is not None and site.receiver.type.get("Random") is not None:
        return site.low.receiver(site.receiver)
    return call("random_generator")


def both(name: str) -> Callable[[Callable[[CallSite], Operand]], Callable[[CallSite], Operand]]:
    """Register a function of the module and the method of `Random`."""

    def register(function: Callable[[CallSite], Operand]) -> Callable[[CallSite], Operand]:
        builtin(f"random.{name}")(function)
        method("Random", name)(function)
        return function

    return register


def _seeded(low: Lowering, generator: rs.Expression, seed: Operand | None) -> rs.Expression:
    if seed is None or seed.type == NONE:
        return rs.Method(generator, "seed_from_system")
    seed = as_int(low, seed)
    only = seed.type.only
    if isinstance(only, IntShape):
        if only.small:
            return rs.Method(generator, "seed_i64", (low.own(seed),))
        return rs.Method(generator, "seed_int", (low.borrow(seed),))
    if seed.type == FLOAT:
        return rs.Method(generator, "seed_float", (low.own(seed),))
    if seed.type == BYTES:
        return rs.Method(generator, "seed_bytes", (low.borrow(seed),))
    if seed.type == STR:
        return rs.Method(generator, "seed_bytes", (rs.Method(seed.expr, "as_bytes"),))
    if seed.type.get("none") is not None:
        raise low.refuse(low.node, "a seed that may be None")
    raise low.refuse(low.node, f"a seed of type {seed.type!r}")


@both("seed")
def _seed(site: CallSite) -> Operand:
    site.low.emit(rs.Evaluate(_seeded(site.low, _generator(site), site.argument(0, "a"))))
    return Operand(NONE, rs.Tuple())


@builtin("random.Random")
def _random_object(site: CallSite) -> Operand:
    low = site.low
    held = low.named(Operand(low.opaque("Random"), call("Random::unseeded")), "generator")
    low.emit(rs.Evaluate(_seeded(low, held.expr, site.argument(0))))
    return held


@both("random")
def _random(site: CallSite) -> Operand:
    return Operand(FLOAT, rs.Method(_generator(site), "random"))


_PARAMETERS: dict[str, tuple[tuple[str, float | None], ...]] = {
    "uniform": (("a", None), ("b", None)),
    "gauss": (("mu", 0.0), ("sigma", 1.0)),
    "normalvariate": (("mu", 0.0), ("sigma", 1.0)),
    "vonmisesvariate": (("mu", None), ("kappa", None)),
    "lognormvariate": (("mu", None), ("sigma", None)),
    "expovariate": (("lambd", 1.0),),
    "gammavariate": (("alpha", None), ("beta", None)),
    "betavariate": (("alpha", None), ("beta", None)),
    "paretovariate": (("alpha", None),),
    "weibullvariate": (("alpha", None), ("beta", None)),
}
_SAFE = {"uniform", "gauss", "normalvariate", "vonmisesvariate"}


def _drawn(name: str, parameters: tuple[tuple[str, float | None], ...]) -> None:
    def argument(site: CallSite, position: int) -> rs.Expression:
        parameter, default = parameters[position]
        given = site.argument(position, parameter)
        if given is not None:
            return number(site.low, given)
        if default is None:
            raise site.refuse(f"`{name}` without `{parameter}`")
        return rs.Float(default)

    def handler(site: CallSite) -> Operand:
        arguments = tuple(argument(site, position) for position in range(len(parameters)))
        value = rs.Method(_generator(site), name, arguments)
        return Operand(FLOAT, value if name in _SAFE else site.low.fallible(value))

    both(name)(handler)


for _name, _parameters in _PARAMETERS.items():
    _drawn(_name, _parameters)


@both("triangular")
def _triangular(site: CallSite) -> Operand:
    low = site.low
    bounds = [
        rs.Float(value) if given is None else number(low, given)
        for value, given in ((0.0, site.argument(0, "low")), (1.0, site.argument(1, "high")))
    ]
    mode = site.argument(2, "mode")
    middle = rs.Name("None") if mode is None or mode.type == NONE else call("Some", number(low, mode))
    return Operand(FLOAT, rs.Method(_generator(site), "triangular", (*bounds, middle)))


@both("randbytes")
def _randbytes(site: CallSite) -> Operand:
    drawn = rs.Method(_generator(site), "randbytes", (index_argument(site, 0),))
    return Operand(BYTES, call("Bytes::from", site.low.fallible(drawn)))


@both("randint")
def _randint(site: CallSite) -> Operand:
    low = site.low
    a, b = (as_int(low, o) for o in site.operands)
    x, y = a.type.only, b.type.only
    if not isinstance(x, IntShape) or not isinstance(y, IntShape):
        raise site.refuse("`randint` with bounds that are no integers")
    if x.small and y.small:
        value = rs.Method(_generator(site), "randint", (low.own(a), low.own(b)))
        return Operand(integer(x.low, y.high), low.fallible(value))
    wide = (rs.Borrow(low.convert(a, INT)), rs.Borrow(low.convert(b, INT)))
    return Operand(integer(x.low, y.high), low.fallible(rs.Method(_generator(site), "randint_wide", wide)))


@both("randrange")
def _randrange(site: CallSite) -> Operand:
    low = site.low
    values = [small_index(low, o) for o in site.operands]
    shapes = [as_int(low, o).type.only for o in site.operands]
    top = next((s.high for s in reversed(shapes[:2]) if isinstance(s, IntShape)), None)
    if len(values) == 1:
        value = rs.Method(_generator(site), "randrange_to", (values[0],))
        return Operand(integer(0, None if top is None else max(top - 1, 0)), low.fallible(value))
    step = values[2] if len(values) == 3 else rs.Integer(1)
    value = rs.Method(_generator(site), "randrange", (values[0], values[1], step))
    return Operand(integer(-(1 << 62), 1 << 62), low.fallible(value))


@both("getrandbits")
def _getrandbits(site: CallSite) -> Operand:
    return Operand(
        integer(0, None), site.low.fallible(rs.Method(_generator(site), "getrandbits", (index_argument(site, 0),)))
    )


def population(site: CallSite, position: int = 0) -> tuple[rs.Expression, Type]:
    """An argument that is drawn from, as a reference, and the type of what is drawn."""
    low = site.low
    operand = stored(low, site.operands[position])
    only = operand.type.only
    if isinstance(only, ListShape) and only.kind == "list":
        return low.borrow(operand), low.contents(only.cell)
    if operand.type == STR:
        return low.borrow(operand), STR
    if isinstance(only, Atom | TupleShape | SeqShape):
        made = list_from(low, operand)
        shape = made.type.only
        assert isinstance(shape, ListShape)
        return low.borrow(made), low.contents(shape.cell)
    raise site.refuse(f"a population of type {operand.type!r}")


@both("choice")
def _choice(site: CallSite) -> Operand:
    values, item = population(site)
    return Operand(item, site.low.fallible(rs.Method(_generator(site), "choice", (values,))))


@both("shuffle")
def _shuffle(site: CallSite) -> Operand:
    values, _ = population(site)
    return Operand(NONE, rs.Method(_generator(site), "shuffle", (values,)))


@both("sample")
def _sample(site: CallSite) -> Operand:
    low = site.low
    values, item = population(site)
    counts = site.keyword("counts")
    if counts is None or counts.type == NONE:
        value = rs.Method(_generator(site), "sample", (values, index_argument(site, 1, "k")))
        return Operand(low.list_of(item), low.fallible(value))
    each = iterate(low, counts)
    if not isinstance(each.item.only, IntShape) or not each.item.only.small:
        raise site.refuse("`sample` with counts that are no small integers")
    drawn = (values, rs.Borrow(_vector(low, each, low.own, "i64")), index_argument(site, 1, "k"))
    return Operand(low.list_of(item), low.fallible(rs.Method(_generator(site), "sample_counts", drawn)))


def _vector(low: Lowering, each: Iteration, value: Callable[[Operand], rs.Expression], type_: str) -> rs.Expression:
    """Numbers as a `Vec`."""
    iterator = plain_iterator(low, each)
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    name = low.fresh("weight")
    body = value(Operand(each.item, rs.Name(name), "place"))
    mapped = rs.Method(source, "map", (rs.Closure(((rs.Bind(name), None),), body),))
    return rs.Method(mapped, "collect", (), (rs.NamedType("Vec", (rs.NamedType(type_),)),))


def _weights(site: CallSite, given: Operand) -> rs.Expression:
    low = site.low
    return _vector(low, iterate(low, given), lambda one: number(low, one), "f64")


@both("choices")
def _choices(site: CallSite) -> Operand:
    low = site.low
    values, item = population(site)
    weights, sums = site.argument(1, "weights"), site.keyword("cum_weights")
    count = site.keyword("k")
    number_of = rs.Integer(1) if count is None else small_index(low, count)
    if sums is not None and sums.type != NONE:
        if weights is not None and weights.type != NONE:
            return low.type_error("Cannot specify both weights and cumulative weights")
        value = rs.Method(_generator(site), "choices_cumulative", (values, _weights(site, sums), number_of))
        return Operand(low.list_of(item), low.fallible(value))
    given: rs.Expression = rs.Name("None")
    if weights is not None and weights.type != NONE:
        given = call("Some", _weights(site, weights))
    value = rs.Method(_generator(site), "choices", (values, given, number_of))
    return Operand(low.list_of(item), low.fallible(value))
