"""`raise`, `try`, `with`, and exceptions as values.

Enters: their nodes. Leaves: statements. A `try` is a labelled block that errors leave by `break`; what `finally` must
do comes behind a second block, through which `return`, `break` and `continue` pass as data.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of, distribute, join_branches
from sovereign.migration.depyler.caught import as_objects, made_classes, object_type
from sovereign.migration.depyler.classes import find_constant, is_exception
from sovereign.migration.depyler.conditions import Condition, instance_test
from sovereign.migration.depyler.lowering import Attempt, Local, Loop, Lowering, Operand, statement
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, call
from sovereign.migration.depyler.program import ClassInfo
from sovereign.migration.depyler.statements import block, leave
from sovereign.migration.depyler.type_values import type_value
from sovereign.migration.depyler.types import (
    BOOL,
    EXCEPTION,
    INT,
    NONE,
    STR,
    InstanceShape,
    IntShape,
    OpaqueShape,
    Type,
    integer,
    seq_of,
)
from sovereign.migration.depyler.variables import assign_web, find_web, merge_envs
from sovereign.migration.depyler.webs import Place
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ARGUMENT", "exception_attribute", "exception_test", "instance_text", "kind_of", "new_exception"]

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
    if _ALIASES.get(name, name) == "OSError" and len(operands) > 1:
        name = _error_of_number(low, operands[0])
    kind = rs.Borrow(rs.Name(kind_of(name)))
    if not operands:
        return call("Exc::bare", kind)
    if len(operands) == 1 and operands[0].type == STR and name != "KeyError":
        constant = operands[0].constant
        text = rs.Text(constant) if isinstance(constant, str) else low.own(operands[0])
        return call("Exc::new", kind, text)
    values = rs.MacroCall("vec", tuple(call("argument", low.own(o)) for o in operands), "[")
    return call("Exc::of", kind, values)


def _error_of_number(low: Lowering, number: Operand) -> str:
    """The class that `OSError(number, text)` makes: a subclass for some numbers."""
    if type(number.constant) is not int:
        raise low.refuse(low.node, "`OSError` with a number that is not known while translating")
    return type(OSError(number.constant, "")).__name__


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
            low.caught.append((handler.name, name))
        inner = block(low, handler.body)
        if handler.name:
            low.caught.pop()
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
    classes = [kind for kind in kinds if isinstance(kind, ClassInfo)]
    type_ = object_type(low, classes) if len(classes) == len(kinds) else None
    if type_ is not None:
        value = as_objects(low, value, type_)
    if web is None:
        if low.info.scope.is_function or handler.name not in low.module.globals:
            low.locals.append({handler.name: Local(name, EXCEPTION)})
            return
        from sovereign.migration.depyler.variables import assign_name

        assign_name(low, handler, handler.name, value, low.place)
        return
    assign_web(low, web, value, low.place)


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
    result_type = low.returned()
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


ARGUMENT = Type((OpaqueShape("Argument"),))
"""An argument of an exception, which may be anything: it is shown, and compared with text and integers."""


def _argument_equals(low: Lowering, a: Operand, b: Operand) -> Operand:
    if b.type == ARGUMENT:
        a, b = b, a
    if b.type == STR:
        text = rs.Text(b.constant) if isinstance(b.constant, str) else low.borrow(b)
        return Operand(BOOL, rs.Method(low.receiver(a), "is_text", (text,)))
    return Operand(BOOL, rs.Method(low.receiver(a), "is_integer", (rs.Borrow(low.convert(b, INT)),)))


def _argument_unknown(low: Lowering, a: Operand, b: Operand) -> Operand:
    del a, b
    raise low.refuse(low.node, "an argument of an exception, compared with something that is no text or integer")


for _tag in ("bool", "float", "none", "list", "tuple", "dict", "Argument"):
    LIBRARY_OPERATORS["Argument", "==", _tag] = LIBRARY_OPERATORS[_tag, "==", "Argument"] = _argument_unknown
for _tag in ("str", "int"):
    LIBRARY_OPERATORS["Argument", "==", _tag] = LIBRARY_OPERATORS[_tag, "==", "Argument"] = _argument_equals
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
    part = _SPECIAL_PARTS.get(name)
    if part is not None:
        return Operand(part[0], rs.Method(operand.expr, part[1]))
    if name == "args":
        return Operand(seq_of(ARGUMENT), call("exception_args", low.borrow(operand)))
    if name == "__notes__":
        return Operand(low.list_of(STR), call("List::from", rs.Method(operand.expr, "notes")))
    if name == "__class__":
        return type_value(low, operand)
    owned = _field_of_objects(low, operand, name)
    if owned is not None:
        return owned
    if name in {"code", "value"}:
        return _exit_part(low, operand, name)
    if name in _PARTS:
        return Operand(_PARTS[name], rs.Call(rs.Name(f"exception_{name}"), (low.borrow(operand),)))
    if name in _UNKNOWN_PARTS:
        raise low.refuse(low.node, f"`{name}` of an exception")
    return low.type_error(f"exception object has no attribute '{name}'", "ATTRIBUTE_ERROR")


_SPECIAL_PARTS = {
    "__suppress_context__": (BOOL, "hides_context"),
    "__cause__": (EXCEPTION.join(NONE), "cause"),
    "__context__": (EXCEPTION.join(NONE), "context"),
}
_UNKNOWN_PARTS = frozenset(
    "__traceback__ doc filename2 start end object reason cmd output stdout stderr name obj".split()
)


def _exit_part(low: Lowering, operand: Operand, name: str) -> Operand:
    """`code` of a SystemExit, `value` of a StopIteration."""
    if name == "value" or _exits_with_text(low):
        return Operand(ARGUMENT, call("exit_argument", low.borrow(operand)))
    type_ = Type((IntShape(-(1 << 31), 1 << 31),))
    return Operand(type_, rs.Call(rs.Name("system_exit_code_of"), (low.borrow(operand),)))


def _field_of_objects(low: Lowering, operand: Operand, name: str) -> Operand | None:
    """A field of whatever exception of the program the error is; None where none has such a field."""
    from sovereign.migration.depyler.attributes import attribute

    exceptions = [cls for cls in low.program.classes if is_exception(cls)]
    owners = [
        cls
        for cls in made_classes(low, exceptions)
        if name in cls.fields or cls.find_method(name) or find_constant(cls, name)
    ]
    if not owners:
        return None
    held = low.named(operand, "raised")
    branches: list[tuple[list[rs.Statement], Operand]] = []
    for cls in owners:
        with low.capture() as statements:
            object_ = as_objects(low, held, Type((InstanceShape(cls),)))
            branches.append((statements, attribute(low, low.named(object_, "object"), name)))
    if any(value.static is not None for _, value in branches):
        raise low.refuse(low.node, f"the method `{name}` of an exception whose class is not known here")
    with low.capture() as statements:
        error = low.type_error(f"exception object has no attribute '{name}'", "ATTRIBUTE_ERROR")
        branches.append((statements, error))
    joined, values = join_branches(low, branches)
    result = block_of(*values[-1])
    for cls, value in zip(reversed(owners), reversed(values[:-1]), strict=True):
        test = rs.Method(held.expr, "is_exactly", (rs.Borrow(rs.Name(class_kind(cls))),))
        result = rs.If(test, _as_block(block_of(*value)), _as_block(result))
    return Operand(joined, result)


def _as_block(value: rs.Expression) -> rs.Block:
    return value.block if isinstance(value, rs.BlockExpression) and not value.label else rs.Block((), value)


def exception_test(low: Lowering, operand: Operand, classes: list[Operand], question: str = "is") -> Condition:
    """`isinstance(error, Kind)`, or with another question, `type(error) is Kind`."""
    if operand.type.only is None:
        return _test_of_several(low, operand, classes, question)
    test: rs.Expression | None = None
    for kind in classes:
        known = kind.static
        assert known is not None
        if known.name == "object":
            return Condition(rs.Boolean(True), low.env, None, known=True)
        if known.kind == "builtin" and not is_exception_name(known.name):
            continue
        constant = class_kind(known.what) if isinstance(known.what, ClassInfo) else kind_of(known.name)
        one = rs.Method(operand.expr, question, (rs.Borrow(rs.Name(constant)),))
        test = one if test is None else rs.Binary("||", test, one)
    env = low.env
    if test is None:
        return Condition(rs.Boolean(False), None, env, known=False)
    return Condition(test, None if env is None else dict(env), None if env is None else dict(env))


def _test_of_several(low: Lowering, operand: Operand, classes: list[Operand], question: str) -> Condition:
    """The test of a value that is an exception or something else."""

    def one(a: Operand) -> Operand:
        if a.type == EXCEPTION:
            return Operand(BOOL, exception_test(low, a, classes, question).expr)
        return Operand(BOOL, rs.Boolean(any(instance_test(a.type.shapes[0], kind) for kind in classes)))

    result = distribute(low, operand, one)
    env = low.env
    return Condition(result.expr, None if env is None else dict(env), None if env is None else dict(env))


def instance_text(low: Lowering, operand: Operand, *, repr_: bool) -> Operand:
    """`str` or `repr` of an object of an exception class of the program, from its arguments."""
    name = "argument_repr" if repr_ else "argument_text"
    return Operand(STR, rs.Method(low.receiver(operand), name))


def _exits_with_text(low: Lowering) -> bool:
    """Whether some `sys.exit(...)` or `SystemExit(...)` of the program is given a text."""
    for module in low.program.modules.values():
        for node in walk(module.tree):
            ends = isinstance(node, ast.Call) and ast.unparse(node.func) in {"exit", "quit", "sys.exit", "SystemExit"}
            if ends and any(isinstance(a, ast.JoinedStr | ast.BinOp) or _is_text(a) for a in node.args):  # type: ignore[attr-defined]
                return True
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
