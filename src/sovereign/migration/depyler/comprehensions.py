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
from sovereign.migration.depyler.conditions import condition
from sovereign.migration.depyler.iteration import Iteration
from sovereign.migration.depyler.loops import bind_clause, source_of
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import DictShape, IterShape, ListShape, SetShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.depyler.views import may_view, viewed, watched
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

__all__ = ["each_item", "generator_iteration"]

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def _clauses(low: Lowering, generators: list[ast.comprehension], index: int, body: Callable[[], None]) -> None:
    """Write the loops of the clauses from `index` on, with `body` innermost."""
    if index == len(generators):
        body()
        return
    clause = generators[index]
    if clause.is_async:
        raise low.refuse(clause.target, "asyncio is not translated yet")
    source = source_of(low, clause.iter)
    pattern, names = bind_clause(low, clause.target, source.item)
    borrows = may_view(low, clause, source) and not low.closure_depth
    if borrows and not is_copy(source.item):
        names = {name: replace(local, form="ref") for name, local in names.items()}
    low.locals.append(names)
    with low.capture() as statements, watched(low, clause, source) if borrows else nullcontext():
        _conditions(low, clause.ifs, lambda: _clauses(low, generators, index + 1, body))
    low.locals.pop()
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
    _clauses(low, node.generators, 0, lambda: body(stored(low, low.expression(node.elt))))


def _filled(
    low: Lowering, name: str, type_: Type, made: str, generators: list[ast.comprehension], body: Callable[[str], None]
) -> Operand:
    """A container in a variable, filled by loops, as a block."""
    variable = low.fresh(name)
    with low.capture() as statements:
        _clauses(low, generators, 0, lambda: body(variable))
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
        value = low.convert(item, low.contents(shape.cell))
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "append", (value,))))

    return _filled(low, "items", type_, "List", node.generators, body)


def _chain(low: Lowering, node: ast.ListComp, type_: Type, shape: ListShape) -> Operand | None:
    """`xs.iter().map(|x| ...).collect()` for one clause without anything that can raise."""
    clause = node.generators[0]
    if len(node.generators) != 1 or clause.is_async or clause.ifs:
        return None
    saved = _Saved(low.raise_count, low.env, low.allocations.copy(), low.name_counts.copy(), len(low.out))
    source = source_of(low, clause.iter)
    if source.fallible:
        _restore(low, saved)
        return None
    before = low.raise_count
    pattern, names = bind_clause(low, clause.target, source.item)
    low.locals.append(names)
    low.closure_depth += 1
    with low.capture() as statements:
        item = stored(low, low.expression(node.elt))
        shape.cell.join(item.type)
        value = low.convert(item, low.contents(shape.cell))
    low.closure_depth -= 1
    low.locals.pop()
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
    allocations: Counter[ast.AST]
    name_counts: Counter[str]
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
        value = low.convert(item, low.contents(shape.cell))
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "add", (value,))))

    return _filled(low, "items", type_, "Set", node.generators, body)


@expression(ast.DictComp)
def _dict_comp(low: Lowering, node: ast.DictComp) -> Operand:
    type_ = low.dict_of()
    shape = type_.only
    assert isinstance(shape, DictShape)

    def body(variable: str) -> None:
        key, value = (stored(low, operand) for operand in low.expressions([node.key, node.value]))
        shape.key.join(key.type)
        shape.value.join(value.type)
        arguments = (low.convert(key, low.contents(shape.key)), low.convert(value, low.contents(shape.value)))
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable), "set_item", arguments)))

    return _filled(low, "items", type_, "Dict", node.generators, body)


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
    pattern, names = bind_clause(low, clause.target, first.item)
    captures = captured_clones(low, node)
    low.locals.append(names)
    with low.capture() as statements, low.owning(captures):

        def body() -> None:
            item = stored(low, low.expression(node.elt))
            shape.cell.join(item.type)
            value = low.convert(item, low.contents(shape.cell))
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


def captured_clones(low: Lowering, node: ast.AST) -> list[rs.Statement]:
    """`let x = x.clone();` for the variables that a coroutine holds."""
    from sovereign.migration.depyler.rust_types import is_copy
    from sovereign.migration.depyler.variables import boxed, find_web

    result: list[rs.Statement] = []
    seen: set[str] = set()
    bound = {n.id for g in getattr(node, "generators", []) for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    for name in ast.walk(node):
        if not isinstance(name, ast.Name) or not isinstance(name.ctx, ast.Load) or name.id in seen or name.id in bound:
            continue
        seen.add(name.id)
        web = find_web(low, name, name.id)
        local = next((names[name.id] for names in reversed(low.locals) if name.id in names), None)
        if local is not None:
            if not is_copy(local.type):
                rust_name = rs.Name(local.rust_name)
                result.append(rs.Let(rs.Bind(local.rust_name), None, rs.Method(rust_name, "clone")))
        elif web is not None:
            held = low.instance.variable(web).read(low.instance)
            if ("definition", name.id) in low.instance.memory or ("definition", web) in low.instance.memory:
                continue
            if boxed(low, name.id) or not is_copy(held):
                result.append(low.clone_named(low.rust_name(web)))
        elif name.id in low.info.scope.free and name.id in low.instance.captured:
            from sovereign.migration.depyler.lowering import safe_name

            rust_name = rs.Name(safe_name(name.id, low.program))
            result.append(rs.Let(rs.Bind(rust_name.path), None, rs.Method(rust_name, "clone")))
    return result


def generator_iteration(low: Lowering, node: ast.expr) -> bool:
    """Whether an argument is a comprehension whose items may be taken one by one."""
    del low
    return isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp)
