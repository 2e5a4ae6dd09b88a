"""A handler: `fun handler(event, context)` as the function that a function runtime calls.

Enters: a file that has one. Leaves: a `Compiled` library that needs no operating system, with `pub fn init` and
`pub fn handle` and the types of `migration/rust/bootstrap`. The event is a value of JSON, and the reply becomes one. An
error of the program is the error of the invocation, and ends the process, as it ends a program; `try` needs an
operating system and is refused. Read `compile_rust.py` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.diagnostic import Diagnostic, Level, Span
from sovereign.errors import ParameterError, SourceError
from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_rust import ALLOW, Compiled, RustCompiler
from sovereign.migration.ruchy.program import check_handler
from sovereign.migration.ruchy.rust_base import Refused
from sovereign.migration.ruchy.rust_kinds import DYN
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.rust import mentioned, print_program, support_module
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.ruchy.program import Checked
    from sovereign.migration.ruchy.rust_base import Instance

__all__ = ["handler_library"]

_ARITY = 2
_USES = """
extern crate alloc;

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Ordering;
use support::*;

"""
# The keys of the context, with the field of the runtime's `Context` that each stands for.
_FACTS = {
    "aws_request_id": "request_id",
    "invoked_function_arn": "invoked_function_arn",
    "function_name": "function_name",
    "function_version": "function_version",
    "memory_limit_in_mb": "memory_limit_in_mb",
    "log_group_name": "log_group_name",
    "log_stream_name": "log_stream_name",
    "tenant_id": "tenant_id",
    "trace_id": "trace_id",
}


def handler_library(path: str, function: str = "handler") -> Compiled:
    """The library of a handler.

    Errors    SourceError ruchy.not_compiled   when the file has no such function, or something of it is not compiled
                                               without an operating system; else as `check_handler`.
    """
    compiled: Compiled = on_large_stack(lambda: _compiled(check_handler(path, function), path, function))
    if compiled.is_refused:
        text = f"the handler is not compiled: `{path}`"
        raise SourceError("ruchy.not_compiled", text, diagnostics=compiled.diagnostics)
    return compiled


class _HandlerCompiler(RustCompiler):
    """Compiles a program whose entry is a handler."""

    attributes = (rs.Attribute("no_std"),)

    def __init__(self, checked: Checked, node: tree.FunctionDeclaration) -> None:
        super().__init__(checked)
        self.node = node
        self.entry: Instance | None = None

    def call_entry(self, program: tree.Program) -> None:
        """Nothing is called when the program begins; the handler is written for values of no known type."""
        del program
        binding = self.names.meant[self.node]
        scheme = self.typed.schemes.get(binding)
        key = tuple(DYN for _ in self.scheme_variables(scheme)) if scheme is not None else ()
        self.entry = self.instance_for(binding, {}, key)

    def ending(self) -> tuple[rs.Item, ...]:
        """The functions that the runtime calls."""
        assert self.entry is not None
        values = []
        for name, kind, is_lent in zip(("event", "context"), self.entry.parameters, self.entry.lent, strict=True):
            value = self.convert(rs.Name(name), DYN, kind, self.node, checked=True)
            values.append(rs.Borrow(value) if is_lent else value)
        reply = self.convert(rn.call(self.entry.name, *values), self.entry.result, DYN, self.node)
        return (_WORLD_TYPES, _CONTRACT, _FAIL, _INIT, _handle(reply))


def _compiled(checked: Checked, path: str, function: str) -> Compiled:
    node = _declaration(checked, function)
    if node is None or len(node.parameters) != _ARITY:
        return _refused(f"a handler is a function of an event and a context: `fun {function}(event, context)`", path)
    compiler = _HandlerCompiler(checked, node)
    try:
        program = compiler.program()
    except Refused as refused:
        span = checked.sources.span(refused.place)
        found = Diagnostic("ruchy.not_compiled", Level.ERROR, f"this is not compiled yet: {refused.reason}", span)
        return Compiled("", (), 0, unwinds=False, diagnostics=[found])
    if compiler.unwinds:
        return _refused("`try` needs an operating system, which a handler has to do without", path)
    printed = print_program(program)
    own = {getattr(item, "name", "") for item in program.items}
    try:
        module = support_module(mentioned(printed.text), own=own, no_std=True)
    except ParameterError as error:
        lost = error.detail["value"]
        assert isinstance(lost, list)
        names = ", ".join(f"`{name}`" for name in lost)
        return _refused(f"it needs an operating system, which a handler has to do without: {names}", path)
    first, head, rest = printed.text.partition(f"#![{ALLOW}]\n")
    text = f"{first}{head}{_USES}{rest.lstrip()}\n{module}"
    return Compiled(text, (), text.count("\n"), unwinds=False, diagnostics=[])


def _declaration(checked: Checked, function: str) -> tree.FunctionDeclaration | None:
    for statement in checked.programs[-1].statements:
        if isinstance(statement, tree.FunctionDeclaration) and statement.name == function:
            return statement
    return None


def _refused(text: str, path: str) -> Compiled:
    finding = Diagnostic("ruchy.not_compiled", Level.ERROR, text, Span(path, 1, 1, 1, 2))
    return Compiled("", (), 0, unwinds=False, diagnostics=[finding])


# the Rust around it

_NOTHING = rs.NamedType("Result", (rs.TupleType(), rs.NamedType("HandlerError")))
_WORLD_TYPES = rs.Use("support::{Fault, PathKind, Platform, Stream}", public=True)
_CONTRACT = rs.Use("bootstrap::{Context, HandlerError, Writer}")
_KIND = rs.Text("RuchyError")
_FAIL = rs.Function(
    "fail_answer",
    (rs.Parameter("raised", rs.NamedType("Raised")),),
    rs.NamedType("!"),
    rs.Block(
        (rn.done(rn.call("flush_output")),),
        rn.call("bootstrap::start::fail", _KIND, rs.Borrow(rn.call("failure_of", rs.Borrow(rs.Name("raised"))))),
    ),
)
_INIT = rs.Function(
    "init",
    (rs.Parameter("world", rs.RefType(rs.DynType((rs.NamedType("Platform"),)), lifetime="static")),),
    _NOTHING,
    rs.Block(
        (
            rn.done(rn.call("install_platform", rs.Name("world"))),
            rn.done(rn.call("begin_answer", rs.Name("fail_answer"))),
            rn.done(rn.call("program")),
            rn.done(rn.call("flush_output")),
        ),
        rn.call("Ok", rs.Tuple()),
    ),
    docs="Run the statements of the program; once, before the first event.",
    public=True,
)


def _handle(reply: rs.Expression) -> rs.Function:
    """Answer one event with this reply."""
    facts = rs.Array(tuple(rs.Tuple((rs.Text(key), rs.Field(rs.Name("ctx"), name))) for key, name in _FACTS.items()))
    raised = rs.Closure(((rs.Bind("text"), None),), rn.call("HandlerError::new", _KIND, rs.Borrow(rs.Name("text"))))
    event = rs.TryOperator(rn.method(rn.call("read_event", rs.Name("event")), "map_err", raised))
    context = rn.call("context_value", rs.Borrow(facts), rs.Field(rs.Name("ctx"), "deadline_ms"))
    text = rn.call("json_line", rs.Borrow(rs.Name("reply")))
    return rs.Function(
        "handle",
        (
            rs.Parameter("ctx", rs.RefType(rs.NamedType("Context"))),
            rs.Parameter("event", rs.RefType(rs.ArrayType(rs.NamedType("u8")))),
            rs.Parameter("out", rs.RefType(rs.NamedType("Writer"), mutable=True)),
        ),
        _NOTHING,
        rs.Block(
            (
                rs.Let(rs.Bind("event"), None, event),
                rs.Let(rs.Bind("context"), None, context),
                rs.Let(rs.Bind("reply"), None, reply),
                rn.done(rn.call("flush_output")),
                rs.Let(rs.Bind("text"), None, text),
                rn.done(
                    rn.method(rs.Name("out"), "write", rn.method(rn.method(rs.Name("text"), "as_str"), "as_bytes"))
                ),
            ),
            rn.call("Ok", rs.Tuple()),
        ),
        docs="Answer one event.",
        public=True,
    )
