"""Statements: assignments, branches, loops, returns.

Enters: statements of `ast`. Leaves: statements of the Rust tree, comments kept where they stood. `try`, `raise` and
`with` are in `exceptions.py`, `match` in `matching.py`, loops over values in `loops.py`.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler.conditions import condition
from sovereign.migration.depyler.defaults import is_fixed
from sovereign.migration.depyler.lowering import (
    STATEMENTS,
    Attempt,
    Local,
    Loop,
    Lowering,
    Operand,
    safe_name,
    statement,
)
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import DUNDERS, SYMBOLS, binary, call, python_type_name
from sovereign.migration.depyler.program import Refuse
from sovereign.migration.depyler.rust_types import default_value
from sovereign.migration.depyler.types import (
    NONE,
    STR,
    DictShape,
    IntShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import (
    assign_name,
    boxed,
    find_web,
    forget_fields,
    join_env,
    late,
    merge_envs,
    stored,
)
from sovereign.migration.depyler.webs import Place, Web
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LIBRARY_IN_PLACE", "assign_target", "block", "declare", "leave", "lower_block", "lower_statements"]


def lower_block(low: Lowering, body: list[ast.stmt]) -> None:
    """Write the statements of a block, with the variables that live in it."""
    lower_statements(low, body, 0, len(body))


def lower_statements(low: Lowering, body: list[ast.stmt], start: int, stop: int) -> None:
    """Write some statements of a block."""
    for index in range(start, stop):
        node = body[index]
        low.place = Place(id(body), index)
        try:
            declare(low, Place(id(body), index), node)
        except Refuse as refusal:
            low.refusals[low.module.path, node.lineno, node.col_offset, refusal.reason] = Refuse(node, refusal.reason)
            continue
        _comments(low, node)
        if low.env is None:
            continue
        _statement(low, node)
        _trailing(low, node, body[index + 1] if index + 1 < len(body) else None)


def block(low: Lowering, body: list[ast.stmt]) -> rs.Block:
    """A block of its own."""
    outer = low.place
    with low.capture() as statements:
        lower_block(low, body)
    low.place = outer
    return rs.Block(tuple(statements))


MAX_TRIES = 12
"""How often a statement is written anew because of what it taught itself; then the whole function is."""


def _statement(low: Lowering, node: ast.stmt) -> None:
    outside = low.raising_found
    for _ in range(MAX_TRIES):
        mark = low.mark()
        low.raising_found = False
        _once(low, node)
        if not low.spoilt_since(mark) and not low.raising_found:
            low.raising_found = outside
            return
        low.take_back(mark)
    _once(low, node)


def _once(low: Lowering, node: ast.stmt) -> None:
    handler = STATEMENTS.get(type(node))
    outer = low.node
    low.node = node
    low.line = node.lineno
    length, state = len(low.out), low.state()
    try:
        if handler is None:
            raise low.refuse(node, f"`{type(node).__name__}` statements are not translated")
        handler(low, node)
    except RecursionError:
        del low.out[length:]
        low.restore(state)
        key = (low.module.path, node.lineno, node.col_offset, "recursion")
        low.refusals[key] = Refuse(node, "a value whose type contains itself")
    except Refuse as refusal:
        del low.out[length:]
        low.restore(state)
        place = refusal.node if hasattr(refusal.node, "lineno") else node
        key = (low.module.path, place.lineno, getattr(place, "col_offset", 0), refusal.reason)
        low.refusals[key] = refusal
    finally:
        low.node = outer


def _comments(low: Lowering, node: ast.stmt) -> None:
    """Comments on the lines right above a statement."""
    first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    line = first - 1
    found: list[str] = []
    while line in low.module.comments and not low.module.comments[line][1]:
        found.append(low.module.comments[line][0])
        line -= 1
    for text in reversed(found):
        low.emit(rs.Comment(text))


def _trailing(low: Lowering, node: ast.stmt, following: ast.stmt | None) -> None:
    """A comment behind a statement of one line."""
    del following
    comment = low.module.comments.get(node.end_lineno or node.lineno)
    if comment is not None and comment[1] and node.lineno == node.end_lineno and low.out:
        low.emit(rs.Comment(comment[0], trailing=True))


def declare(low: Lowering, place: Place, node: ast.stmt | None = None) -> None:
    """Declare the variables whose life begins in this statement, but not with one plain assignment."""
    del node
    webs = low.info.webs
    if webs is None:
        return
    for web in webs.declared.get(place, []):
        if web.hoisted and web.definitions and not web.is_parameter:
            _hoist(low, web)


def _hoist(low: Lowering, web: Web) -> None:
    held = low.instance.variable(web).read(None)
    if ("definition", web) in low.instance.memory:
        return
    name = low.rust_name(web)
    type_ = low.rust(held)
    value = default_value(held, low.program)
    if boxed(low, web.name):
        if value is None:
            raise low.refuse(low.node, f"`{web.name}` is shared with a closure before it has a value")
        low.instance.memory["slot", web] = True
        low.emit(rs.Let(rs.Bind(name), rs.NamedType("Slot", (type_,)), call("Slot::new", value)))
    elif late(web, low):
        low.emit(rs.Let(rs.Bind(name, mutable=True), rs.NamedType("Option", (type_,)), rs.Name("None")))
    else:
        low.emit(rs.Let(rs.Bind(name, mutable=True), type_, value))


# assignment


@statement(ast.Assign)
def _assign(low: Lowering, node: ast.Assign) -> None:
    first = node.targets[0]
    if (
        len(node.targets) == 1
        and isinstance(first, ast.Tuple | ast.List)
        and isinstance(node.value, ast.Tuple | ast.List)
        and _assign_parallel(low, first, node.value)
    ):
        return
    if len(node.targets) == 1 and (_count_up(low, first, node.value) or _grown_text(low, first, node.value)):
        return
    value = low.expression(node.value)
    if (
        value.static is not None
        and isinstance(first, ast.Name)
        and len(node.targets) == 1
        and _bind_static(low, first, value)
    ):
        return
    value = stored(low, value)
    if value.type.never and node.value in low.raising and not isinstance(first, ast.Name):
        low.emit(rs.Evaluate(value.expr, low.line))  # what the target needs is not evaluated
        low.ends_here(value)
        return
    if len(node.targets) > 1:
        value = low.named(value)
    for target in node.targets:
        assign_target(low, target, value)


def _grown_text(low: Lowering, target: ast.expr, value: ast.expr) -> bool:
    """`text = text + more` as `text += more`."""
    match target, value:
        case ast.Name(), ast.BinOp(left=ast.Name() as left, op=ast.Add()) if left.id == target.id:
            web = find_web(low, target, target.id)
            if web is None or find_web(low, left, left.id) is not web:
                return False
            if low.instance.variable(web).read(None) != STR or any(target.id in names for names in low.locals):
                return False
            current = low.expression(left)
            return current.type == STR and _append_text(low, web, "+", current, low.expression(value.right))
        case _:
            return False


def _count_up(low: Lowering, target: ast.expr, value: ast.expr) -> bool:
    """`counts[key] = counts.get(key, 0) + 1`: the entry is looked up once."""
    match target, value:
        case (
            ast.Subscript(value=ast.Name() as left, slice=ast.Name() as key),
            ast.BinOp(
                left=ast.Call(
                    func=ast.Attribute(value=ast.Name() as right, attr="get"),
                    args=[ast.Name() as same, ast.Constant() as default],
                ),
                op=ast.Add(),
                right=ast.Constant() as step,
            ),
        ) if left.id == right.id and key.id == same.id and type(default.value) is int and type(step.value) is int:
            pass
        case _:
            return False
    container = low.expression(left)
    shape = container.type.only
    if not isinstance(shape, DictShape) or shape.kind == "Counter":
        return False
    index = stored(low, low.expression(key))
    shape.key.join(index.type)
    shape.value.join(Type((IntShape(min(default.value, 0), 1 << 62),)))
    if low.rust(low.contents(shape.value)) != rs.NamedType("i64"):
        return False
    made = rs.Closure((), rs.Integer(default.value))
    entry = rs.Method(low.receiver(container), "entry_or", (low.put(index, shape.key), made))
    low.emit(rs.Assign(rs.Deref(entry), rs.Integer(step.value), "+=", low.line))
    return True


def _bind_static(low: Lowering, target: ast.Name, value: Operand) -> bool:
    """`f = g` for a name that is never bound again: the name stands for the function or class."""
    scope = low.info.scope
    if target.id in scope.rebound or target.id in scope.globals:
        return False
    known = value.static
    if known is not None and isinstance(known.what, ast.Lambda) and not all(map(is_fixed, known.what.args.defaults)):
        return False
    if scope.is_function:
        low.define(target.id, find_web(low, target, target.id), value)
        return True
    if target.id in low.module.globals or find_web(low, target, target.id) is not None:
        low.module.imports[target.id] = value
        return True
    return False


def _assign_parallel(low: Lowering, target: ast.Tuple | ast.List, value: ast.Tuple | ast.List) -> bool:
    """`a, b = b, a`: all values first, then the targets from the left."""
    starred = any(isinstance(n, ast.Starred) for n in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return False
    operands = [stored(low, operand) for operand in low.expressions(value.elts)]
    if len(operands) > 1:
        operands = [_kept(low, operand) for operand in operands]
    for one, operand in zip(target.elts, operands, strict=True):
        assign_target(low, one, operand)
    return True


def _kept(low: Lowering, operand: Operand) -> Operand:
    """The value as it is now, whatever is assigned meanwhile."""
    if (
        operand.constant is not None
        or operand.type.never
        or (isinstance(operand.expr, rs.Tuple) and not operand.expr.items)
    ):
        return operand
    name = low.fresh("next")
    low.emit(rs.Let(rs.Bind(name), None, low.own(operand)))
    return Operand(operand.type, rs.Name(name), "value", operand.constant)


@statement(ast.AnnAssign)
def _ann_assign(low: Lowering, node: ast.AnnAssign) -> None:
    if not low.info.scope.is_function:
        _known_annotation(low, node.annotation)
    if node.value is None:
        return
    assign_target(low, node.target, stored(low, low.expression(node.value)))


def _known_annotation(low: Lowering, annotation: ast.expr) -> None:
    """Outside of functions an annotation is evaluated: a name that nobody defines is an error."""
    module = low.module
    for name in walk(annotation):
        if not isinstance(name, ast.Name) or hasattr(builtins, name.id) or low.info.scope.owner(name.id) is not None:
            continue
        if not any(name.id in kind for kind in (module.globals, module.functions, module.classes, module.imports)):
            raise low.refuse(name, f"an annotation with the unknown name `{name.id}`")


def assign_target(low: Lowering, target: ast.expr, value: Operand) -> None:
    """Assign a value to any target."""
    match target:
        case ast.Name() if low.clause_names is not None:
            _bind_in_clause(low, target, value, low.clause_names)
        case ast.Name():
            assign_name(low, target, target.id, value, low.place)
        case ast.Tuple() | ast.List():
            _unpack(low, list(target.elts), value, target)
        case ast.Subscript():
            from sovereign.migration.depyler.subscripts import assign_subscript

            assign_subscript(low, target, value)
        case ast.Attribute():
            from sovereign.migration.depyler.attributes import assign_attribute

            assign_attribute(low, low.expression(target.value), target.attr, value)
        case _:
            raise low.refuse(target, f"an assignment to `{type(target).__name__}`")


def _bind_in_clause(low: Lowering, target: ast.Name, value: Operand, names: dict[str, Local]) -> None:
    """A name that a comprehension's clause binds."""
    value = stored(low, value)
    rust_name = safe_name(target.id, low.program)
    low.emit(rs.Let(rs.Bind(rust_name), None if value.type.never else low.rust(value.type), low.own(value)))
    names[target.id] = Local(rust_name, value.type)


