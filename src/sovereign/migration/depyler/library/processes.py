"""`logging` and `subprocess`.

Enters: call sites. Leaves: operands. Messages of `logging` come with their arguments filled in; formats with places
in the source are refused, and so are pipes, time limits and bytes of `subprocess`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ASSIGNMENTS, LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.formatting import percent, to_str
from sovereign.migration.depyler.library.objects import (
    arguments_within,
    condition,
    enlist,
    methods,
    path_text,
    required,
)
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, text_argument, text_of, value_method
from sovereign.migration.depyler.operators import call, truth
from sovereign.migration.depyler.types import BOOL, NONE, STR, IntShape, ListShape, Type, integer, tuple_of
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []

_LOGGER = enlist("Logger", "logging.Logger")
_HANDLER = enlist("LogHandler", "logging.Handler")
_FORMATTER = enlist("LogFormatter", "logging.Formatter")
_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50, "FATAL": 50, "NOTSET": 0}
_KNOWN = {"message", "levelname", "name", "levelno", "asctime", "created", "msecs", "process"}

for _name, _value in _LEVELS.items():
    CONSTANTS[f"logging.{_name}"] = lambda low, value=_value: Operand(  # type: ignore[misc]
        integer(value, value), rs.Integer(value), constant=value
    )


@builtin("logging.getLogger")
def _get_logger(site: CallSite) -> Operand:
    arguments_within(site, 1, "name")
    return Operand(_LOGGER, call("logging_get_logger", text_argument(site, 0, "name", "")))


def _level(site: CallSite, index: int, name: str) -> rs.Expression:
    given = site.argument(index, name)
    if given is not None and isinstance(given.constant, str):
        if given.constant not in _LEVELS:
            raise site.refuse("a level of `logging` with this name")
        return rs.Integer(_LEVELS[given.constant])
    if given is None or not isinstance(given.type.only, IntShape):
        raise site.refuse("a level of `logging` that is no integer")
    return index_argument(site, index, name)


@builtin("logging.basicConfig")
def _basic_config(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 0, "level", "format", "datefmt", "filename", "filemode", "stream", "force")
    config = low.fresh("config")
    values: list[tuple[str, rs.Expression]] = []
    for name in site.keyword_nodes:
        given = site.keyword(name)
        assert given is not None
        if name == "level":
            values.append((name, _level(site, 9, name)))
        elif name == "stream":
            if given.static is None or given.static.name not in {"sys.stdout", "sys.stderr"}:
                raise site.refuse("`logging` to such a stream")
            values.append(("to_stdout", rs.Boolean(given.static.name == "sys.stdout")))
        elif name == "force":
            values.append((name, condition(site, 9, name)))
        else:
            if name == "format":
                _check_format(site, given)
            text = call("Str::from", text_of(low, given))
            values.append((name, text if name == "filemode" else call("Some", text)))
    low.emit(rs.Let(rs.Bind(config, mutable=True), None, call("LogConfig::new")))
    for name, value in values:
        low.emit(rs.Assign(rs.Field(rs.Name(config), name), value))
    return Operand(NONE, low.fallible(call("logging_basic_config", rs.Name(config))))


def _check_format(site: CallSite, given: Operand | None) -> None:
    if given is None:
        return
    text = given.constant
    if not isinstance(text, str) or not set(re.findall(r"%\((\w+)\)", text)) <= _KNOWN:
        raise site.refuse("a format of `logging` that is not known, or that shows places in the source")


def _message(site: CallSite, first: int) -> rs.Expression:
    """The message with its arguments, as `&str`."""
    low = site.low
    arguments_within(site, 99)
    given = required(site, first)
    rest = site.operands[first + 1 :]
    if not rest:
        return text_of(low, to_str(low, given))
    values = [stored(low, operand) for operand in rest]
    operand = Operand(tuple_of(*(v.type for v in values)), rs.Tuple(tuple(low.own(v) for v in values)))
    if not isinstance(given.constant, str):
        raise site.refuse("a message of `logging` with arguments that is not known while translating")
    filled = percent(low, given, operand)
    if filled is None or filled.type != STR:
        raise site.refuse("a message of `logging` whose arguments do not fit")
    return low.borrow(filled)


def _logged(name: str) -> None:
    rust = {"warn": "warning", "fatal": "critical"}.get(name, name)

    @method("Logger", name)
    def _method(site: CallSite) -> Operand:
        assert site.receiver is not None
        text = _message(site, 0)
        return Operand(NONE, site.low.fallible(rs.Method(site.low.receiver(site.receiver), rust, (text,))))

    @builtin(f"logging.{name}")
    def _function(site: CallSite) -> Operand:
        level = rs.Integer(_LEVELS[rust.upper()])
        return Operand(NONE, site.low.fallible(call("logging_log", level, _message(site, 0))))


for _name in ("debug", "info", "warning", "error", "critical"):
    _logged(_name)


@method("Logger", "log")
def _log(site: CallSite) -> Operand:
    assert site.receiver is not None
    level = _level(site, 0, "level")
    logged = rs.Method(site.low.receiver(site.receiver), "log", (level, _message(site, 1)))
    return Operand(NONE, site.low.fallible(logged))


@builtin("logging.log")
def _log_root(site: CallSite) -> Operand:
    return Operand(NONE, site.low.fallible(call("logging_log", _level(site, 0, "level"), _message(site, 1))))


@method("Logger", "setLevel")
@method("LogHandler", "setLevel")
def _set_level(site: CallSite) -> Operand:
    assert site.receiver is not None
    level = _level(site, 0, "level")
    return Operand(NONE, rs.Method(site.low.receiver(site.receiver), "set_level", (level,)))


@method("Logger", "isEnabledFor")
def _is_enabled(site: CallSite) -> Operand:
    return value_method(site, "is_enabled_for", BOOL, _level(site, 0, "level"))


@method("Logger", "getEffectiveLevel")
def _effective_level(site: CallSite) -> Operand:
    return value_method(site, "effective_level", integer(0, 1 << 40))


@builtin("logging.getLevelName")
def _level_name(site: CallSite) -> Operand:
    given = required(site, 0)
    if not isinstance(given.type.only, IntShape):
        raise site.refuse("`getLevelName` of other than an integer")
    return Operand(STR, call("logging_level_name", index_argument(site, 0)))


@builtin("logging.StreamHandler")
def _stream_handler(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "stream")
    stream = site.argument(0, "stream")
    if stream is not None and stream.type.tags() == {"File"}:
        return Operand(_HANDLER, call("LogHandler::to", call("LogTarget::File", low.own(stream))))
    if stream is not None and (stream.static is None or stream.static.name not in {"sys.stdout", "sys.stderr"}):
        raise site.refuse("`StreamHandler` to such a stream")
    is_output = stream is not None and stream.static is not None and stream.static.name == "sys.stdout"
    return Operand(_HANDLER, call("LogHandler::stream", rs.Boolean(is_output)))


@builtin("logging.FileHandler")
def _file_handler(site: CallSite) -> Operand:
    arguments_within(site, 2, "filename", "mode")
    path, mode = path_text(site, 0, "filename"), text_argument(site, 1, "mode", "a")
    return Operand(_HANDLER, site.low.fallible(call("LogHandler::file", path, mode)))


@builtin("logging.Formatter")
def _formatter(site: CallSite) -> Operand:
    arguments_within(site, 2, "fmt", "datefmt")
    given = site.argument(0, "fmt")
    _check_format(site, given)
    date = site.argument(1, "datefmt")
    none = rs.Name("None")
    shown = none if date is None or date.type == NONE else call("Some", call("Str::from", text_of(site.low, date)))
    return Operand(_FORMATTER, rs.Tuple((call("Str::from", text_argument(site, 0, "fmt", "%(message)s")), shown)))


@method("LogHandler", "setFormatter")
def _set_formatter(site: CallSite) -> Operand:
    given = required(site, 0)
    if given.type != _FORMATTER:
        raise site.refuse("`setFormatter` with such a formatter")
    return value_method(site, "set_formatter", NONE, site.low.borrow(given))


@method("Logger", "addHandler")
def _add_handler(site: CallSite) -> Operand:
    given = required(site, 0)
    if given.type != _HANDLER:
        raise site.refuse("`addHandler` with such a handler")
    return value_method(site, "add_handler", NONE, site.low.borrow(given))


def _set_propagate(low: Lowering, operand: Operand, value: Operand) -> None:
    low.emit(rs.Evaluate(rs.Method(low.receiver(operand), "set_propagate", (truth(low, value),)), low.line))


LIBRARY_ASSIGNMENTS["Logger", "propagate"] = _set_propagate


LIBRARY_ATTRIBUTES["Logger", "name"] = lambda low, operand: Operand(STR, rs.Method(low.receiver(operand), "name"))
LIBRARY_ATTRIBUTES["Logger", "level"] = lambda low, operand: Operand(
    integer(0, 1 << 40), rs.Method(low.receiver(operand), "level")
)


# subprocess

_DONE = enlist("CompletedProcess", "subprocess.CompletedProcess", shown="CompletedProcess")
for _name, _value in (("PIPE", -1), ("STDOUT", -2), ("DEVNULL", -3)):
    CONSTANTS[f"subprocess.{_name}"] = lambda low, value=_value: Operand(  # type: ignore[misc]
        integer(value, value), rs.Unary("-", rs.Integer(-value)), constant=value
    )


def _command(site: CallSite) -> rs.Expression:
    """The program and its arguments as `&List<Str>`."""
    low = site.low
    given = stored(low, required(site, 0, "args"))
    shape = given.type.only
    if given.type == STR:
        return rs.Borrow(call("List::from", rs.MacroCall("vec", (low.own(given),), "[")))
    if not isinstance(shape, ListShape) or low.contents(shape.cell) != STR:
        raise site.refuse("a command of `subprocess` that is neither a text nor a list of texts")
    return low.borrow(given)


def _options(site: CallSite, *, captures: bool) -> rs.Expression:
    low = site.low
    known = (
        "capture_output",
        "text",
        "universal_newlines",
        "check",
        "shell",
        "input",
        "cwd",
        "stdout",
        "stderr",
        "encoding",
    )
    arguments_within(site, 1, *known)
    texts = [site.keyword(name) for name in ("text", "universal_newlines", "encoding")]
    is_text = any(given is not None and given.constant is not False and given.type != NONE for given in texts)
    streams = {name: site.keyword(name) for name in ("stdout", "stderr")}
    piped = [name for name, given in streams.items() if given is not None and given.constant == -1]
    kept = site.keyword("capture_output")
    captures = captures or kept is not None or bool(piped)
    if captures and not is_text:
        raise site.refuse("`subprocess` with output as bytes")
    if len(piped) == 1 or any(given is not None and given.constant not in {-1, -3} for given in streams.values()):
        raise site.refuse("`subprocess` with such streams")
    options = low.fresh("options")
    values = [(name, condition(site, 9, name)) for name in ("capture_output", "check", "shell") if site.keyword(name)]
    if piped:
        values.append(("capture_output", rs.Boolean(True)))
    for name, given in streams.items():
        if given is not None and given.constant == -3:
            values.append(("quiet_output" if name == "stdout" else "quiet_errors", rs.Boolean(True)))
    for name in ("input", "cwd"):
        given = site.keyword(name)
        if given is not None and given.type != NONE:
            values.append((name, call("Some", call("Str::from", text_of(low, given)))))
    low.emit(rs.Let(rs.Bind(options, mutable=True), None, call("RunOptions::new")))
    for name, value in values:
        low.emit(rs.Assign(rs.Field(rs.Name(options), name), value))
    return rs.Borrow(rs.Name(options))


@builtin("subprocess.run")
def _run(site: CallSite) -> Operand:
    command = _command(site)
    value = call("subprocess_run", command, _options(site, captures=False))
    return Operand(_DONE, site.low.fallible(value))


@builtin("subprocess.check_output")
def _check_output(site: CallSite) -> Operand:
    command = _command(site)
    value = call("subprocess_check_output", command, _options(site, captures=True))
    return Operand(STR, site.low.fallible(value))


@builtin("subprocess.call")
def _call(site: CallSite) -> Operand:
    command = _command(site)
    value = call("subprocess_call", command, _options(site, captures=False))
    return Operand(integer(-(1 << 31), 1 << 31), site.low.fallible(value))


def _field(name: str, type_: Type) -> None:
    def handler(low: Lowering, operand: Operand) -> Operand:
        field = rs.Field(low.receiver(operand), name)
        return Operand(type_, field if name == "returncode" else rs.Method(field, "clone"))

    LIBRARY_ATTRIBUTES["CompletedProcess", name] = handler


_field("returncode", integer(-(1 << 31), 1 << 31))
_field("stdout", STR.join(NONE))
_field("stderr", STR.join(NONE))
methods("CompletedProcess", NONE, "check_returncode", raises=True)
