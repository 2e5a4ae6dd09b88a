"""A handler: `def handler(event, context)` as the function that a function runtime calls.

Enters: a program whose main module defines a handler. Leaves: a `Translation` whose Rust has `pub fn init` and
`pub fn handle`, with the types of `migration/rust/bootstrap`. Events become values and values become replies as
Python's runtime client does it, because that part is Python too: a module around the handler, translated with it. Read
`translate.py` first.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.diagnostic import Diagnostic, Level, Span
from sovereign.migration.depyler.lowering import free_name
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.translate import INSTALL, WORLD, WORLD_TYPES, Translation, prepare
from sovereign.migration.depyler.types import INT, STR
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sovereign.migration.depyler.models import EmbeddedModel
    from sovereign.migration.depyler.program import Instance
    from sovereign.migration.depyler.sources import Sources
    from sovereign.migration.depyler.translate import Prepared

__all__ = ["translate_handler"]

# What stands around a handler. The attributes of the context, and the texts of replies, are those of Python's runtime
# client for AWS Lambda: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
_AROUND = '''"""{docs}"""

import json
import time

from {module} import {function} as call_handler


class CognitoIdentity:
    """Who calls, where an identity pool knows it."""

    def __init__(self, identity: str):
        known = json.loads(identity) if identity else {{}}
        self.cognito_identity_id = known.get("cognitoIdentityId")
        self.cognito_identity_pool_id = known.get("cognitoIdentityPoolId")


class Client:
    """The application that calls."""

    def __init__(self, client: dict):
        self.installation_id = client.get("installation_id")
        self.app_title = client.get("app_title")
        self.app_version_name = client.get("app_version_name")
        self.app_version_code = client.get("app_version_code")
        self.app_package_name = client.get("app_package_name")


class ClientContext:
    """What an application says of itself."""

    def __init__(self, context: str):
        known = json.loads(context)
        self.custom = known.get("custom")
        self.env = known.get("env")
        self.client = Client(known.get("client") or {{}})


class LambdaContext:
    """What a handler is told about its invocation."""

    def __init__(
        self,
        aws_request_id: str,
        deadline_ms: int,
        invoked_function_arn: str,
        function_name: str,
        function_version: str,
        memory_limit_in_mb: str,
        log_group_name: str,
        log_stream_name: str,
        tenant_id: str,
        client_context: str,
        cognito_identity: str,
    ):
        self.aws_request_id = aws_request_id
        self.deadline_ms = deadline_ms
        self.invoked_function_arn = invoked_function_arn
        self.function_name = function_name
        self.function_version = function_version
        self.memory_limit_in_mb = memory_limit_in_mb
        self.log_group_name = log_group_name
        self.log_stream_name = log_stream_name
        self.tenant_id = tenant_id or None
        self.stated_context = client_context
        self.stated_identity = cognito_identity

    @property
    def client_context(self):
        """What the application says of itself, or nothing; read when somebody asks for it."""
        return ClientContext(self.stated_context) if self.stated_context else None

    @property
    def identity(self):
        """Who calls; read when somebody asks for it."""
        return CognitoIdentity(self.stated_identity)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation times out; never negative."""
        return max(self.deadline_ms - int(time.time() * 1000), 0)


def handle_event(
    event: str,
    aws_request_id: str,
    deadline_ms: int,
    invoked_function_arn: str,
    function_name: str,
    function_version: str,
    memory_limit_in_mb: str,
    log_group_name: str,
    log_stream_name: str,
    tenant_id: str,
    client_context: str,
    cognito_identity: str,
) -> str:
    context = LambdaContext(
        aws_request_id,
        deadline_ms,
        invoked_function_arn,
        function_name,
        function_version,
        memory_limit_in_mb,
        log_group_name,
        log_stream_name,
        tenant_id,
        client_context,
        cognito_identity,
    )
    return json.dumps(call_handler(json.loads(event), context), ensure_ascii=False)