def _unpack(low: Lowering, targets: list[ast.expr], value: Operand, node: ast.AST) -> None:
    from sovereign.migration.depyler.classes import as_plain_tuple

    value = as_plain_tuple(low, value)
    shape = value.type.only
    if value.type.never:
        low.emit(rs.Evaluate(value.expr, low.line))
        low.ends_here(value)
        return
    starred = [i for i, t in enumerate(targets) if isinstance(t, ast.Starred)]
    if isinstance(shape, TupleShape):
        _unpack_tuple(low, targets, value, shape, starred)
        return
    if shape is None:
        raise low.refuse(node, "unpacking a value of several types")
    _unpack_list(low, targets, value, starred)


def _unpack_tuple(
    low: Lowering, targets: list[ast.expr], value: Operand, shape: TupleShape, starred: list[int]
) -> None:
    count = len(shape.items)
    if (not starred and count != len(targets)) or (starred and count < len(targets) - 1):
        low.emit(rs.Evaluate(_wrong_count(low, len(targets), count, bool(starred)).expr, low.line))
        return
    if not starred and value.form == "value" and all(isinstance(t, ast.Name) for t in targets):
        names = [low.fresh(f"{t.id}_part") for t in targets if isinstance(t, ast.Name)]
        if _bind_directly(low, targets, value, shape):
            return
        low.emit(rs.Let(rs.TuplePattern(tuple(rs.Bind(n) for n in names)), None, value.expr, low.line))
        parts = [Operand(t, rs.Name(n)) for n, t in zip(names, shape.items, strict=True)]
    else:
        parts = low.tuple_parts(value, shape)
    if starred:
        _assign_starred(low, targets, parts, starred[0])
        return
    for target, part in zip(targets, parts, strict=True):
        assign_target(low, target, part)


