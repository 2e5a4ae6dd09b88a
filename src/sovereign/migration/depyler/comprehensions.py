"""Comprehensions and generator expressions.

Enters: their nodes. Leaves: an iterator chain where one clause and nothing that can raise is in it, else a block with
a loop.
"""

from __future__ import annotations

import ast
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.captures import captured_clones
from sovereign.migration.depyler.conditions import condition
from sovereign.migration.depyler.iteration import Iteration
from sovereign.migration.depyler.loops import bind_clause, source_of
from sovereign.migration.depyler.lowering import Local, Lowering, Operand, expression
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.rust_types import default_value, is_copy
from sovereign.migration.depyler.scopes import target_names
from sovereign.migration.depyler.types import DictShape, IterShape, ListShape, SetShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.depyler.views import may_view, viewed, watched
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections import defaultdict
    from collections.abc import Callable

__all__ = ["each_item", "generator_iteration"]

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def _shared_targets(node: _Comprehension) -> set[str]:
    """Targets that a lambda within the comprehension uses: when it is called, they are what they were last."""
    targets = {n for g in node.generators for n in target_names(g.target)}
    used: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, ast.Lambda):
            own = {a.arg for a in walk(inner.args) if isinstance(a, ast.arg)}
            used |= {n.id for n in walk(inner.body) if isinstance(n, ast.Name)} - own
    return targets & used


def _share(low: Lowering, names: dict[str, Local], shared: set[str]) -> tuple[list[rs.Statement], list[rs.Statement]]:
    """Hold shared targets in slots: what comes before the loop, and what comes first in its body."""
    before: list[rs.Statement] = []
    first: list[rs.Statement] = []
    for name in sorted(shared & set(names)):
        local = names[name]
        begin = default_value(local.type, low.program)
        if begin is None:
            raise low.refuse(low.node, f"a lambda that sees `{name}` of the comprehension around it")
        slot = low.fresh(f"{local.rust_name}_shared")
        before.append(rs.Let(rs.Bind(slot), rs.NamedType("Slot", (low.rust(local.type),)), call("Slot::new", begin)))
        first.append(rs.Evaluate(rs.Method(rs.Name(slot), "set", (rs.Name(local.rust_name),))))
        names[name] = Local(slot, local.type, "slot")
    return before, first


def _clauses(
    low: Lowering,
    generators: list[ast.comprehension],
    index: int,
    body: Callable[[], None],
    shared: set[str] = frozenset(),  # type: ignore[assignment]
) -> None:
    """Write the loops of the clauses from `index` on, with `body` innermost."""
    if index == len(generators):
        body()
        return
    clause = generators[index]
    if clause.is_async:
        raise low.refuse(clause.target, "asyncio is not translated yet")
    source = source_of(low, clause.iter)
    borrows = not shared and may_view(low, clause, source) and not low.closure_depth
    with low.capture() as statements, watched(low, clause, source) if borrows else nullcontext():
        pattern, names = bind_clause(low, clause.target, source.item)
        if borrows and not is_copy(source.item):
            names = {name: replace(local, form="ref") for name, local in names.items()}
        before, first = _share(low, names, shared)
        low.out.extend(first)
        low.locals.append(names)
        _conditions(low, clause.ifs, lambda: _clauses(low, generators, index + 1, body, shared))
        low.locals.pop()
    low.out.extend(before)
    if borrows:
        source.iterator = viewed(source)
    low.emit(source.statement(low, pattern, statements))


def _conditions(low: Lowering, tests: list[ast.expr], body: Callable[[], None]) -> None:
    if not tests:
        body()
        return
    test = condition(low, tests[0])
    saved = low.env
    low.env = test.when_true if test.when_true is not None else saved
    with low.capture() as statements:
        if test.known is not False:
            _conditions(low, tests[1:], body)
    low.env = saved
    if test.known is True and isinstance(test.expr, rs.Boolean):
        low.out.extend(statements)
    elif test.known is None or not isinstance(test.expr, rs.Boolean):
        low.emit(rs.Evaluate(rs.If(test.expr, rs.Block(tuple(statements)))))


def each_item(
    low: Lowering, node: ast.GeneratorExp | ast.ListComp | ast.SetComp, body: Callable[[Operand], None]
) -> None:
    """Loop over what a comprehension gives, without making it."""
    _clauses(low, node.generators, 0, lambda: body(stored(low, low.expression(node.elt))), _shared_targets(node))


def _filled(
    low: Lowering, name: str, type_: Type, made: str, node: _Comprehension, body: Callable[[str], None]
) -> Operand:
    """A container in a variable, filled by loops, as a block."""
    variable = low.fresh(name)
    with low.capture() as statements:
        _clauses(low, node.generators, 0, lambda: body(variable), _shared_targets(node))
    first = rs.Let(rs.Bind(variable), low.rust(type_), call(f"{made}::new"))
    return Operand(type_, rs.BlockExpression(rs.Block((first, *statements), rs.Name(variable))))


