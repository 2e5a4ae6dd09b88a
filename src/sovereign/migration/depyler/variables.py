"""Reading and assigning variables: locals by their webs, captured ones, and those of the module.

Enters: name nodes and operands. Leaves: places in Rust. A local is declared where its web begins; one that closures
see and that changes is a `Slot`; one that may be read before it is assigned is an `Option` whose absence raises.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand, expression, safe_name
from sovereign.migration.depyler.rust_types import default_value, is_copy, is_option
from sovereign.migration.depyler.types import STR, IntShape, StaticShape, Type
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import Global, Instance
    from sovereign.migration.depyler.scopes import Scope
    from sovereign.migration.depyler.webs import Place, Web

__all__ = [
    "assign_name",
    "assign_web",
    "boxed",
    "capture_argument",
    "declare_here",
    "find_web",
    "forget_fields",
    "join_env",
    "load_web",
    "merge_envs",
    "static",
    "stored",
]


def static(kind: str, name: str, what: object = None) -> Operand:
    """An operand that is known while translating."""
    return Operand(Type((StaticShape(kind, name, what),)), rs.Tuple())


def boxed(low: Lowering, name: str) -> bool:
    """Whether a local is shared with closures and changes, so that it lives in a `Slot`."""
    scope = low.info.scope
    return name in scope.captured and name in scope.rebound and scope.is_function


def late(web: Web, low: Lowering) -> bool:
    """Whether the variable is held as an `Option` because it may be read before it is assigned."""
    if web.is_parameter or boxed(low, web.name):
        return False
    if web.maybe_unbound:
        return True
    type_ = low.instance.variable(web).read(None)
    return web.hoisted and default_value(type_, low.program) is None


def find_web(low: Lowering, node: ast.AST, name: str) -> Web | None:
    """The web of a name at a node; inside lambdas written in place, the one web of that name."""
    webs = low.info.webs
    if webs is None:
        return None
    found = webs.of_node.get(node)
    if found is not None:
        return found
    same = webs.by_name.get(name, [])
    return same[0] if len(same) == 1 and name in low.info.scope.captured else None


# reading


def load_web(low: Lowering, web: Web) -> Operand:
    """The value of a local at this point."""
    instance = low.instance
    is_known = low.env is not None and web in low.env and not boxed(low, web.name)
    held = instance.variable(web).read(None if is_known else instance)
    name = rs.Name(low.rust_name(web))
    if boxed(low, web.name):
        return Operand(held, rs.Method(name, "get"))
    known = held
    if low.env is not None and web in low.env:
        known = low.env[web]
    if late(web, low):
        error = rs.Call(rs.Name("unbound"), (rs.Text(web.name),))
        value = rs.Method(name, "clone") if not is_copy(held) else name
        reached = low.fallible(rs.Method(value, "ok_or_else", (rs.Closure((), error),)))
        return low.narrow(Operand(held, reached), known)
    passed = web.is_parameter and low.instance.passes.get(web.name) and not low.in_generator
    form = "ref" if passed or web in low.borrowed else "place"
    return low.narrow(low.held(Operand(held, name, form)), known)


@expression(ast.Name)
def _name(low: Lowering, node: ast.Name) -> Operand:
    for names in reversed(low.locals):
        if node.id in names:
            local = names[node.id]
            if local.form == "slot":
                return Operand(local.type, rs.Method(rs.Name(local.rust_name), "get"))
            return low.held(Operand(local.type, rs.Name(local.rust_name), local.form))
    scope = low.info.scope
    module = low.module
    fixed = not scope.is_function and any(
        node.id in kind for kind in (module.functions, module.classes, module.imports)
    )
    if node.id not in scope.globals and not fixed:
        web = find_web(low, node, node.id)
        if web is not None:
            found = definition_of(low, node.id, web)
            return found if found is not None else load_web(low, web)
        if node.id in scope.free:
            return _captured(low, node.id)
        if scope.is_function and scope.owner(node.id) is scope and node.id not in module.imports:
            return Operand(Type(), low.throw(rs.Call(rs.Name("unbound"), (rs.Text(node.id),))))
    return _global(low, node)


def definition_of(low: Lowering, name: str, web: Web) -> Operand | None:
    """The function or class that a local name always stands for."""
    known = low.instance.memory.get(("definition", web)) or low.instance.memory.get(("definition", name))
    return known if isinstance(known, Operand) else None


def _captured(low: Lowering, name: str) -> Operand:
    owner = low.info.scope.free.get(name) or low.info.scope.owner(name)
    environment = low.instance.environment
    while environment is not None and environment.info.scope is not owner:
        environment = environment.environment
    if environment is None:
        raise low.refuse(low.node, f"`{name}` belongs to a function that is not known here")
    assert owner is not None
    known = environment.memory.get(("definition", name))
    if isinstance(known, Operand) and name not in owner.rebound:
        return known
    type_ = _outer_type(low, environment, name)
    low.instance.captured[name] = (
        low.instance.captured.get(name) or environment.variables[_outer_web(environment, name)]
    )
    rust_name = rs.Name(safe_name(name, low.program))
    if name in owner.rebound:
        return Operand(type_, rs.Method(rust_name, "get"))
    return low.held(Operand(type_, rust_name, "place" if is_copy(type_) or low.in_generator else "ref"))


def _outer_web(environment: Instance, name: str) -> Web:
    assert environment.info.webs is not None
    web = environment.info.webs.by_name[name][0]
    environment.variable(web)
    return web


def _outer_type(low: Lowering, environment: Instance, name: str) -> Type:
    return environment.variable(_outer_web(environment, name)).read(low.instance)


def _global(low: Lowering, node: ast.Name) -> Operand:
    module = low.module
    if node.id in module.functions:
        return static("function", node.id, module.functions[node.id])
    if node.id in module.classes:
        return static("class", module.classes[node.id].unique, module.classes[node.id])
    if node.id in module.imports:
        found = module.imports[node.id]
        return found if isinstance(found, Operand) else static("module", str(found), found)
    if node.id in module.globals:
        return load_global(low, module.globals[node.id])
    if node.id == "__name__":
        name = low.program.main_name if module.name == "__main__" else module.name
        return Operand(STR, rs.Call(rs.Name("Str::literal"), (rs.Text(name),)), constant=name)
    if node.id == "__doc__":
        return low.expression(ast.copy_location(ast.Constant(ast.get_docstring(module.tree, clean=False)), node))
    from sovereign.migration.depyler.builtin_functions import is_builtin

    if is_builtin(node.id):
        return static("builtin", node.id)
    if hasattr(builtins, node.id):
        raise low.refuse(node, f"`{node.id}` is not translated")
    return low.type_error(f"name '{node.id}' is not defined", "NAME_ERROR")


def load_global(low: Lowering, variable: Global) -> Operand:
    """The value of a variable of a module."""
    if variable.constant is not None:
        return low.expression(variable.constant)
    type_ = variable.cell.read(low.instance)
    name = rs.Name(variable.rust_name)
    return Operand(type_, rs.Method(name, "get"))


# assigning


def stored(low: Lowering, operand: Operand) -> Operand:
    """An operand that may be kept: functions and classes as values get a representation."""
    only = operand.type.only
    if not isinstance(only, StaticShape) and (
        only is not None or not any(isinstance(s, StaticShape) for s in operand.type.shapes)
    ):
        return operand
    from sovereign.migration.depyler.function_values import as_value

    return as_value(low, operand)


def declare_here(low: Lowering, web: Web, place: Place) -> bool:
    """Whether this assignment is the one that declares the variable."""
    return not web.hoisted and web.place == place and not web.is_parameter


def assign_web(low: Lowering, web: Web, operand: Operand, place: Place) -> None:
    """Assign to a local."""
    operand = stored(low, operand)
    cell = low.instance.variable(web)
    cell.join(operand.type)
    held = cell.read(None)
    name = low.rust_name(web)
    value = low.convert(operand, held)
    declares = declare_here(low, web, place)
    if boxed(low, web.name):
        if declares and web.definitions >= 1 and not low.instance.memory.get(("slot", web)):
            low.emit(rs.Let(rs.Bind(name), None, rs.Call(rs.Name("Slot::new"), (value,)), low.line))
        else:
            low.emit(rs.Evaluate(rs.Method(rs.Name(name), "set", (value,)), low.line))
        return
    if late(web, low):
        value = rs.Call(rs.Name("Some"), (value,))
    forget_fields(low, name)
    if low.env is not None:
        low.env[web] = operand.type if not operand.type.never else held
    if operand.type.never and not low.pending:
        low.emit(rs.Evaluate(operand.expr, low.line))
        low.ends_here(operand)
        return
    if operand.type.never and not held.never:
        low.emit(rs.Evaluate(operand.expr, low.line))
        return
    if declares:
        low.emit(
            rs.Let(rs.Bind(name, mutable=web.definitions > 1), _annotation(low, operand, held, value), value, low.line)
        )
    else:
        low.emit(rs.Assign(rs.Name(name), value, "=", low.line))


def _annotation(low: Lowering, operand: Operand, held: Type, value: rs.Expression) -> rs.Type | None:
    """A type where Rust could not infer it from the value."""
    if isinstance(value, rs.Name) and value.path == "None":
        return low.rust(held)
    if isinstance(value, rs.Call) and isinstance(value.function, rs.Name) and not value.arguments:
        return low.rust(held)
    if isinstance(value, rs.Integer) and not value.suffix:
        shape = held.only
        return rs.NamedType("i64") if isinstance(shape, IntShape) else None
    return low.rust(held) if is_option(held) and operand.type != held else None


def assign_name(low: Lowering, node: ast.AST, name: str, operand: Operand, place: Place) -> None:
    """Assign to a name, wherever it belongs."""
    scope = low.info.scope
    if name in scope.nonlocals:
        _assign_captured(low, name, stored(low, operand))
        return
    if name in scope.globals or (not scope.is_function and name in low.module.globals):
        _assign_global(low, name, stored(low, operand))
        return
    web = find_web(low, node, name)
    if web is None:
        low.emit(rs.Evaluate(operand.expr, low.line))
        return
    assign_web(low, web, operand, place)


def _assign_captured(low: Lowering, name: str, operand: Operand) -> None:
    owner = low.info.scope.owner(name)
    environment = low.instance.environment
    while environment is not None and environment.info.scope is not owner:
        environment = environment.environment
    if environment is None:
        raise low.refuse(low.node, f"`nonlocal {name}` without a known function around")
    web = _outer_web(environment, name)
    cell = environment.variable(web)
    cell.join(operand.type)
    low.instance.captured[name] = cell
    value = low.put(operand, cell)
    low.emit(rs.Evaluate(rs.Method(rs.Name(safe_name(name, low.program)), "set", (value,)), low.line))


def _assign_global(low: Lowering, name: str, operand: Operand) -> None:
    variable = low.module.globals.get(name)
    if variable is None:
        raise low.refuse(low.node, f"the global `{name}` is not known")
    variable.cell.join(operand.type)
    if variable.constant is not None:
        return
    value = low.put(operand, variable.cell)
    low.emit(rs.Evaluate(rs.Method(rs.Name(variable.rust_name), "set", (value,)), low.line))


def capture_argument(low: Lowering, name: str, type_: Type, called: Scope) -> rs.Expression:
    """What is handed to a nested function, whose scope is `called`, for a variable that it captures."""
    scope = low.info.scope
    if name in scope.bound and name not in scope.nonlocals:
        if called.owner(name) not in {scope, None}:
            raise low.refuse(low.node, f"`{name}` of two functions, one around the other")
        web = find_web(low, low.node, name) or _only_web(low, name)
        if boxed(low, name):
            return rs.Borrow(rs.Name(low.rust_name(web)))
        operand = load_web(low, web)
        return low.convert(operand, type_) if is_copy(type_) else low.borrow(operand)
    rust_name = rs.Name(safe_name(name, low.program))
    owner = scope.free.get(name) or scope.owner(name)
    if owner is not None and owner.is_function:
        _captured(low, name)
        is_owned = low.in_generator or rust_name.path in low.owned
        owned = is_owned and (name in owner.rebound or not is_copy(type_))
        return rs.Borrow(rust_name) if owned else rust_name
    return rust_name


def _only_web(low: Lowering, name: str) -> Web:
    assert low.info.webs is not None
    same = low.info.webs.by_name.get(name)
    if not same:
        raise low.refuse(low.node, f"`{name}` is used before it exists")
    return same[0]


# environments


def join_env(first: dict[object, Type] | None, second: dict[object, Type] | None) -> dict[object, Type] | None:
    """What is known where two ways meet."""
    if first is None:
        return None if second is None else dict(second)
    if second is None:
        return dict(first)
    # What is known of a field is known only where both ways know it.
    result = {key: type_ for key, type_ in first.items() if key in second or not isinstance(key, tuple)}
    for key, type_ in second.items():
        old = result.get(key)
        if old is not None or not isinstance(key, tuple):
            result[key] = type_ if old is None else old.join(type_)
    return result


def forget_fields(low: Lowering, name: str) -> None:
    """A variable holds another object from now on: what was known of the fields of the one before is void."""
    if low.env is not None:
        for key in [k for k in low.env if isinstance(k, tuple) and k[1] == name]:
            del low.env[key]


def merge_envs(envs: list[dict[object, Type] | None]) -> dict[object, Type] | None:
    """What is known where several ways meet."""
    result: dict[object, Type] | None = None
    for env in envs:
        result = join_env(result, env)
    return result