def _bind_directly(low: Lowering, targets: list[ast.expr], value: Operand, shape: TupleShape) -> bool:
    """`let (a, b) = value;` where both variables begin here and are held as they come."""
    from sovereign.migration.depyler.variables import declare_here

    patterns: list[rs.Pattern] = []
    webs = []
    for target, type_ in zip(targets, shape.items, strict=True):
        assert isinstance(target, ast.Name)
        if target.id in low.info.scope.globals or target.id in low.info.scope.nonlocals:
            return False
        if not low.info.scope.is_function and target.id in low.module.globals:
            return False
        web = find_web(low, target, target.id)
        if web is None or not declare_here(low, web, low.place) or boxed(low, target.id):
            return False
        cell = low.instance.variable(web)
        cell.join(type_)
        if low.rust(cell.read(None)) != low.rust(type_) or late(web, low) or type_.never:
            return False
        unread = target.id == "_" and "_" not in low.info.scope.used
        patterns.append(rs.Wildcard() if unread else rs.Bind(low.rust_name(web), mutable=web.definitions > 1))
        webs.append((web, type_))
    if len({id(web) for web, _ in webs}) != len(webs):
        return False
    low.emit(rs.Let(rs.TuplePattern(tuple(patterns)), None, value.expr, low.line))
    for web, type_ in webs:
        forget_fields(low, low.rust_name(web))
        if low.env is not None:
            low.env[web] = type_
    return True