@expression(ast.ListComp)
def _list_comp(low: Lowering, node: ast.ListComp) -> Operand:
    type_ = low.list_of()
    shape = type_.only
    assert isinstance(shape, ListShape)
    chained = _chain(low, node, type_, shape)
    if chained is not None:
        return chained

    def body(variable: str) -> None:
        item = stored(low, low.expression(node.elt))
        shape.cell.join(item.type)
        value = low.put(item, shape.cell)
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "append", (value,))))

    return _filled(low, "items", type_, "List", node, body)


def _chain(low: Lowering, node: ast.ListComp, type_: Type, shape: ListShape) -> Operand | None:
    """`xs.iter().map(|x| ...).collect()` for one clause without anything that can raise."""
    clause = node.generators[0]
    if len(node.generators) != 1 or clause.is_async or clause.ifs or _shared_targets(node):
        return None
    saved = _Saved(low.raise_count, low.env, low.allocations.copy(), low.name_counts.copy(), len(low.out))
    source = source_of(low, clause.iter)
    if source.fallible:
        _restore(low, saved)
        return None
    before = low.raise_count
    low.closure_depth += 1
    with low.capture() as statements:
        pattern, names = bind_clause(low, clause.target, source.item)
        low.locals.append(names)
        item = stored(low, low.expression(node.elt))
        shape.cell.join(item.type)
        value = low.put(item, shape.cell)
        low.locals.pop()
    low.closure_depth -= 1
    if low.raise_count != before or statements or low.in_generator:
        _restore(low, saved)
        return None
    iterator = rs.Method(source.iterator, "into_iter") if isinstance(source.iterator, rs.Array) else source.iterator
    same = isinstance(pattern, rs.Bind) and value == rs.Name(pattern.name)
    if not same:
        iterator = rs.Method(iterator, "map", (rs.Closure(((pattern, None),), value),))
    return Operand(type_, rs.Method(iterator, "collect", (), (low.rust(type_),)))


class _Saved(NamedTuple):
    """What an attempt at a chain changes."""

    raise_count: int
    env: dict[object, Type] | None
    allocations: defaultdict[ast.AST, int]
    name_counts: defaultdict[str, int]
    length: int


def _restore(low: Lowering, saved: _Saved) -> None:
    """Forget an attempt at a chain, so that the loop is written as if it had not been made."""
    low.raise_count, low.env, low.allocations, low.name_counts, length = saved
    del low.out[length:]


@expression(ast.SetComp)
def _set_comp(low: Lowering, node: ast.SetComp) -> Operand:
    type_ = low.set_of()
    shape = type_.only
    assert isinstance(shape, SetShape)

    def body(variable: str) -> None:
        item = stored(low, low.expression(node.elt))
        shape.cell.join(item.type)
        value = low.put(item, shape.cell)
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "add", (value,))))

    return _filled(low, "items", type_, "Set", node, body)


@expression(ast.DictComp)
def _dict_comp(low: Lowering, node: ast.DictComp) -> Operand:
    type_ = low.dict_of()
    shape = type_.only
    assert isinstance(shape, DictShape)

    def body(variable: str) -> None:
        key, value = (stored(low, operand) for operand in low.expressions([node.key, node.value]))
        shape.key.join(key.type)
        shape.value.join(value.type)
        arguments = (low.put(key, shape.key), low.put(value, shape.value))
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "set_item", arguments)))

    return _filled(low, "items", type_, "Dict", node, body)


@expression(ast.GeneratorExp)
def _generator(low: Lowering, node: ast.GeneratorExp) -> Operand:
    """A generator expression as an object: a coroutine that holds what it uses."""
    type_ = low.iter_of()
    shape = type_.only
    assert isinstance(shape, IterShape)
    first = source_of(low, node.generators[0].iter)
    held = low.fresh("source")
    low.emit(rs.Let(rs.Bind(held, mutable=False), None, first.iterator))
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    clause = node.generators[0]
    if _shared_targets(node):
        raise low.refuse(node, "a lambda that sees a variable of the generator expression around it")
    pattern, names = bind_clause(low, clause.target, first.item)
    captures = captured_clones(low, node)
    low.locals.append(names)
    with low.capture() as statements, low.owning(captures):

        def body() -> None:
            item = stored(low, low.expression(node.elt))
            shape.cell.join(item.type)
            value = low.put(item, shape.cell)
            given = rs.TryOperator(rs.Await(rs.Method(rs.Name("yielder"), "give", (value,))))
            low.emit(rs.Evaluate(given))

        _conditions(low, clause.ifs, lambda: _clauses(low, node.generators, 1, body))
        low.locals.pop()
    inner = Iteration(first.item, rs.Name(held), first.fallible)
    with low.capture() as loops:
        low.emit(inner.statement(low, pattern, statements))
    low.closure_depth -= 1
    low.frames = frames
    block = rs.Block(tuple(loops), rs.Call(rs.Name("Ok"), (rs.Tuple(),)))
    closure = rs.Closure(((rs.Bind("yielder"), None),), rs.AsyncBlock(block), moves=True)
    made = call("Iter::generate", closure)
    return Operand(type_, block_of(captures, made))


def generator_iteration(low: Lowering, node: ast.expr) -> bool:
    """Whether an argument is a comprehension whose items may be taken one by one."""
    del low
    return isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp)
