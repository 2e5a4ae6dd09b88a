"""`raise`, `try`, `with`, and exceptions as values.

Enters: their nodes. Leaves: statements. A `try` is a labelled block that errors leave by `break`; what `finally` must
do comes behind a second block, through which `return`, `break` and `continue` pass as data.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.conditions import Condition
from sovereign.migration.depyler.lowering import Attempt, Local, Loop, Lowering, Operand, statement
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.program import ClassInfo
from sovereign.migration.depyler.statements import block, leave
from sovereign.migration.depyler.types import EXCEPTION, NONE, STR, InstanceShape, IntShape, Type, integer
from sovereign.migration.depyler.variables import assign_web, find_web, merge_envs
from sovereign.migration.depyler.webs import Place
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["exception_attribute", "exception_test", "instance_text", "kind_of", "new_exception"]

_ALIASES = {"IOError": "OSError", "EnvironmentError": "OSError"}
_LIBRARY_KINDS = {
    "json.JSONDecodeError": "JSON_DECODE_ERROR",
    "argparse.ArgumentTypeError": "ARGUMENT_TYPE_ERROR",
    "argparse.ArgumentError": "ARGUMENT_ERROR",
    "re.error": "RE_ERROR",
    "struct.error": "STRUCT_ERROR",
    "csv.Error": "CSV_ERROR",
    "dataclasses.FrozenInstanceError": "FROZEN_INSTANCE_ERROR",
    "statistics.StatisticsError": "STATISTICS_ERROR",
    "decimal.InvalidOperation": "DECIMAL_INVALID_OPERATION",
    "decimal.DivisionByZero": "DECIMAL_DIVISION_BY_ZERO",
    "subprocess.CalledProcessError": "CALLED_PROCESS_ERROR",
    "subprocess.TimeoutExpired": "TIMEOUT_EXPIRED",
    "binascii.Error": "BINASCII_ERROR",
}


def kind_of(name: str) -> str:
    """The constant of the support module for an exception class."""
    if name in _LIBRARY_KINDS:
        return _LIBRARY_KINDS[name]
    name = _ALIASES.get(name, name)
    words = ""
    for index, letter in enumerate(name):
        if letter.isupper() and index and (not name[index - 1].isupper() or name[index + 1 : index + 2].islower()):
            words += "_"
        words += letter.upper()
    return {"O_S_ERROR": "OS_ERROR"}.get(words, words)


def class_kind(cls: ClassInfo) -> str:
    """The static of an exception class of the program."""
    return f"{cls.unique.upper()}_KIND"


def is_exception_name(name: str) -> bool:
    """Whether a builtin is an exception class."""
    from sovereign.migration.depyler.classes import _EXCEPTIONS

    return name in _EXCEPTIONS or name in _LIBRARY_KINDS


def new_exception(low: Lowering, name: str, operands: Sequence[Operand]) -> rs.Expression:
    """An exception of a builtin class with arguments."""
    kind = rs.Borrow(rs.Name(kind_of(name)))
    if not operands:
        return call("Exc::bare", kind)
    if len(operands) == 1 and operands[0].type == STR and name != "KeyError":
        constant = operands[0].constant
        text = rs.Text(constant) if isinstance(constant, str) else low.own(operands[0])
        return call("Exc::new", kind, text)
    values = rs.MacroCall("vec", tuple(call("argument", low.own(o)) for o in operands), "[")
    return call("Exc::of", kind, values)


# raise


@statement(ast.Raise)
def _raise(low: Lowering, node: ast.Raise) -> None:
    if node.exc is None:
        current = low.handling
        if not current:
            low.emit(
                rs.Evaluate(low.throw(low.new_error("RUNTIME_ERROR", "No active exception to reraise")), node.lineno)
            )
        else:
            low.emit(rs.Evaluate(low.throw(rs.Method(rs.Name(current[-1]), "clone")), node.lineno))
        low.env = None
        return
    error = as_error(low, low.expression(node.exc), node.exc)
    if error is None:
        return
    if node.cause is not None:
        error = _with_cause(low, error, node.cause)
    elif low.handling:
        error = rs.Method(error, "during", (rs.Borrow(rs.Name(low.handling[-1])),))
    low.emit(rs.Evaluate(low.throw(error), node.lineno))
    low.env = None


def _with_cause(low: Lowering, error: rs.Expression, cause: ast.expr) -> rs.Expression:
    if isinstance(cause, ast.Constant) and cause.value is None:
        return rs.Method(error, "because_none")
    reason = as_error(low, low.expression(cause), cause)
    return error if reason is None else rs.Method(error, "because", (reason,))


def as_error(low: Lowering, operand: Operand, node: ast.AST) -> rs.Expression | None:
    """What is raised, as `Exc`."""
    known = operand.static
    if known is not None:
        if known.kind == "class" and isinstance(known.what, ClassInfo):
            from sovereign.migration.depyler.classes import make

            return as_error(low, make(low, known.what, [], {}), node)
        if known.kind == "builtin" and is_exception_name(known.name):
            return new_exception(low, known.name, [])
        if known.kind == "builtin" and known.name == "NotImplemented":
            low.emit(rs.Evaluate(low.type_error("exceptions must derive from BaseException").expr))
            return None
        raise low.refuse(node, f"raising the {known.kind} `{known.name}`")
    shape = operand.type.only
    if operand.type.never:
        low.emit(rs.Evaluate(operand.expr))
        return None
    if operand.type == EXCEPTION:
        return low.own(operand)
    if isinstance(shape, InstanceShape):
        return instance_error(low, operand, shape.cls)
    if shape is None:
        return _one_of_several(low, operand, node)
    low.emit(rs.Evaluate(low.type_error("exceptions must derive from BaseException").expr))
    return None


def _one_of_several(low: Lowering, operand: Operand, node: ast.AST) -> rs.Expression:
    from sovereign.migration.depyler.alternatives import distribute

    def each(one: Operand) -> Operand:
        error = as_error(low, one, node)
        return low.never() if error is None else Operand(EXCEPTION, error)

    return distribute(low, operand, each).expr


def instance_error(low: Lowering, operand: Operand, cls: ClassInfo) -> rs.Expression:
    """An object of an exception class of the program, as `Exc`."""
    del cls
    return rs.Method(low.own(operand), "raised") if operand.form == "value" else rs.Method(operand.expr, "raised")


# try


@statement(ast.Try)
def _try(low: Lowering, node: ast.Try) -> None:
    if node.finalbody:
        _finally(low, node)
    else:
        _except(low, node)


def _except(low: Lowering, node: ast.Try) -> None:
    if not node.handlers:
        low.out.extend(block(low, [*node.body]).statements)
        return
    attempt = Attempt(low.label("attempt"))
    before = None if low.env is None else dict(low.env)
    low.frames.append(attempt)
    body = block(low, node.body)
    low.frames.pop()
    after_body = low.env
    if not attempt.raised:
        low.emit(rs.Evaluate(rs.BlockExpression(body), node.lineno))
        if node.orelse:
            low.out.extend(block(low, node.orelse).statements)
        return
    finished = after_body is not None
    ok = rs.Call(rs.Name("Ok"), (rs.Tuple(),))
    inner = rs.Block(body.statements, ok if finished else _end_of(body))
    outcome = low.fresh("outcome")
    type_ = rs.NamedType("Result", (rs.TupleType(), rs.NamedType("Exc")))
    low.emit(rs.Let(rs.Bind(outcome), type_, rs.BlockExpression(inner, attempt.label), node.lineno))
    ends: list[dict[object, Type] | None] = []
    raised_env = merge_envs([before, *attempt.states, after_body])
    arms: list[rs.Arm] = []
    if finished:
        low.env = after_body
        orelse = block(low, node.orelse)
        ends.append(low.env)
        arms.append(rs.Arm(rs.VariantPattern("Ok", (rs.TuplePattern(()),)), rs.BlockExpression(orelse)))
    caught_all = False
    for handler in node.handlers:
        low.env = None if raised_env is None else dict(raised_env)
        arm, catches_all = _handler(low, handler)
        arms.append(arm)
        ends.append(low.env)
        caught_all = caught_all or catches_all
    if not caught_all:
        low.env = raised_env
        error = rs.Name("error")
        arms.append(rs.Arm(rs.VariantPattern("Err", (rs.Bind("error"),)), low.throw(error)))
    if not finished:
        arms.append(rs.Arm(rs.VariantPattern("Ok", (rs.TuplePattern(()),)), rs.MacroCall("unreachable")))
    low.emit(rs.Evaluate(rs.Match(rs.Name(outcome), tuple(arms)), node.lineno))
    low.env = merge_envs(ends)


def _end_of(body: rs.Block) -> rs.Expression | None:
    """What stands at the end of a block that is never left there."""
    last = body.statements[-1] if body.statements else None
    leaves = isinstance(last, rs.Evaluate) and isinstance(last.value, rs.Return | rs.Break | rs.Continue)
    return None if leaves else rs.MacroCall("unreachable")


def _handler(low: Lowering, handler: ast.ExceptHandler) -> tuple[rs.Arm, bool]:
    kinds, catches_all = _kinds(low, handler.type)
    name = low.fresh("error")
    handling = low.handling
    low.handling = [*handling, name]
    outer = low.place
    with low.capture() as statements:
        if handler.name:
            low.place = Place(id(handler.body), -1)
            _bind_error(low, handler, name, kinds)
        inner = block(low, handler.body)
        statements.extend(inner.statements)
    low.place = outer
    low.handling = handling
    guard: rs.Expression | None = None
    if not catches_all:
        for kind in kinds:
            constant = class_kind(kind) if isinstance(kind, ClassInfo) else kind_of(kind)
            test = rs.Method(rs.Name(name), "is", (rs.Borrow(rs.Name(constant)),))
            guard = test if guard is None else rs.Binary("||", guard, test)
    used = any(_mentions(s, name) for s in statements) or guard is not None
    pattern = rs.VariantPattern("Err", (rs.Bind(name) if used else rs.Wildcard(),))
    return rs.Arm(pattern, rs.BlockExpression(rs.Block(tuple(statements))), guard), catches_all


def _mentions(node: object, name: str) -> bool:
    """Whether a tree names a variable."""
    if isinstance(node, rs.Name):
        return node.path == name
    if isinstance(node, tuple):
        return any(_mentions(part, name) for part in node)
    slots = getattr(type(node), "__slots__", ())
    return any(_mentions(getattr(node, slot), name) for slot in slots) if not isinstance(node, str) else False


def _kinds(low: Lowering, node: ast.expr | None) -> tuple[list[ClassInfo | str], bool]:
    """The classes that a handler catches, and whether that is all that there are."""
    if node is None:
        return [], True
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    result: list[ClassInfo | str] = []
    for item in nodes:
        operand = low.expression(item)
        known = operand.static
        if known is None:
            raise low.refuse(item, "`except` with a class that is not known while translating")
        if known.kind == "class" and isinstance(known.what, ClassInfo):
            result.append(known.what)
        elif known.kind == "builtin" and is_exception_name(known.name):
            result.append(known.name)
        else:
            raise low.refuse(item, f"`except` with the {known.kind} `{known.name}`")
    return result, "BaseException" in result


def _bind_error(low: Lowering, handler: ast.ExceptHandler, name: str, kinds: list[ClassInfo | str]) -> None:
    assert handler.name is not None
    web = find_web(low, handler, handler.name)
    value = Operand(EXCEPTION, rs.Name(name), "place")
    only = kinds[0] if len(kinds) == 1 else None
    if isinstance(only, ClassInfo) and has_fields(only) and not _made_subclasses(only):
        object_ = rs.Method(rs.Method(rs.Name(name), "object", (), (rs.NamedType(only.unique),)), "unwrap")
        value = Operand(Type((InstanceShape(only),)), object_)
    if web is None:
        if low.info.scope.is_function or handler.name not in low.module.globals:
            low.locals.append({handler.name: Local(name, EXCEPTION)})
            return
        from sovereign.migration.depyler.variables import assign_name

        assign_name(low, handler, handler.name, value, low.place)
        return
    assign_web(low, web, value, low.place)


def has_fields(cls: ClassInfo) -> bool:
    """Whether an exception class keeps more than its arguments, or has methods of its own."""
    return any(set(c.methods) - {"__str__", "__repr__"} or c.constants for c in cls.mro())


def _made_subclasses(cls: ClassInfo) -> bool:
    return any(sub.made or _made_subclasses(sub) for sub in cls.subclasses)


def _finally(low: Lowering, node: ast.Try) -> None:
    final = Attempt(low.label("finally"), is_final=True)
    before = None if low.env is None else dict(low.env)
    low.frames.append(final)
    with low.capture() as statements:
        if node.handlers:
            _except(low, ast.copy_location(_without_final(node), node))
        else:
            statements.extend(block(low, node.body).statements)
            if node.orelse:
                statements.extend(block(low, node.orelse).statements)
    low.frames.pop()
    after = low.env
    next_ = rs.Call(rs.Name("Ok"), (rs.Name("Flow::Next"),))
    result_type = low.rust(low.contents(low.instance.result)) if not low.in_generator else rs.TupleType()
    value_type = _flow_value(low, final, result_type)
    flow = low.fresh("flow")
    type_ = rs.NamedType("Result", (rs.NamedType("Flow", (value_type,)), rs.NamedType("Exc")))
    body = rs.Block(tuple(statements))
    body = rs.Block(body.statements, next_ if after is not None else _end_of(body))
    low.emit(rs.Let(rs.Bind(flow), type_, rs.BlockExpression(body, final.label), node.lineno))
    low.env = merge_envs([before, *final.states, after]) if final.raised or final.flow else after
    ends = block(low, node.finalbody)
    low.out.extend(ends.statements)
    if low.env is None:
        return
    known = low.env
    _resume(low, flow, final, falls=after is not None)
    low.env = known if after is not None else None


def _without_final(node: ast.Try) -> ast.Try:
    """The same `try` without its `finally`; the lists are shared, so that places stay the same."""
    return ast.Try(body=node.body, handlers=node.handlers, orelse=node.orelse, finalbody=[])


def _flow_value(low: Lowering, final: Attempt, result_type: rs.Type) -> rs.Type:
    if "return" not in final.flow:
        return rs.TupleType()
    if low.in_generator or low.instance.raises:
        return rs.NamedType("Result", (result_type, rs.NamedType("Exc")))
    return result_type


def _resume(low: Lowering, flow: str, final: Attempt, *, falls: bool) -> None:
    """Go on as the body ended: errors and jumps continue behind the `finally` block."""
    arms = []
    if falls:
        pattern = rs.VariantPattern("Ok", (rs.LiteralPattern(rs.Name("Flow::Next")),))
        arms.append(rs.Arm(pattern, rs.BlockExpression(rs.Block())))
    if "return" in final.flow:
        name = low.fresh("value")
        pattern = rs.VariantPattern("Ok", (rs.VariantPattern("Flow::Return", (rs.Bind(name),)),))
        arms.append(rs.Arm(pattern, leave(low, "return", None, rs.Name(name))))
    loops = {frame.label: frame for frame in low.frames if isinstance(frame, Loop)}
    for item in sorted(final.flow):
        kind, _, label = item.partition(":")
        if label and label in loops:
            pattern = rs.VariantPattern("Ok", (rs.LiteralPattern(rs.Name(f"Flow::{kind.capitalize()}")),))
            arms.append(rs.Arm(pattern, leave(low, kind, loops[label])))
    if final.raised:
        name = low.fresh("error")
        arms.append(rs.Arm(rs.VariantPattern("Err", (rs.Bind(name),)), low.throw(rs.Name(name))))
    if not final.raised and not final.flow:
        low.emit(rs.Let(rs.Wildcard(), None, rs.Name(flow)))
        return
    if len(arms) < 5:
        arms.append(rs.Arm(rs.Wildcard(), rs.MacroCall("unreachable")))
    low.emit(rs.Evaluate(rs.Match(rs.Name(flow), tuple(arms))))


# with


@statement(ast.With)
def _with(low: Lowering, node: ast.With) -> None:
    _with_item(low, node, 0)


def _with_item(low: Lowering, node: ast.With, index: int) -> None:
    if index == len(node.items):
        low.out.extend(block(low, node.body).statements)
        return
    item = node.items[index]
    manager = low.expression(item.context_expr)
    from sovereign.migration.depyler.contexts import enter

    enter(low, manager, item, lambda: _with_item(low, node, index + 1))


# exceptions as values


_NUMBER = integer(-(1 << 40), 1 << 40)
_PARTS = {
    "msg": STR,
    "pos": _NUMBER,
    "lineno": _NUMBER,
    "colno": _NUMBER,
    "returncode": _NUMBER,
    "errno": _NUMBER.join(NONE),
    "strerror": STR.join(NONE),
    "filename": STR.join(NONE),
}
"""What the library's exceptions have beside their text."""