def _wrong_count(low: Lowering, wanted: int, got: int, starred: bool) -> Operand:
    if starred:
        return low.type_error(f"not enough values to unpack (expected at least {wanted - 1}, got {got})", "VALUE_ERROR")
    if got > wanted:
        return low.type_error(f"too many values to unpack (expected {wanted})", "VALUE_ERROR")
    return low.type_error(f"not enough values to unpack (expected {wanted}, got {got})", "VALUE_ERROR")


def _assign_starred(low: Lowering, targets: list[ast.expr], parts: list[Operand], position: int) -> None:
    from sovereign.migration.depyler.expressions import make_list

    after = len(targets) - position - 1
    middle = parts[position : len(parts) - after]
    for target, part in zip(targets[:position], parts[:position], strict=True):
        assign_target(low, target, part)
    star = targets[position]
    assert isinstance(star, ast.Starred)
    assign_target(low, star.value, make_list(low, middle, low.list_of()))
    for target, part in zip(targets[position + 1 :], parts[len(parts) - after :], strict=True):
        assign_target(low, target, part)


def _unpack_list(low: Lowering, targets: list[ast.expr], value: Operand, starred: list[int]) -> None:
    from sovereign.migration.depyler.iteration import iterate

    shape = value.type.only
    if isinstance(shape, ListShape | SeqShape):
        item = low.contents(shape.cell) if isinstance(shape, ListShape) else shape.item
        source = low.named(value, "values")
    else:
        each = iterate(low, value)
        item = each.item
        type_ = low.list_of(item)
        collected = (
            call("collect_iter", each.iterator) if not each.fallible else low.fallible(rs.Method(each.iterator, "list"))
        )
        source = low.named(Operand(type_, collected), "values")
    name = "unpack_check" if not starred else "unpack_check_rest"
    count = rs.Integer(len(targets) - len(starred))
    length = rs.Method(source.expr, "len")
    low.emit(rs.Evaluate(low.fallible(call(name, length, count)), low.line))

    def at(index: rs.Expression) -> Operand:
        return Operand(item, rs.Method(source.expr, "at", (index,)))

    if not starred:
        for index, target in enumerate(targets):
            assign_target(low, target, at(rs.Integer(index)))
        return
    position = starred[0]
    after = len(targets) - position - 1
    for index, target in enumerate(targets[:position]):
        assign_target(low, target, at(rs.Integer(index)))
    star = targets[position]
    assert isinstance(star, ast.Starred)
    rest = low.list_of(item)
    end = rs.Binary("-", rs.Method(source.expr, "len"), rs.Integer(after))
    assign_target(low, star.value, Operand(rest, rs.Method(source.expr, "part", (rs.Integer(position), end))))
    for number, target in enumerate(targets[position + 1 :]):
        index_expr = rs.Binary("-", rs.Method(source.expr, "len"), rs.Integer(after - number))
        assign_target(low, target, at(index_expr))


# augmented assignment


@statement(ast.AugAssign)
def _aug_assign(low: Lowering, node: ast.AugAssign) -> None:
    symbol = SYMBOLS[type(node.op)]
    match node.target:
        case ast.Name():
            _augment_name(low, node, node.target, symbol)
        case ast.Subscript():
            from sovereign.migration.depyler.subscripts import augment_subscript

            augment_subscript(low, node.target, symbol, node.value)
        case ast.Attribute():
            from sovereign.migration.depyler.attributes import augment_attribute

            augment_attribute(low, node.target, symbol, node.value)