'''
_TRACE = "_X_AMZN_TRACE_ID"
"""The variable that says where the invocation stands in a distributed trace."""

_FIELDS = (
    "request_id",
    "deadline_ms",
    "invoked_function_arn",
    "function_name",
    "function_version",
    "memory_limit_in_mb",
    "log_group_name",
    "log_stream_name",
    "tenant_id",
    "client_context",
    "cognito_identity",
)
"""The fields of the runtime's `Context`, in the order of the parameters of `handle_event`."""


def translate_handler(
    sources: Sources,
    function: str = "handler",
    *,
    no_std: bool = False,
    inline: bool = True,
    models: Mapping[str, EmbeddedModel] | None = None,
) -> Translation:
    """Translate a handler.

    Args:
        sources: The program; `function` is a function of its main module that takes an event and a context.
        function: Its name.
        no_std: Whether the Rust does without an operating system.
        inline: As for `translate`.
        models: As for `translate`.

    Returns:
        The translation; its text is empty where something is refused, or where there is no such function.
    """
    path = str(sources.path)
    found = _definition(sources.text, function)
    if found is None:
        text = f"the program has no function `{function}(event, context)` outside of others"
        return Translation(None, "", diagnostics=[_refusal(text, path, 1)])
    if isinstance(found, ast.FunctionDef) and not _takes_two(found):
        text = f"a handler takes an event and a context: `{function}`"
        return Translation(None, "", diagnostics=[_refusal(text, path, found.lineno)])
    module = _module_name(sources.path)
    around = _AROUND.format(docs=f"The handler of {module}.", module=module, function=function)
    modules = {module: (path, sources.text), **sources.modules}
    around_path = f"<around {module}>"
    types = {"event": STR} | {name: INT if name == "deadline_ms" else STR for name in _parameters(around)[1:]}
    prepared = prepare(around, around_path, modules=modules, roots={"handle_event": types}, models=models)
    translation = prepared.finish(
        inline=inline, no_std=no_std, ending=() if prepared.diagnostics else _ending(prepared, no_std=no_std)
    )
    translation.accounts = [each for each in translation.accounts if each.path != around_path]
    return translation


def _definition(text: str, function: str) -> ast.stmt | None:
    """What defines the name in a module, or nothing; a text that is no Python defines it as far as this goes."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ast.Pass()
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name) if name == function:
                return statement
            case ast.ImportFrom(names=names) if any((each.asname or each.name) == function for each in names):
                return statement
    return None


def _takes_two(node: ast.FunctionDef) -> bool:
    arguments = node.args
    count = len(arguments.posonlyargs) + len(arguments.args)
    return count - len(arguments.defaults) <= 2 <= count or arguments.vararg is not None


def _refusal(text: str, path: str, line: int) -> Diagnostic:
    return Diagnostic("depyler.refused", Level.ERROR, text, Span(path, line, 1, line, 2))


def _module_name(path: Path) -> str:
    """The name under which the main module is imported."""
    return path.stem if path.stem.isidentifier() and path.stem != "__main__" else "handler_module"


def _parameters(text: str) -> list[str]:
    node = ast.parse(text).body[-1]
    assert isinstance(node, ast.FunctionDef)
    return [argument.arg for argument in node.args.args]


# the Rust around it


def _ending(prepared: Prepared, *, no_std: bool) -> list[rs.Item]:
    """`init`, `handle`, and what they need; without an operating system `init` is given the world."""
    program = prepared.program
    taken = {instance.rust_name for instance in program.reachable()}
    respond, failed = free_name("respond", program, taken), free_name("failed", program, taken)
    nothing = rs.NamedType("Result", (rs.TupleType(), rs.NamedType("HandlerError")))
    answered = rs.NamedType("Result", (rs.NamedType("Str"), rs.NamedType("Exc")))
    exc = rs.Parameter("exc", rs.NamedType("Exc"))
    context = rs.Parameter("ctx", rs.RefType(rs.NamedType("Context")))
    event = rs.Parameter("event", rs.RefType(rs.ArrayType(rs.NamedType("u8"))))
    out = rs.Parameter("out", rs.RefType(rs.NamedType("Writer"), mutable=True))
    text = rs.Method(rs.Name("exc"), "text")
    kind = rs.Field(rs.Method(rs.Name("exc"), "kind"), "name")
    reply = rs.TryOperator(rs.Method(call(respond, rs.Name("ctx"), rs.Name("event")), "map_err", (rs.Name(failed),)))
    written = rs.Method(rs.Method(rs.Name("reply"), "as_str"), "as_bytes")
    flushed = rs.Evaluate(call("flush_output"))
    return [
        *((WORLD_TYPES,) if no_std else ()),
        rs.Use("bootstrap::{Context, HandlerError, Writer}"),
        rs.Function(failed, (exc,), rs.NamedType("HandlerError"), rs.Block((flushed,), _error(kind, text))),
        rs.Function(respond, (context, event), answered, _respond(prepared)),
        rs.Function(
            "init",
            (WORLD,) if no_std else (),
            nothing,
            rs.Block((INSTALL,) if no_std else (), rs.Method(call("program"), "map_err", (rs.Name(failed),))),
            docs="Run the statements of the modules; once, before the first event.",
            public=True,
        ),
        rs.Function(
            "handle",
            (context, event, out),
            nothing,
            rs.Block(
                (
                    rs.Let(rs.Bind("reply"), None, reply),
                    flushed,
                    rs.Evaluate(rs.Method(rs.Name("out"), "write", (written,))),
                ),
                call("Ok", rs.Tuple()),
            ),
            docs="Answer one event.",
            public=True,
        ),
    ]


def _error(kind: rs.Expression, text: rs.Expression) -> rs.Expression:
    return call("HandlerError::new", kind, rs.Borrow(text))


def _respond(prepared: Prepared) -> rs.Block:
    """Take the event for text, call, and give the reply or the exception."""
    instance = prepared.roots["handle_event"]
    item = instance.item
    assert item is not None
    values: list[rs.Expression] = [rs.Name("text")]
    for name in _FIELDS:
        field = rs.Field(rs.Name("ctx"), name)
        values.append(call("Int::from", field) if name == "deadline_ms" else call("Str::from", field))
    follow = rs.Evaluate(call("os_environ_follow", rs.Text(_TRACE), rs.Field(rs.Name("ctx"), "trace_id")))
    read = call("decode_bytes", rs.Name("event"), rs.Text("utf-8"), rs.Text("strict"))
    given = [_as_taken(instance, place, value) for place, value in enumerate(values)]
    result: rs.Expression = call(instance.rust_name, *given)
    if not instance.raises:
        result = call("Ok", result)
    return rs.Block((follow, rs.Let(rs.Bind("text"), None, rs.TryOperator(read))), result)


def _as_taken(instance: Instance, place: int, value: rs.Expression) -> rs.Expression:
    assert instance.item is not None
    parameter = instance.item.parameters[place]
    assert isinstance(parameter, rs.Parameter)
    return rs.Borrow(value) if isinstance(parameter.type, rs.RefType) else value
