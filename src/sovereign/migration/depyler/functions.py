"""One round of an instance: from the body of a function to an item of the Rust tree.

Enters: an instance. Leaves: its `item`, its result and errors known better than before.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.classes import InitState, is_exception, simple_init
from sovereign.migration.depyler.generators import is_talk, talk_of
from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.names import name_of
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.rust_types import is_copy, rust
from sovereign.migration.depyler.statements import lower_block
from sovereign.migration.depyler.types import NONE, Cell, IterShape, Type
from sovereign.migration.depyler.variables import boxed
from sovereign.migration.depyler.webs import find_webs
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import FunctionInfo, Instance

__all__ = ["maker_name", "run", "watched_call", "wrap_field"]


def _webs(info: FunctionInfo) -> None:
    if info.webs is not None:
        return
    scope = info.scope
    node = info.node
    body = node.body if not isinstance(node, ast.Lambda) else []
    if isinstance(node, ast.Module):
        names = scope.bound - set(info.module.globals)
        info.webs = find_webs(body, [], names, set())
        return
    names = scope.bound - scope.globals - scope.nonlocals
    info.webs = find_webs(body, _parameters(info), names, scope.captured & names)


def _parameters(info: FunctionInfo) -> list[str]:
    from sovereign.migration.depyler.calls import parameter_order

    return [] if isinstance(info.node, ast.Module) else parameter_order(info)


def run(instance: Instance) -> None:
    """Lower an instance once with what is known now."""
    info = instance.info
    _webs(info)
    captured = len(instance.captured)
    low = Lowering(instance)
    if info.is_generator:
        item = _generator(low)
    elif info.name == "__init__" and instance.memory.get("constructs") is not None:
        item = _constructor(low)
    else:
        item = _function(low)
    instance.item = item
    if low.pending or (instance.raises and low.gave_plainly):
        instance.faded = instance.begun
    instance.calls = list(low.calls)
    instance.big_operations = low.big_operations
    instance.changes, instance.views = low.changes, low.views
    program = instance.program
    for key in [k for k, r in program.refusals.items() if getattr(r, "instance", None) is instance]:
        del program.refusals[key]
    for key, refusal in low.refusals.items():
        refusal.instance = instance  # type: ignore[attr-defined]
        program.refusals[key] = refusal
    if len(instance.captured) > captured:
        instance.tell()
        info.readers.tell()


def _receiver(low: Lowering) -> str:
    """The name of `self`, where the instance is a method."""
    if low.info.cls is None or low.info.kind in {"static", "class"}:
        return ""
    names = _parameters(low.info)
    return names[0] if names else ""


def _bind_parameters(low: Lowering) -> list[rs.SelfParameter | rs.Parameter]:
    """Parameters of the Rust function; their variables get their types."""
    instance = low.instance
    webs = low.info.webs
    assert webs is not None
    result: list[rs.SelfParameter | rs.Parameter] = []
    receiver = _receiver(low)
    for name in _parameters(low.info):
        cell = instance.parameters.setdefault(name, Cell())
        type_ = cell.read(instance)
        web = webs.parameters[name]
        instance.variable(web).join(type_)
        if low.env is not None:
            low.env[web] = type_
        if name == receiver:
            instance.passes[name] = True
            instance.memory["receiver"] = name
            result.append(_self_parameter(low))
            continue
        held = instance.variable(web).read(None)
        by_reference = not is_copy(type_) and not type_.never
        own = web.definitions > 1 or boxed(low, name) or rust(held, low.program) != rust(type_, low.program)
        instance.passes[name] = by_reference and not own
        rust_name = low.rust_name(web)
        declared = low.rust(type_)
        result.append(
            rs.Parameter(
                rust_name,
                rs.RefType(declared) if by_reference else declared,
                mutable=own and not by_reference and not boxed(low, name) and rust(held, low.program) == declared,
            )
        )
        if own:
            _own_parameter(low, Operand(type_, rs.Name(rust_name), "ref" if by_reference else "place"), name, held)
    return result


def _own_parameter(low: Lowering, operand: Operand, name: str, held: Type) -> None:
    """A parameter that is assigned or shared: a variable of its own."""
    value = low.convert(operand, held)
    rust_name = operand.expr
    assert isinstance(rust_name, rs.Name)
    if boxed(low, name):
        low.emit(rs.Let(rs.Bind(rust_name.path), None, call("Slot::new", value)))
    elif value != rust_name:
        low.emit(rs.Let(rs.Bind(rust_name.path, mutable=True), None, value))


def _self_parameter(low: Lowering) -> rs.SelfParameter:
    cls = low.instance.self_class
    if cls is not None and cls.enum_members is not None:
        return rs.SelfParameter(borrowed=False)
    if low.instance.self_as_value:
        return rs.SelfParameter(type=rs.RefType(rs.NamedType("Rc", (rs.NamedType("Self"),))))
    return rs.SelfParameter()


def _captured(low: Lowering) -> list[rs.Parameter]:
    """Parameters for what a nested function uses of the functions around it."""
    result = []
    for name in sorted(low.instance.captured):
        type_ = low.instance.captured[name].read(None)
        owner = low.info.scope.free.get(name) or low.info.scope.owner(name)
        declared = low.rust(type_)
        if owner is not None and name in owner.rebound:
            declared = rs.RefType(rs.NamedType("Slot", (declared,)))
        elif not is_copy(type_):
            declared = rs.RefType(declared)
        result.append(rs.Parameter(safe_name(name, low.program), declared))
    return result


def _body(low: Lowering) -> list[ast.stmt]:
    node = low.info.node
    if isinstance(node, ast.Lambda):
        returned = ast.copy_location(ast.Return(node.body), node.body)
        return [returned]
    return node.body


def _docs(low: Lowering) -> str:
    node = low.info.node
    if isinstance(node, ast.FunctionDef):
        return ast.get_docstring(node) or ""
    return ""


def _name(low: Lowering) -> str:
    return name_of(low.instance)


def _function(low: Lowering) -> rs.Function:
    instance = low.instance
    with low.capture() as statements:
        parameters = _bind_parameters(low)
        instance.watched_call = watched_call(instance)
        if instance.watched_call == "descend":
            low.emit(rs.Let(rs.Bind("_descent"), None, low.fallible(call("descend"))))
        elif instance.watched_call:
            low.emit(rs.Let(rs.Bind("_frame"), None, rs.Name("Frame")))
        lower_block(low, _body(low))
        if low.env is not None:
            instance.result.join(NONE)
    if parameters and isinstance(parameters[0], rs.SelfParameter):
        parameters[0] = _self_parameter(low)
    result = instance.result.read(None)
    returned = rust(result, low.program)
    value: rs.Expression | None = None
    if low.env is not None:
        end = low.convert(Operand(NONE, rs.Tuple()), result)
        value = low.wrap_result(end)
    body = _with_tail(statements, value)
    if instance.raises:
        returned = rs.NamedType("Result", (returned, rs.NamedType("Exc")))
    unit = returned == rs.TupleType()
    if low.env is None and body.value is None and not unit and not _ends(body):
        body = rs.Block(body.statements, rs.MacroCall("unreachable"))
    if unit and body.value == rs.Tuple():
        body = rs.Block(body.statements)
    node = low.info.node
    return rs.Function(
        _name(low),
        (*parameters, *_captured(low)),
        None if unit else returned,
        body,
        docs=_docs(low),
        line=getattr(node, "lineno", None),
    )


def watched_call(instance: Instance) -> str:
    """How a function watches that it calls itself: "descend" counts, "frame" keeps Rust from making a loop of it."""
    if instance.program.guards_recursion and _recurses(instance):
        return "descend"
    return "frame" if _calls_itself_last(instance) else ""


def _recurses(instance: Instance) -> bool:
    """Whether an instance may call itself, directly or not, as far as is known."""
    return _leads_to(instance, instance)


def _leads_to(start: Instance, goal: Instance) -> bool:
    """Whether a call of one may lead to a call of the other."""
    seen: set[Instance] = set()
    stack = list(start.calls)
    while stack:
        other = stack.pop()
        if other is goal:
            return True
        if other not in seen:
            seen.add(other)
            stack.extend(other.calls)
    return False


def _calls_itself_last(instance: Instance) -> bool:
    """Whether a function may `return` a call that leads back to it, which would become a loop that never ends."""
    if isinstance(instance.info.node, ast.Module):
        return False
    called = _called_last(instance.info)
    return any(
        other.info.name in called and (other is instance or _leads_to(other, instance)) for other in instance.calls
    )


def _called_last(info: FunctionInfo) -> frozenset[str]:
    """The names of what stands as a call behind `return`."""
    if info.called_last is None:
        node = info.node
        returned = (
            [node.body] if isinstance(node, ast.Lambda) else [n.value for n in walk(node) if isinstance(n, ast.Return)]
        )
        info.called_last = frozenset(map(_called_name, returned)) - {""}
    return info.called_last


def _called_name(node: ast.expr | None) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _ends(body: rs.Block) -> bool:
    """Whether Rust sees that the end of a body is not reached."""
    last = body.statements[-1] if body.statements else None
    return isinstance(last, rs.Evaluate) and isinstance(last.value, rs.Return)


def _with_tail(statements: list[rs.Statement], value: rs.Expression | None) -> rs.Block:
    """The body with a last `return` as its value."""
    if value is None and statements:
        last = statements[-1]
        if isinstance(last, rs.Evaluate) and isinstance(last.value, rs.Return) and last.value.value is not None:
            return rs.Block(tuple(statements[:-1]), last.value.value)
        if isinstance(last, rs.Evaluate):
            tail = _tail(last.value)
            if tail is not None:
                return rs.Block(tuple(statements[:-1]), tail)
    return rs.Block(tuple(statements), value)


def _tail(value: rs.Expression) -> rs.Expression | None:
    """An `if` or `match` all of whose ways return, as the value that they return; None where some do not."""
    if isinstance(value, rs.Return):
        return value.value
    if isinstance(value, rs.If) and value.orelse is not None:
        then = _tail_block(value.then)
        orelse = _tail(value.orelse) if isinstance(value.orelse, rs.If) else _tail_block(value.orelse)
        if then is None or orelse is None:
            return None
        return rs.If(value.condition, then, orelse)  # type: ignore[arg-type]
    return None


def _tail_block(block: rs.Block) -> rs.Block | None:
    if block.value is not None or not block.statements:
        return None
    last = block.statements[-1]
    if not isinstance(last, rs.Evaluate):
        return None
    value = _tail(last.value)
    return None if value is None else rs.Block(block.statements[:-1], value)


def _generator(low: Lowering) -> rs.Function:
    """A function with `yield`: a coroutine that owns what it uses."""
    instance = low.instance
    yielded = instance.memory.setdefault("yielded", Cell())
    assert isinstance(yielded, Cell)
    low.yielding = yielded
    low.in_generator = True
    low.owned = frozenset(("this",))
    low.closure_depth += 1
    low.talk = talk_of(instance, yielded) if is_talk(low.info) else None
    type_ = Type((IterShape(yielded),)) if low.talk is None else low.talk.type
    end: rs.Expression = rs.Tuple()
    with low.capture() as statements:
        parameters = _bind_parameters(low)
        lower_block(low, _body(low))
        if low.talk is not None and low.env is not None:
            low.talk.result.join(NONE)
            end = low.put(Operand(NONE, rs.Tuple()), low.talk.result)
    instance.result.join(type_)
    ok = call("Ok", end) if low.env is not None or low.talk is None else rs.MacroCall("unreachable")
    owned = [_owned(low, p) for p in parameters if isinstance(p, rs.Parameter) and isinstance(p.type, rs.RefType)]
    owned.extend(_owned(low, p) for p in _captured(low) if isinstance(p.type, rs.RefType))
    inner = rs.Block(tuple(statements), ok)
    closure = rs.Closure(((rs.Bind("yielder"), None),), rs.AsyncBlock(inner), moves=True)
    made = call("Iter::generate" if low.talk is None else "Generator::new", closure)
    receiver = any(isinstance(p, rs.SelfParameter) for p in parameters)
    if receiver:
        low.needs_pointer()
        parameters[0] = _self_parameter(low)
        owned.insert(0, rs.Let(rs.Bind("this"), None, rs.Method(rs.Name("self"), "clone")))
    return rs.Function(
        _name(low),
        (*parameters, *_captured(low)),
        low.rust(type_),
        rs.Block(tuple(owned), made),
        docs=_docs(low),
        line=getattr(low.info.node, "lineno", None),
    )


def _owned(low: Lowering, parameter: rs.Parameter) -> rs.Statement:
    del low
    return rs.Let(rs.Bind(parameter.name), None, rs.Method(rs.Name(parameter.name), "clone"))


# constructors


def _constructor(low: Lowering) -> rs.Function:
    """`fn new(...) -> Rc<Class>` from `__init__`."""
    cls = low.instance.self_class
    assert cls is not None
    if simple_init(cls):
        return _simple_constructor(low)
    return _function(low)


def _simple_constructor(low: Lowering) -> rs.Function:
    instance = low.instance
    cls = instance.self_class
    assert cls is not None
    state = InitState(cls)
    low.new_object = state
    node = low.info.node
    assert isinstance(node, ast.FunctionDef)
    split = _last_assignment(node) + 1
    with low.capture() as statements:
        parameters = _bind_parameters(low)
        _init_part(low, node.body, split)
    result: rs.Type = rs.NamedType("Rc", (rs.NamedType(cls.unique),))
    value: rs.Expression = rs.Name("this")
    body = _with_this(low, statements, state, value)
    if instance.raises:
        result = rs.NamedType("Result", (result, rs.NamedType("Exc")))
    return rs.Function(
        name_of(instance),
        tuple(p for p in parameters if isinstance(p, rs.Parameter)) + tuple(_captured(low)),
        result,
        body,
        docs=_docs(low),
        line=node.lineno,
    )


def _last_assignment(node: ast.FunctionDef) -> int:
    from sovereign.migration.depyler.classes import _assigned

    receiver = node.args.args[0].arg
    found = [i for i, s in enumerate(node.body) if _assigned(s, receiver)]
    return found[-1] if found else -1


def _init_part(low: Lowering, body: list[ast.stmt], split: int) -> None:
    """The statements up to the last field as locals, then the object, then the rest with it."""
    state = low.new_object
    assert isinstance(state, InitState)
    from sovereign.migration.depyler import statements as st

    st.lower_statements(low, body, 0, split)
    _object(low, state)
    low.new_object = None
    if split < len(body) and low.env is not None:
        low.emit(rs.Comment("\0self"))
        st.lower_statements(low, body, split, len(body))


def _object(low: Lowering, state: InitState) -> None:
    from sovereign.migration.depyler.attributes import field_kind

    cls = state.cls
    cls.counters.add(low.instance)
    fields: list[tuple[str, rs.Expression]] = []
    for field in cls.fields.values():
        local = state.locals.get(field.name)
        if local is None and not field.late:
            field.late = True
            field.cell.mark("late")
        kind = field_kind(low, cls, field)
        value = None if local is None else low.own(Operand(local.type, local.expr, "value"))
        fields.append((safe_name(field.name, low.program), wrap_field(kind, value)))
    if is_exception(cls):
        operands = state.arguments
        items = () if operands is None else tuple(call("argument", low.own(o)) for o in operands)
        fields.append(("arguments", call("Field::new", rs.MacroCall("vec", items, "["))))
    made = call("Rc::new", rs.StructLiteral(cls.unique, tuple(fields)))
    low.emit(rs.Let(rs.Bind("this"), None, made))


def maker_name(instance: Instance) -> str:
    """The Rust name of what makes objects: `new` beside `init`."""
    name = name_of(instance)
    return f"new{name.removeprefix('init')}" if name.startswith("init") else name


def wrap_field(kind: str, value: rs.Expression | None) -> rs.Expression:
    """The initial state of a field of a kind."""
    if kind == "late":
        return call("Late::new") if value is None else call("Late::of", value)
    assert value is not None
    if kind == "cell":
        return call("Cell::new", value)
    return call("Field::new", value) if kind == "field" else value


def _with_this(low: Lowering, statements: list[rs.Statement], state: InitState, value: rs.Expression) -> rs.Block:
    """End with the object; statements behind its making see it as `this`."""
    del state
    marker = rs.Comment("\0self")
    if marker in statements:
        index = statements.index(marker)
        before, after = statements[:index], statements[index + 1 :]
        renamed = [_rename(item) for item in after]
        tail = value if low.env is not None else None
        return rs.Block((*before, *renamed), None if tail is None else low.wrap_result(tail))
    if statements and isinstance(statements[-1], rs.Let) and statements[-1].pattern == rs.Bind("this"):
        made = statements[-1].value
        assert made is not None
        return rs.Block(tuple(statements[:-1]), low.wrap_result(made))
    return rs.Block(tuple(statements), low.wrap_result(value) if low.env is not None else None)


def _rename(item: rs.Statement) -> rs.Statement:
    from sovereign.migration.depyler.rewriting import rename

    return rename(item, "self", "this")