def _augment_name(low: Lowering, node: ast.AugAssign, target: ast.Name, symbol: str) -> None:
    load = ast.copy_location(ast.Name(target.id, ast.Load()), target)
    web = find_web(low, node, target.id) or find_web(low, target, target.id)
    if web is not None and low.info.webs is not None:
        low.info.webs.of_node[load] = web
    current = low.expression(load)
    value = low.expression(node.value)
    if augment_in_place(low, current, symbol, value) or _append_text(low, web, symbol, current, value):
        return
    result = binary(low, symbol, current, value, inplace=True)
    if _short_form(low, web, symbol, current, value, result):
        return
    assign_name(low, target, target.id, result, low.place)


def _append_text(low: Lowering, web: Web | None, symbol: str, current: Operand, value: Operand) -> bool:
    """`text += more` on the variable itself, which costs what is added and not what is there."""
    if web is None or symbol != "+" or current.type != STR or value.type != STR or current.form != "place":
        return False
    scope = low.info.scope
    if web.name in scope.nonlocals or web.name in scope.globals or boxed(low, web.name) or late(web, low):
        return False
    if low.instance.variable(web).read(None) != STR or current.expr != rs.Name(low.rust_name(web)):
        return False
    more = rs.Text(value.constant) if isinstance(value.constant, str) else low.borrow(value)
    low.emit(rs.Evaluate(rs.Method(current.expr, "append", (more,)), low.line))
    if low.env is not None:
        low.env[web] = STR
    return True


LIBRARY_IN_PLACE: dict[str, Callable[[Lowering, Operand, str, Operand], None]] = {}
"""Types of the library that `+=` and the like change: what does it."""


def augment_in_place(low: Lowering, current: Operand, symbol: str, value: Operand) -> bool:
    """`xs += ys` for what changes in place."""
    shape = current.type.only
    if shape is not None and shape.tag in LIBRARY_IN_PLACE:
        LIBRARY_IN_PLACE[shape.tag](low, current, symbol, value)
        return True
    if symbol == "+" and (isinstance(shape, ListShape) or (shape is not None and shape.tag == "bytearray")):
        from sovereign.migration.depyler.methods import call_builtin_method

        result = call_builtin_method(low, current, "extend", [value], {})
        low.emit(rs.Evaluate(result.expr, low.line))
        return True
    if shape is not None and shape.tag == "set" and symbol in {"|", "&", "-", "^"}:
        from sovereign.migration.depyler.methods import call_builtin_method

        name = {
            "|": "update",
            "&": "intersection_update",
            "-": "difference_update",
            "^": "symmetric_difference_update",
        }[symbol]
        low.emit(rs.Evaluate(call_builtin_method(low, current, name, [value], {}).expr, low.line))
        return True
    if shape is not None and shape.tag in {"dict", "OrderedDict", "defaultdict"} and symbol == "|":
        from sovereign.migration.depyler.methods import call_builtin_method

        low.emit(rs.Evaluate(call_builtin_method(low, current, "update", [value], {}).expr, low.line))
        return True
    return False


def _short_form(low: Lowering, web: Web | None, symbol: str, current: Operand, value: Operand, result: Operand) -> bool:
    """`x += value;` where the variable is held as plain `i64` or `f64`."""
    if web is None or not isinstance(result.expr, rs.Binary) or result.expr.operator != symbol:
        return False
    scope = low.info.scope
    if web.name in scope.nonlocals or web.name in scope.globals or boxed(low, web.name) or late(web, low):
        return False
    if not scope.is_function and web.name in low.module.globals:
        return False
    cell = low.instance.variable(web)
    cell.join(result.type)
    held = cell.read(None)
    only = held.only
    plain = (isinstance(only, IntShape) and only.small) or (only is not None and only.tag == "float")
    if not plain or low.rust(held) != low.rust(result.type) or result.expr.left != rs.Name(low.rust_name(web)):
        return False
    del current, value
    if low.env is not None:
        low.env[web] = result.type
    low.emit(rs.Assign(rs.Name(low.rust_name(web)), result.expr.right, f"{symbol}=", low.line))
    return True


# control


@statement(ast.If)
def _if(low: Lowering, node: ast.If) -> None:
    value = _if_expression(low, node)
    if value is not None:
        low.emit(rs.Evaluate(value, node.lineno))