def exception_attribute(low: Lowering, operand: Operand, name: str) -> Operand:
    """An attribute of a caught exception."""
    if name == "args":
        raise low.refuse(low.node, "`args` of an exception")
    if name == "__cause__":
        return Operand(EXCEPTION.join(NONE), rs.Method(operand.expr, "cause"))
    if name == "__context__":
        return Operand(EXCEPTION.join(NONE), rs.Method(operand.expr, "context"))
    if name == "code":
        if _exits_with_text(low):
            raise low.refuse(low.node, "`code` of a SystemExit that may hold a text")
        return Operand(
            Type((IntShape(-(1 << 31), 1 << 31),)), rs.Call(rs.Name("system_exit_code_of"), (low.borrow(operand),))
        )
    if name == "__class__":
        return Operand(STR, rs.Method(operand.expr, "kind_name"))
    owners = [cls for cls in low.program.classes if name in cls.fields and cls.made]
    if len(owners) == 1:
        from sovereign.migration.depyler.attributes import read_field

        cls = owners[0]
        cls.readers.add(low.instance)
        object_ = rs.Method(rs.Method(operand.expr, "object", (), (rs.NamedType(cls.unique),)), "unwrap")
        held = low.named(Operand(Type((InstanceShape(cls),)), object_), "raised")
        return read_field(low, held, cls, cls.fields[name])
    if name in _PARTS:
        return Operand(_PARTS[name], rs.Call(rs.Name(f"exception_{name}"), (low.borrow(operand),)))
    if name in {
        "doc",
        "value",
        "filename2",
        "start",
        "end",
        "object",
        "reason",
        "cmd",
        "output",
        "stdout",
        "stderr",
        "name",
        "obj",
    }:
        raise low.refuse(low.node, f"`{name}` of an exception")
    return low.type_error(f"exception object has no attribute '{name}'", "ATTRIBUTE_ERROR")


