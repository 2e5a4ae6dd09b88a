"""`itertools`, `functools`, `heapq`, `bisect`, `operator`, `copy`.

Enters: call sites. Leaves: operands; iterators are objects of the support module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import TYPES, builtin
from sovereign.migration.depyler.callables import closure_of, test_of
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.iteration import as_iter, iterate
from sovereign.migration.depyler.library.objects import arguments_within
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, small_index
from sovereign.migration.depyler.operators import binary, call, compare, truth
from sovereign.migration.depyler.sorting import asked_order, key_closure, needs_asking, raising
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    Atom,
    DictShape,
    InstanceShape,
    IntShape,
    IterShape,
    ListShape,
    SeqShape,
    SetShape,
    TupleShape,
    Type,
    integer,
    join_all,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["iterator_of"]

MAX_TUPLE = 8


def iterator_of(low: Lowering, operand: Operand) -> tuple[rs.Expression, Type]:
    """An iterable as `Iter<T>`, and its items."""
    made = as_iter(low, stored(low, operand))
    shape = made.type.only
    assert isinstance(shape, IterShape)
    return low.own(made), low.contents(shape.cell)


def _argument(site: CallSite, position: int) -> tuple[rs.Expression, Type]:
    import ast

    from sovereign.migration.depyler.builtin_functions import materialised

    if site.given is None and isinstance(site.nodes[position], ast.GeneratorExp):
        return iterator_of(site.low, materialised(site, position))
    return iterator_of(site.low, site.operands[position])


def _iterator(site: CallSite, item: Type, expr: rs.Expression, *, raises: bool = False) -> Operand:
    return Operand(site.low.iter_of(item), site.low.fallible(expr) if raises else expr)


def _row(low: Lowering, item: Type, count: Operand | None) -> Type:
    """A row of `count` items: a tuple where that is known, else a tuple of unknown length."""
    del low
    if count is not None and isinstance(count.constant, int) and 1 <= count.constant <= MAX_TUPLE:
        return tuple_of(*([item] * count.constant))
    return seq_of(item)


def _rows(name: str) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        source, item = _argument(site, 0)
        count = site.argument(1, "r")
        row = _row(low, item, count)
        if item.never:
            item, row = NONE, _row(low, NONE, count)
        given: rs.Expression
        if name == "permutations":
            given = rs.Name("None") if count is None or count.type == NONE else call("Some", small_index(low, count))
        else:
            assert count is not None
            given = small_index(low, count)
        types = (low.rust(item), low.rust(row))
        made = rs.Call(rs.Name(f"itertools_{name}::<{_spelled(types[0])}, {_spelled(types[1])}>"), (source, given))
        return _iterator(site, row, made, raises=True)

    return handler


def _spelled(type_: rs.Type) -> str:
    """A type as text, for a path with arguments."""
    from sovereign.migration.rust import print_program

    item = rs.TypeAlias_("X", type_)
    text = print_program(rs.Program((item,))).text
    return " ".join(text.partition("=")[2].strip().rstrip(";").split())


for _name in ("combinations", "combinations_with_replacement", "permutations"):
    builtin(f"itertools.{_name}")(_rows(_name))


@builtin("itertools.product")
def _product(site: CallSite) -> Operand:
    low = site.low
    repeat = site.keyword("repeat")
    sources = [_argument(site, i) for i in range(site.count)]
    if repeat is None and len(sources) in {2, 3}:
        items = [item for _, item in sources]
        made = call(f"itertools_product{len(sources)}", *(source for source, _ in sources))
        return _iterator(site, tuple_of(*items), made, raises=True)
    item = join_all(item for _, item in sources)
    if any(low.rust(i) != low.rust(item) for _, i in sources):
        raise site.refuse("`product` of iterables of different types")
    times = small_index(low, repeat) if repeat is not None else rs.Integer(1)
    count = repeat.constant * len(sources) if repeat is not None and isinstance(repeat.constant, int) else None
    if repeat is None:
        count = len(sources)
    row = tuple_of(*([item] * count)) if count is not None and 1 <= count <= MAX_TUPLE else seq_of(item)
    vector = rs.MacroCall("vec", tuple(source for source, _ in sources), "[")
    path = f"itertools_product_repeat::<{_spelled(low.rust(item))}, {_spelled(low.rust(row))}>"
    return _iterator(site, row, rs.Call(rs.Name(path), (vector, times)), raises=True)


@builtin("itertools.chain")
def _chain(site: CallSite) -> Operand:
    low = site.low
    import ast

    if site.given is None and any(isinstance(a, ast.Starred) for a in site.nodes):
        if len(site.nodes) != 1:
            raise site.refuse("`chain` with `*` among other arguments")
        starred = site.nodes[0]
        assert isinstance(starred, ast.Starred)
        return _chained(site, low.expression(starred.value))
    sources = [stored(low, o) for o in site.operands]
    item = join_all(iterate(low, o).item for o in sources)
    made = tuple(low.own(as_iter(low, o, item)) for o in sources)
    return _iterator(site, item, call("itertools_chain", rs.MacroCall("vec", made, "[")))


@builtin("itertools.chain.from_iterable")
def _from_iterable(site: CallSite) -> Operand:
    return _chained(site, site.operands[0])


def _chained(site: CallSite, operand: Operand) -> Operand:
    """The items of the items."""
    low = site.low
    source, outer = iterator_of(low, operand)
    name = low.fresh("inner")
    low.closure_depth += 1
    with low.capture() as statements:
        inner, item = iterator_of(low, Operand(outer, rs.Name(name), "place"))
    low.closure_depth -= 1
    if statements:
        raise site.refuse("such a chain")
    if outer.never:
        return _iterator(site, outer, call("Iter::infallible", call("core::iter::empty::<()>")))
    mapped = rs.Method(source, "mapped", (rs.Closure(((rs.Bind(name), low.rust(outer)),), inner),))
    return _iterator(site, item, call("itertools_chain_from", mapped))


@builtin("itertools.count")
def _count(site: CallSite) -> Operand:
    low = site.low
    start, step = site.argument(0, "start"), site.argument(1, "step")
    if any(o is not None and o.type == FLOAT for o in (start, step)):
        from sovereign.migration.depyler.library.math import number

        values = (number(low, start) if start else rs.Float(0.0), number(low, step) if step else rs.Float(1.0))
        return _iterator(site, FLOAT, call("itertools_count_float", *values))
    values = (small_index(low, start) if start else rs.Integer(0), small_index(low, step) if step else rs.Integer(1))
    low_end = None
    if start is None:
        low_end = 0
    elif isinstance(start.type.only, IntShape):
        low_end = start.type.only.low
    return _iterator(site, integer(low_end if step is None else -(1 << 62), 1 << 62), call("itertools_count", *values))


@builtin("itertools.cycle")
def _cycle(site: CallSite) -> Operand:
    source, item = _argument(site, 0)
    return _iterator(site, item, call("itertools_cycle", source))


@builtin("itertools.repeat")
def _repeat(site: CallSite) -> Operand:
    low = site.low
    value = stored(low, site.operands[0])
    times = site.argument(1, "times")
    limit = rs.Name("None") if times is None else call("Some", small_index(low, times))
    return _iterator(site, value.type, call("itertools_repeat", low.own(value), limit))


@builtin("itertools.accumulate")
def _accumulate(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 0)
    function = site.argument(1, "func")
    initial = site.keyword("initial")
    joined = item if initial is None else item.join(initial.type)
    key = ("accumulate", site.node)
    known = low.instance.memory.get(key, joined)
    assert isinstance(known, Type)
    known = known.join(joined)
    names = (low.fresh("total"), low.fresh("item"))
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        operands = [Operand(known, rs.Name(n), "place") for n in names]
        if function is None or function.type == NONE:
            result = binary(low, "+", *operands)
        else:
            result = stored(low, inline_call(low, function, operands))
        grown = known.join(result.type)
        value = low.convert(result, grown)
    low.closure_depth -= 1
    low.frames = frames
    if grown != known:
        low.instance.memory[key] = known.widen(grown)
        low.instance.dirty = True
    rust = low.rust(grown)
    body = rs.BlockExpression(rs.Block(tuple(statements), call("Ok", value)))
    closure = rs.Closure(tuple((rs.Bind(n), rust) for n in names), body, moves=True)
    first = rs.Name("None") if initial is None else call("Some", low.convert(stored(low, initial), grown))
    made = as_iter(low, Operand(low.iter_of(item), source), grown)
    return _iterator(site, grown, call("itertools_accumulate", low.own(made), closure, first))


def _tested(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        source, item = _argument(site, 1)
        test = test_of(site.low, site.operands[0], item)
        return _iterator(site, item, call(f"itertools_{name}", test, source))

    builtin(f"itertools.{name}")(handler)


for _name in ("dropwhile", "takewhile", "filterfalse"):
    _tested(_name)


@builtin("itertools.groupby")
def _groupby(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 0)
    key = site.argument(1, "key")
    if key is None or key.type == NONE:
        name = low.fresh("item")
        closure: rs.Expression = rs.Closure(((rs.Bind(name), low.rust(item)),), call("Ok", rs.Name(name)))
        type_ = item
    else:
        closure, type_ = closure_of(low, key, [item])
    return _iterator(site, tuple_of(type_, low.iter_of(item)), call("itertools_groupby", source, closure))


@builtin("itertools.islice")
def _islice(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 0)
    bounds = site.operands[1:]
    start: rs.Expression = rs.Integer(0)
    step: rs.Expression = rs.Integer(1)
    stop = bounds[0]
    if len(bounds) > 1:
        start = rs.Integer(0) if bounds[0].type == NONE else small_index(low, bounds[0])
        stop = bounds[1]
    if len(bounds) > 2 and bounds[2].type != NONE:
        step = small_index(low, bounds[2])
    end = rs.Name("None") if stop.type == NONE else call("Some", small_index(low, stop))
    return _iterator(site, item, call("itertools_islice", source, start, end, step), raises=True)


@builtin("itertools.pairwise")
def _pairwise(site: CallSite) -> Operand:
    source, item = _argument(site, 0)
    return _iterator(site, tuple_of(item, item), call("itertools_pairwise", source))


@builtin("itertools.zip_longest")
def _zip_longest(site: CallSite) -> Operand:
    low = site.low
    fill = site.keyword("fillvalue")
    value = Operand(NONE, rs.Tuple()) if fill is None else low.named(stored(low, fill), "fill")
    if site.count not in {2, 3}:
        raise site.refuse("`zip_longest` of other than two or three iterables")
    sources, items = [], []
    for index in range(site.count):
        source, item = _argument(site, index)
        joined = item.join(value.type)
        sources.append(low.own(as_iter(low, Operand(low.iter_of(item), source), joined)))
        items.append(joined)
    fills = tuple(low.convert(value, item) for item in items)
    return _iterator(site, tuple_of(*items), call(f"itertools_zip_longest{site.count}", *sources, *fills))


@builtin("itertools.starmap")
def _starmap(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 1)
    shape = item.only
    if not isinstance(shape, TupleShape):
        raise site.refuse("`starmap` over items that are no tuples")
    function = site.operands[0]
    name = low.fresh("row")
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        parts = [Operand(t, rs.Field(rs.Name(name), str(i)), "place") for i, t in enumerate(shape.items)]
        result = stored(low, inline_call(low, function, parts))
        value = low.own(result)
    low.closure_depth -= 1
    low.frames = frames
    closure = rs.Closure(
        ((rs.Bind(name), low.rust(item)),),
        rs.BlockExpression(rs.Block(tuple(statements), call("Ok", value))),
        moves=True,
    )
    return _iterator(site, result.type, call("itertools_starmap", closure, source))


@builtin("itertools.compress")
def _compress(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 0)
    selectors, _ = _argument(site, 1)
    del low
    return _iterator(site, item, call("itertools_compress", source, selectors))


@builtin("itertools.tee")
def _tee(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 0)
    count = site.argument(1, "n")
    if count is not None and not isinstance(count.constant, int):
        raise site.refuse("`tee` with a number that is not known while translating")
    number = count.constant if count is not None else 2
    assert isinstance(number, int)
    made = low.fallible(call("itertools_tee", source, rs.Integer(number)))
    name = low.fresh("copies")
    low.emit(rs.Let(rs.Bind(name), None, made))
    type_ = low.iter_of(item)
    parts = tuple(rs.Method(rs.Index(rs.Name(name), rs.Integer(i)), "clone") for i in range(number))
    return Operand(tuple_of(*([type_] * number)), rs.Tuple(parts))


# functools


@builtin("functools.reduce")
def _reduce(site: CallSite) -> Operand:
    low = site.low
    source, item = _argument(site, 1)
    initial = site.argument(2, "initial")
    start = item if initial is None else stored(low, initial).type
    key = ("reduce", site.node)
    known = low.instance.memory.get(key, start)
    assert isinstance(known, Type)
    known = known.join(start)
    names = (low.fresh("total"), low.fresh("item"))
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        operands = [Operand(known, rs.Name(names[0]), "place"), Operand(item, rs.Name(names[1]), "place")]
        result = stored(low, inline_call(low, site.operands[0], operands))
        grown = known.join(result.type)
        value = low.convert(result, grown)
    low.closure_depth -= 1
    low.frames = frames
    if grown != known:
        count = low.instance.memory.get(("rounds", key), 0)
        assert isinstance(count, int)
        low.instance.memory["rounds", key] = count + 1
        low.instance.memory[key] = known.widen(grown) if count > 1 else grown
        low.instance.dirty = True
    body = rs.BlockExpression(rs.Block(tuple(statements), call("Ok", value)))
    types = (low.rust(grown), low.rust(item if initial is not None else grown))
    closure = rs.Closure(tuple((rs.Bind(n), t) for n, t in zip(names, types, strict=True)), body, moves=True)
    if initial is None:
        made = as_iter(low, Operand(low.iter_of(item), source), grown)
        return Operand(grown, low.fallible(call("functools_reduce_first", closure, low.own(made))))
    first = low.convert(stored(low, initial), grown)
    return Operand(grown, low.fallible(call("functools_reduce", closure, source, first)))


@builtin("functools.partial")
def _partial(site: CallSite) -> Operand:
    """A function with some arguments given, as long as it is called by name."""
    low = site.low
    function = site.operands[0]
    given = [low.named(stored(low, o), "given") for o in site.operands[1:]]
    keywords = {}
    for name in site.keyword_nodes:
        operand = site.keyword(name)
        assert operand is not None
        keywords[name] = low.named(stored(low, operand), name)
    return static("partial", f"partial {site.node.lineno}:{site.node.col_offset}", (function, given, keywords))


@builtin("functools.cmp_to_key")
def _cmp_to_key(site: CallSite) -> Operand:
    return static("cmp_to_key", f"cmp {site.node.lineno}", site.operands[0])


for _name in ("wraps", "lru_cache", "cache", "total_ordering", "cached_property", "singledispatch"):
    TYPES.add(f"functools.{_name}")


# heapq and bisect


def _heap(site: CallSite, position: int = 0) -> tuple[Operand, ListShape]:
    heap = stored(site.low, site.operands[position])
    shape = heap.type.only
    if not isinstance(shape, ListShape):
        raise site.refuse(f"a heap of type {heap.type!r}")
    return heap, shape


def _heap_call(site: CallSite, name: str, item: Type, *arguments: rs.Expression, raises: bool) -> rs.Expression:
    """A function on a heap; where comparing may raise, with how items are compared."""
    low = site.low
    if needs_asking(low, item):
        return low.fallible(call(f"heapq_{name}_raising", *arguments, asked_order(low, item)))
    expr = call(f"heapq_{name}", *arguments)
    return low.fallible(expr) if raises else expr


@builtin("heapq.heapify")
def _heapify(site: CallSite) -> Operand:
    heap, shape = _heap(site)
    item = site.low.contents(shape.cell)
    return Operand(NONE, _heap_call(site, "heapify", item, site.low.borrow(heap), raises=False))


@builtin("heapq.heappush")
def _heappush(site: CallSite) -> Operand:
    low = site.low
    heap, shape = _heap(site)
    value = stored(low, site.operands[1])
    shape.cell.join(value.type)
    item = low.contents(shape.cell)
    arguments = (low.borrow(heap), low.convert(value, item))
    return Operand(NONE, _heap_call(site, "heappush", item, *arguments, raises=False))


@builtin("heapq.heappop")
def _heappop(site: CallSite) -> Operand:
    heap, shape = _heap(site)
    item = site.low.contents(shape.cell)
    return Operand(item, _heap_call(site, "heappop", item, site.low.borrow(heap), raises=True))


def _swapped(name: str, *, raises: bool) -> None:
    def handler(site: CallSite) -> Operand:
        low = site.low
        heap, shape = _heap(site)
        value = stored(low, site.operands[1])
        shape.cell.join(value.type)
        item = low.contents(shape.cell)
        arguments = (low.borrow(heap), low.convert(value, item))
        return Operand(item, _heap_call(site, name, item, *arguments, raises=raises))

    builtin(f"heapq.{name}")(handler)


_swapped("heapreplace", raises=True)
_swapped("heappushpop", raises=False)


def _best(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        low = site.low
        count = index_argument(site, 0, "n")
        source, item = _argument(site, 1)
        key = site.argument(2, "key")
        if item.never:
            return Operand(low.list_of(), call("List::<()>::new"))
        if key is None or key.type == NONE:
            if needs_asking(low, item):
                raise site.refuse(f"`{name}` of items whose comparison may raise")
            return Operand(low.list_of(item), low.fallible(call(f"heapq_{name}", count, source)))
        closures = key_closure(low, key, item)
        if raising(closures):
            raise site.refuse(f"`{name}` with keys whose comparison may raise")
        return Operand(low.list_of(item), low.fallible(call(f"heapq_{name}_by", count, source, *closures)))

    builtin(f"heapq.{name}")(handler)


_best("nlargest")
_best("nsmallest")


@builtin("heapq.merge")
def _merge(site: CallSite) -> Operand:
    low = site.low
    if site.keyword("key") is not None:
        raise site.refuse("`heapq.merge` with a key")
    reverse = site.keyword("reverse")
    backwards = rs.Boolean(False) if reverse is None else truth(low, reverse)
    sources = [stored(low, o) for o in site.operands]
    item = join_all(iterate(low, o).item for o in sources)
    if needs_asking(low, item):
        raise site.refuse("`heapq.merge` of items whose comparison may raise")
    if item.never:
        return _iterator(site, item, call("Iter::infallible", call("core::iter::empty::<()>")))
    made = tuple(low.own(as_iter(low, o, item)) for o in sources)
    return _iterator(site, item, call("heapq_merge", rs.MacroCall("vec", made, "["), backwards))


def _bisect_end(site: CallSite) -> tuple[rs.Expression, rs.Expression]:
    hi = site.argument(3, "hi")
    end = rs.Name("None") if hi is None or hi.type == NONE else call("Some", small_index(site.low, hi))
    return index_argument(site, 2, "lo", 0), end


def _passes(site: CallSite, item: Type, wanted: Operand, *, is_left: bool) -> rs.Expression:
    """Whether an item lies before the place that `bisect` looks for, as a closure over the item."""
    low = site.low
    wanted = low.named(wanted, "wanted")
    name = low.fresh("item")
    key = site.keyword("key")
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        one = Operand(item, rs.Name(name), "place")
        if key is not None and key.type != NONE:
            one = low.named(stored(low, inline_call(low, key, [one])), "found")
        sides = (one, wanted) if is_left else (wanted, one)
        test = truth(low, compare(low, "<", *sides))
    low.closure_depth -= 1
    low.frames = frames
    value = test if is_left else rs.Unary("!", test)
    body = rs.BlockExpression(rs.Block(tuple(statements), call("Ok", value)))
    returned = rs.NamedType("Result", (rs.NamedType("bool"), rs.NamedType("Exc")))
    return rs.Closure(((rs.Bind(name), low.rust(item)),), body, returned)


def _bisect(name: str, rust_name: str) -> None:
    is_left = rust_name.endswith("left")

    def handler(site: CallSite) -> Operand:
        low = site.low
        values, shape = _heap(site)
        values = low.named(values, "values")
        lo, end = _bisect_end(site)
        wanted = low.named(stored(low, site.operands[1]), "wanted")
        key = site.keyword("key")
        inserts = "insort" in rust_name
        if inserts:
            shape.cell.join(wanted.type)
        item = low.contents(shape.cell)
        if item.never:
            return Operand(integer(0, 0), rs.Integer(0))
        place = integer(0, 1 << 40)
        plain = (key is None or key.type == NONE) and not needs_asking(low, item)
        if plain and (inserts or low.rust(wanted.type) == low.rust(item)):
            given = low.convert(wanted, item)
            expr = call(rust_name, low.borrow(values), given if inserts else rs.Borrow(given), lo, end)
            return Operand(NONE if inserts else place, low.fallible(expr))
        sought = wanted
        if inserts and key is not None and key.type != NONE:
            sought = low.named(stored(low, inline_call(low, key, [wanted])), "sought")
        test = _passes(site, item, sought, is_left=is_left)
        found = low.fallible(call("bisect_passing", low.borrow(values), lo, end, test))
        if not inserts:
            return Operand(place, found)
        held = low.named(Operand(place, found), "place")
        return Operand(NONE, rs.Method(low.receiver(values), "insert", (held.expr, low.convert(wanted, item))))

    builtin(f"bisect.{name}")(handler)


for _name, _rust in (
    ("bisect_left", "bisect_left"),
    ("bisect_right", "bisect_right"),
    ("bisect", "bisect_right"),
    ("insort", "bisect_insort_right"),
    ("insort_left", "bisect_insort_left"),
    ("insort_right", "bisect_insort_right"),
):
    _bisect(_name, _rust)


# operator


_OPERATORS = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "lshift": "<<",
    "rshift": ">>",
    "concat": "+",
    "matmul": "@",
}
_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def _operator(name: str, symbol: str) -> None:
    def handler(site: CallSite) -> Operand:
        a, b = (stored(site.low, o) for o in site.operands)
        return compare(site.low, symbol, a, b) if name in _COMPARISONS else binary(site.low, symbol, a, b)

    builtin(f"operator.{name}")(handler)


for _name, _symbol in {**_OPERATORS, **_COMPARISONS}.items():
    _operator(_name, _symbol)


@builtin("operator.neg")
def _neg(site: CallSite) -> Operand:
    return binary(
        site.low,
        "*",
        stored(site.low, site.operands[0]),
        Operand(integer(-1, -1), rs.Unary("-", rs.Integer(1)), constant=-1),
    )


@builtin("operator.not_")
def _not(site: CallSite) -> Operand:
    return Operand(BOOL, rs.Unary("!", truth(site.low, stored(site.low, site.operands[0]))))


@builtin("operator.itemgetter")
def _itemgetter(site: CallSite) -> Operand:
    return static("itemgetter", f"itemgetter {site.node.lineno}", list(site.operands))


@builtin("operator.attrgetter")
def _attrgetter(site: CallSite) -> Operand:
    return static("attrgetter", f"attrgetter {site.node.lineno}", [o.constant for o in site.operands])


@builtin("operator.methodcaller")
def _methodcaller(site: CallSite) -> Operand:
    low = site.low
    name = site.operands[0].constant
    if not isinstance(name, str):
        raise site.refuse("`methodcaller` with a name that is not known while translating")
    given = [low.named(stored(low, o), "given") for o in site.operands[1:]]
    keywords = {}
    for word in site.keyword_nodes:
        operand = site.keyword(word)
        assert operand is not None
        keywords[word] = low.named(stored(low, operand), word)
    return static("methodcaller", f"methodcaller {site.node.lineno}:{site.node.col_offset}", (name, given, keywords))


@builtin("operator.contains")
def _contains(site: CallSite) -> Operand:
    from sovereign.migration.depyler.alternatives import distribute
    from sovereign.migration.depyler.methods import membership

    arguments_within(site, 2)
    a, b = (stored(site.low, o) for o in site.operands)
    return distribute(site.low, a, lambda one: membership(site.low, one, b))


@builtin("operator.getitem")
def _getitem(site: CallSite) -> Operand:
    from sovereign.migration.depyler.alternatives import distribute
    from sovereign.migration.depyler.subscripts import item_of

    a, b = (stored(site.low, o) for o in site.operands)
    return distribute(site.low, a, lambda one: item_of(site.low, one, b))


# copy


@builtin("copy.copy")
def _copy(site: CallSite) -> Operand:
    from sovereign.migration.depyler.methods import call_builtin_method

    low = site.low
    value = stored(low, site.operands[0])
    only = value.type.only
    if isinstance(only, ListShape | DictShape | SetShape):
        return call_builtin_method(low, value, "copy", [], {})
    if isinstance(only, InstanceShape):
        raise site.refuse("`copy` of an object of the program")
    return value


@builtin("copy.deepcopy")
def _deepcopy(site: CallSite) -> Operand:
    low = site.low
    value = stored(low, site.operands[0])
    return _deep(site, value)


def _deep(site: CallSite, value: Operand) -> Operand:
    """A copy of a list, dict or set and of what is in it; the type of the copy is that of the original."""
    low = site.low
    only = value.type.only
    if only is None or isinstance(only, InstanceShape):
        if value.type.never:
            return value
        raise site.refuse(f"`deepcopy` of {value.type!r}")
    if isinstance(only, Atom | IntShape):
        return value
    if isinstance(only, ListShape):
        item = low.contents(only.cell)
        if _flat(low, item):
            return Operand(value.type, rs.Method(low.receiver(value), "copy"))
        name = low.fresh("item")
        inner = _deep(site, Operand(item, rs.Name(name), "place"))
        mapped = rs.Method(
            rs.Method(low.receiver(value), "iter"), "map", (rs.Closure(((rs.Bind(name), None),), low.own(inner)),)
        )
        return Operand(value.type, rs.Method(mapped, "collect", (), (low.rust(value.type),)))
    if isinstance(only, DictShape):
        held = low.contents(only.value)
        if _flat(low, held) and _flat(low, low.contents(only.key)):
            return Operand(value.type, rs.Method(low.receiver(value), "copy"))
        key, name = low.fresh("key"), low.fresh("item")
        inner = _deep(site, Operand(held, rs.Name(name), "place"))
        pattern = rs.TuplePattern((rs.Bind(key), rs.Bind(name)))
        body = rs.Tuple((rs.Name(key), low.own(inner)))
        mapped = rs.Method(rs.Method(low.receiver(value), "items"), "map", (rs.Closure(((pattern, None),), body),))
        return Operand(value.type, rs.Method(mapped, "collect", (), (low.rust(value.type),)))
    if isinstance(only, SetShape):
        return Operand(value.type, rs.Method(low.receiver(value), "copy"))
    if isinstance(only, TupleShape | SeqShape) and _flat(low, value.type):
        return value
    raise site.refuse(f"`deepcopy` of {value.type!r}")


def _flat(low: Lowering, type_: Type) -> bool:
    """Whether values of a type hold nothing that can change."""
    for shape in type_:
        if isinstance(shape, ListShape | DictShape | SetShape | InstanceShape):
            return False
        if isinstance(shape, TupleShape) and not all(_flat(low, t) for t in shape.items):
            return False
        if isinstance(shape, SeqShape) and not _flat(low, shape.item):
            return False
    return True