def _if_expression(low: Lowering, node: ast.If) -> rs.If | None:
    test = condition(low, node.test)
    if test.known is not None:
        if not isinstance(test.expr, rs.Boolean):
            low.emit(rs.Evaluate(test.expr, node.lineno))
        low.env = test.when_true if test.known else test.when_false
        taken = node.body if test.known else node.orelse
        _inline(low, taken)
        return None
    low.env = test.when_true
    then = block(low, node.body)
    after_then = low.env
    low.env = test.when_false
    orelse: rs.Block | rs.If | None = None
    if node.orelse:
        orelse = _else(low, node.orelse)
    low.env = join_env(after_then, low.env)
    return rs.If(test.expr, then, orelse)


def _else(low: Lowering, body: list[ast.stmt]) -> rs.Block | rs.If | None:
    """An `else` block; `elif` stays a chain where nothing has to be computed before it."""
    if len(body) == 1 and isinstance(body[0], ast.If):
        outer = low.place
        with low.capture() as statements:
            low.place = Place(id(body), 0)
            declare(low, low.place)
            _comments(low, body[0])
            inner = _guarded_if(low, body[0])
        low.place = outer
        if not statements:
            return inner
        return rs.Block((*statements, rs.Evaluate(inner)) if inner is not None else tuple(statements))
    found = block(low, body)
    return found if found.statements else None


def _guarded_if(low: Lowering, node: ast.If) -> rs.If | None:
    outer = low.node
    low.node = node
    low.line = node.lineno
    try:
        return _if_expression(low, node)
    finally:
        low.node = outer


def _inline(low: Lowering, body: list[ast.stmt]) -> None:
    """A branch that is always taken, in a block of its own only where it declares variables."""
    if not body:
        return
    inner = block(low, body)
    if any(isinstance(s, rs.Let) for s in inner.statements):
        low.emit(rs.Evaluate(rs.BlockExpression(inner)))
    else:
        low.out.extend(inner.statements)


@statement(ast.While)
def _while(low: Lowering, node: ast.While) -> None:
    head = loop_head(low, node)
    loop = Loop(low.label("outer"))
    with low.capture() as before:
        test = condition(low, node.test)
    low.frames.append(loop)
    after_test = test.when_false
    low.env = test.when_true
    if node.orelse:
        loop.flag = low.fresh("completed")
        low.emit(rs.Let(rs.Bind(loop.flag, mutable=True), None, rs.Boolean(True)))
    if test.known is False:
        body = rs.Block()
        low.env = None
    else:
        body = block(low, node.body)
    low.frames.pop()
    close_loop(low, head, [low.env, *loop.continues])
    label = loop.label if loop.label_used else ""
    if before:
        stop = rs.If(rs.Unary("!", test.expr), rs.Block((rs.Evaluate(rs.Break()),)))
        low.emit(rs.Loop(rs.Block((*before, rs.Evaluate(stop), *body.statements)), label, node.lineno))
    elif test.known is True and isinstance(test.expr, rs.Boolean):
        low.emit(rs.Loop(body, label, node.lineno))
    elif test.known is not False or not isinstance(test.expr, rs.Boolean):
        low.emit(rs.While(test.expr, body, label, node.lineno))
    finish_loop(low, node, loop, after_test)


@dataclass(frozen=True, slots=True)
class Head:
    """What is known where a loop begins: before it is reached, and with what comes from its end."""

    node: ast.AST
    before: dict[object, Type] | None
    known: dict[object, Type] | None

    def is_news(self, back: dict[object, Type]) -> bool:
        """Whether the loop would begin with other types because of what is known at its end."""
        if self.before is None or self.known is None:
            return True
        again = join_env(self.before, back)
        assert again is not None
        return any(again.get(key) != type_ for key, type_ in self.known.items()) or any(
            key not in self.known and (not isinstance(key, Web) or key.hoisted) for key in again
        )


def loop_head(low: Lowering, node: ast.AST) -> Head:
    """Go on with what is known where a loop begins again: on entry, and from its end as far as seen before."""
    before, back = low.env, low.instance.heads.get(node)
    known = None if before is None and back is None else join_env(before, back)
    low.env = None if known is None else dict(known)
    return Head(node, before, known)


def close_loop(low: Lowering, head: Head, ends: list[dict[object, Type] | None]) -> None:
    """Remember what is known at the end of a loop's body; run again where that is news."""
    back, node = merge_envs(ends), head.node
    if back is None:
        return
    old = low.instance.heads.get(node)
    count = low.instance.memory.get(("loop", node), 0)
    assert isinstance(count, int)
    new = join_env(old, back) if old is not None else back
    assert new is not None
    if old is not None and count > 2:
        new = {key: old[key].widen(type_) if key in old else type_ for key, type_ in new.items()}
    if old is None or any(old.get(key) != type_ for key, type_ in new.items()):
        low.instance.heads[node] = new
        low.instance.memory["loop", node] = count + 1
        if head.is_news(new):
            low.instance.dirty = True