def exception_test(low: Lowering, operand: Operand, classes: list[Operand]) -> Condition:
    """`isinstance(error, Kind)`."""
    test: rs.Expression | None = None
    for kind in classes:
        known = kind.static
        assert known is not None
        constant = class_kind(known.what) if isinstance(known.what, ClassInfo) else kind_of(known.name)
        one = rs.Method(operand.expr, "is", (rs.Borrow(rs.Name(constant)),))
        test = one if test is None else rs.Binary("||", test, one)
    assert test is not None
    env = low.env
    return Condition(test, None if env is None else dict(env), None if env is None else dict(env))


def instance_text(low: Lowering, operand: Operand, *, repr_: bool) -> Operand:
    """`str` or `repr` of an object of an exception class of the program, from its arguments."""
    name = "argument_repr" if repr_ else "argument_text"
    return Operand(STR, rs.Method(low.receiver(operand), name))


def _exits_with_text(low: Lowering) -> bool:
    """Whether some `sys.exit(...)` or `SystemExit(...)` of the program is given a text."""
    for module in low.program.modules.values():
        for node in ast.walk(module.tree):
            ends = isinstance(node, ast.Call) and ast.unparse(node.func) in {"exit", "quit", "sys.exit", "SystemExit"}
            if ends and any(isinstance(a, ast.JoinedStr | ast.BinOp) or _is_text(a) for a in node.args):  # type: ignore[attr-defined]
                return True
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