def finish_loop(low: Lowering, node: ast.While | ast.For, loop: Loop, leaving: dict[object, Type] | None) -> None:
    """The `else` of a loop, and what is known behind it."""
    low.env = leaving
    if node.orelse:
        body = block(low, node.orelse)
        low.emit(rs.Evaluate(rs.If(rs.Name(loop.flag), body)))
    low.env = merge_envs([low.env, *loop.breaks])


def leave(low: Lowering, kind: str, loop: Loop | None = None, value: rs.Expression | None = None) -> rs.Expression:
    """`return`, `break` or `continue` through the `finally` blocks around it."""
    for index in range(len(low.frames) - 1, -1, -1):
        frame = low.frames[index]
        if frame is loop:
            break
        if isinstance(frame, Attempt) and frame.is_final:
            frame.flow.add(kind if loop is None else f"{kind}:{loop.label}")
            if loop is not None:
                loop.label_used = True
            name = {"return": "Return", "break": "Break", "continue": "Continue"}[kind]
            flow = call(f"Flow::{name}", value or rs.Tuple()) if kind == "return" else rs.Name(f"Flow::{name}")
            return rs.Break(frame.label, rs.Call(rs.Name("Ok"), (flow,)))
    if kind == "return":
        return rs.Return(value)
    label = ""
    if loop is not None and needs_label(low, loop):
        loop.label_used = True
        label = loop.label
    return rs.Break(label) if kind == "break" else rs.Continue(label)


def needs_label(low: Lowering, loop: Loop) -> bool:
    """Whether a labelled block stands between here and the loop."""
    for frame in reversed(low.frames):
        if frame is loop:
            return False
        if isinstance(frame, Attempt):
            return True
    return False


@statement(ast.Break)
def _break(low: Lowering, node: ast.Break) -> None:
    loop = next(f for f in reversed(low.frames) if isinstance(f, Loop))
    if low.env is not None:
        loop.breaks.append(low.env)
    if loop.flag:
        low.emit(rs.Assign(rs.Name(loop.flag), rs.Boolean(False)))
    low.emit(rs.Evaluate(leave(low, "break", loop), node.lineno))
    low.env = None


@statement(ast.Continue)
def _continue(low: Lowering, node: ast.Continue) -> None:
    loop = next(f for f in reversed(low.frames) if isinstance(f, Loop))
    if low.env is not None:
        loop.continues.append(low.env)
    low.emit(rs.Evaluate(leave(low, "continue", loop), node.lineno))
    low.env = None


@statement(ast.Return)
def _return(low: Lowering, node: ast.Return) -> None:
    if isinstance(node.value, ast.IfExp) and any(map(_is_not_implemented, (node.value.body, node.value.orelse))):
        _return_either(low, node, node.value)
        return
    if node.value is not None and _is_not_implemented(node.value) and _declines(low, node):
        return
    value = Operand(NONE, rs.Tuple()) if node.value is None else stored(low, low.expression(node.value))
    write_return(low, value, node.lineno)


def _declines(low: Lowering, node: ast.Return) -> bool:
    """`return NotImplemented` of an operator: nobody else knows how, so that it raises TypeError."""
    name = low.info.name
    symbol = next((s for s, names in DUNDERS.items() if name in names and s not in {"==", "!="}), "")
    arguments = low.info.node.args.args if isinstance(low.info.node, ast.FunctionDef) else []
    if not symbol or len(arguments) != 2:
        return False
    low.instance.memory["not implemented"] = True
    kinds = [low.expression(ast.copy_location(ast.Name(a.arg, ast.Load()), node)) for a in arguments]
    names = [python_type_name(k.type.shapes[0]) if k.type.shapes else "object" for k in kinds]
    if name.startswith("__r") and name != "__rshift__":
        names.reverse()
    sign = "** or pow()" if symbol == "**" else symbol
    text = f"unsupported operand type(s) for {sign}: '{names[0]}' and '{names[1]}'"
    if symbol in {"<", "<=", ">", ">="}:
        text = f"'{symbol}' not supported between instances of '{names[0]}' and '{names[1]}'"
    low.emit(rs.Evaluate(low.type_error(text).expr, node.lineno))
    low.env = None
    return True


def _is_not_implemented(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "NotImplemented"


def _return_either(low: Lowering, node: ast.Return, value: ast.IfExp) -> None:
    """`return x if test else NotImplemented` as two statements."""
    key = ("either", node)
    made = low.instance.memory.get(key)
    if not isinstance(made, ast.If):
        ways = [ast.copy_location(ast.Return(way), way) for way in (value.body, value.orelse)]
        made = ast.copy_location(ast.If(value.test, [ways[0]], [ways[1]]), node)
        low.instance.memory[key] = made
    _if(low, made)


def write_return(low: Lowering, value: Operand, line: int | None) -> None:
    """Give a value back to the caller."""
    if low.in_generator and low.talk is not None:
        result = low.talk.result
        result.join(value.type)
        converted = low.put(value, result)
        low.emit(rs.Evaluate(leave(low, "return", None, rs.Call(rs.Name("Ok"), (converted,))), line))
        low.env = None
        return
    if low.in_generator:
        low.emit(rs.Evaluate(leave(low, "return", None, rs.Call(rs.Name("Ok"), (rs.Tuple(),))), line))
        low.env = None
        return
    cell = low.instance.result
    cell.join(value.type)
    if value.type.never:
        low.emit(rs.Evaluate(value.expr, line))
        low.env = None
        return
    converted = low.put(_moved(low, value), cell)
    low.emit(rs.Evaluate(leave(low, "return", None, low.wrap_result(converted)), line))
    low.env = None


def _moved(low: Lowering, value: Operand) -> Operand:
    """A local that is returned is given away, not copied: nothing comes after."""
    if value.form != "place" or not isinstance(value.expr, rs.Name) or not value.expr.path.islower():
        return value
    if low.closure_depth or any(isinstance(f, Attempt) and f.is_final for f in low.frames):
        return value
    name = value.expr.path
    owned = any(
        low.rust_name(web) == name and not boxed(low, web.name) and not late(web, low) for web in low.instance.variables
    )
    return Operand(value.type, value.expr) if owned and name not in low.instance.captured else value


@statement(ast.Expr)
def _expr(low: Lowering, node: ast.Expr) -> None:
    if isinstance(node.value, ast.Constant):
        return
    operand = low.expression(node.value)
    if operand.static is not None or isinstance(operand.expr, rs.Tuple | rs.Name):
        return
    low.emit(rs.Evaluate(operand.expr, node.lineno))
    low.ends_here(operand)


@statement(ast.Pass)
def _pass(low: Lowering, node: ast.Pass) -> None:
    del low, node


@statement(ast.Global, ast.Nonlocal)
def _scope_words(low: Lowering, node: ast.Global | ast.Nonlocal) -> None:
    del low, node


@statement(ast.Import, ast.ImportFrom)
def _import(low: Lowering, node: ast.Import | ast.ImportFrom) -> None:
    from sovereign.migration.depyler.imports import bind_imports

    for name, found in bind_imports(low, node):
        if low.info.scope.is_function:
            alias = next(a for a in node.names if name in {a.asname, a.name, a.name.split(".")[0]})
            low.instance.memory["definition", name] = found
            low.define(name, find_web(low, alias, name), found)
        else:
            low.module.imports[name] = found


@statement(ast.Assert)
def _assert(low: Lowering, node: ast.Assert) -> None:
    test = condition(low, node.test)
    env = test.when_true
    if test.known is True and isinstance(test.expr, rs.Boolean):
        low.env = env
        return
    low.env = test.when_false if test.when_false is not None else low.env
    with low.capture() as statements:
        if node.msg is None:
            error = call("Exc::bare", rs.Borrow(rs.Name("ASSERTION_ERROR")))
        else:
            from sovereign.migration.depyler.exceptions import new_exception

            error = new_exception(low, "AssertionError", [stored(low, low.expression(node.msg))])
        statements.append(rs.Evaluate(low.throw(error)))
    low.emit(rs.Evaluate(rs.If(rs.Unary("!", test.expr), rs.Block(tuple(statements))), node.lineno))
    low.env = env


@statement(ast.Delete)
def _delete(low: Lowering, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            from sovereign.migration.depyler.subscripts import delete_subscript

            delete_subscript(low, target)
        elif not isinstance(target, ast.Name):
            raise low.refuse(target, "`del` of an attribute")


@statement(ast.FunctionDef)
def _function_def(low: Lowering, node: ast.FunctionDef) -> None:
    from sovereign.migration.depyler.calls import local_function
    from sovereign.migration.depyler.decorators import check_function

    if not low.info.scope.is_function and node.name in low.module.functions:
        from sovereign.migration.depyler.defaults import set_defaults

        check_function(low, low.module.functions[node.name])
        set_defaults(low, low.module.functions[node.name])
        return
    local_function(low, node)


@statement(ast.ClassDef)
def _class_def(low: Lowering, node: ast.ClassDef) -> None:
    from sovereign.migration.depyler.classes import local_class

    local_class(low, node)


@statement(ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)
def _async(low: Lowering, node: ast.stmt) -> None:
    raise low.refuse(node, "asyncio is not translated yet")
