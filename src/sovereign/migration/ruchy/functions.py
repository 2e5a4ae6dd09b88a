"""The functions that the language brings along.

Enters: arguments of a call. Leaves: its value, or effects on the outside: output, files, environment, clock. Everything
that touches the outside goes through `World`, so that tests and the REPL can look. Read `compile_python.py` next.
"""

from __future__ import annotations

import sys

from sovereign.migration.ruchy import methods_list, methods_text
from sovereign.migration.ruchy.methods import call_method, call_value
from sovereign.migration.ruchy.methods_number import FLOAT, cast, logarithm, number_power, square_root
from sovereign.migration.ruchy.texts import debug, fill, json_data, json_text, show
from sovereign.migration.ruchy.values import (
    LARGEST,
    NONE,
    SMALLEST,
    Err,
    Fault,
    Leave,
    Ok,
    SetValue,
    Some,
    compared,
    equal,
    fault,
    is_true,
    kind_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["World", "functions"]


class World:
    """What a program sees of the outside: where its output goes, and its arguments."""

    def __init__(
        self,
        write: Callable[[str], object] | None = None,
        arguments: tuple[str, ...] = (),
        complain: Callable[[str], object] | None = None,
    ) -> None:
        self.write = write or sys.stdout.write
        self.arguments = arguments
        self._complain = complain

    def complain(self, text: str) -> None:
        """Write to standard error, behind what was printed before."""
        if self._complain is not None:
            self._complain(text)
            return
        sys.stdout.flush()
        sys.stderr.write(text)
        sys.stderr.flush()


def line_of(arguments: tuple[Any, ...]) -> str:
    """What `println` prints for its arguments."""
    if len(arguments) == 1:
        return show(arguments[0])
    if not arguments:
        return ""
    if type(arguments[0]) is str and "{" in arguments[0] and "}" in arguments[0]:
        return fill(arguments[0], arguments[1:])
    return " ".join(map(show, arguments))


def _panic(*arguments: Any) -> Any:
    fault("panic", line_of(arguments) if arguments else "explicit panic")


def _exit(code: int = 0) -> Any:
    raise Leave(code & 0xFF)


def _unreachable(*arguments: Any) -> Any:
    fault("panic", f"entered unreachable code: {line_of(arguments)}" if arguments else "entered unreachable code")


def _unimplemented(*arguments: Any) -> Any:
    fault("panic", f"not implemented: {line_of(arguments)}" if arguments else "not implemented")


def _assert(condition: Any, *message: Any) -> None:
    if not is_true(condition):
        fault("assertion", line_of(message) if message else "assertion failed")


def _assert_eq(left: Any, right: Any, *message: Any) -> None:
    if not equal(left, right):
        shown = f"assertion failed: left is {debug(left)}, right is {debug(right)}"
        fault("assertion", f"{shown}: {line_of(message)}" if message else shown)


def _assert_ne(left: Any, right: Any, *message: Any) -> None:
    if equal(left, right):
        shown = f"assertion failed: both are {debug(left)}"
        fault("assertion", f"{shown}: {line_of(message)}" if message else shown)


# Numbers.


def _require_number(value: Any, name: str) -> Any:
    if type(value) in {int, float}:
        return value
    fault("type", f"`{name}` needs a number and gets {kind_of(value)}")


def _floating(name: str) -> Callable[[Any], Any]:
    method = FLOAT[name]
    return lambda value: method(float(_require_number(value, name)))


def _to_whole(name: str) -> Callable[..., Any]:
    """`floor`, `ceil` and `round` as functions give integers."""
    method = FLOAT[name]

    def whole(value: Any, *digits: int) -> Any:
        _require_number(value, name)
        if type(value) is int:
            return value
        found = method(value, *digits)
        return found if digits else cast(found, "i64")

    return whole


def _absolute(value: Any) -> Any:
    _require_number(value, "abs")
    return call_method(value, "abs")


def _smallest(*values: Any) -> Any:
    values = values[0] if len(values) == 1 else values
    found = values[0] if values else None
    for each in values[1:]:
        if compared(each, found, "min") == -1:
            found = each
    return found


def _largest(*values: Any) -> Any:
    values = values[0] if len(values) == 1 else values
    found = values[0] if values else None
    for each in values[1:]:
        if compared(each, found, "max") == 1:
            found = each
    return found


def _random() -> float:
    import random

    return random.random()  # noqa: S311 - programs play dice with it


def _random_int(low: int, high: int) -> int:
    import random

    return random.randint(low, high)  # noqa: S311 - as above


# Values.


def _length(value: Any) -> Any:
    return call_method(value, "len")


def _range(*limits: int) -> list[int]:
    if len(limits) == 3 and limits[2] == 0:  # noqa: PLR2004 - start, stop, step
        fault("argument", "a step has to be different from 0")
    return list(range(*limits))


def _to_text(value: Any) -> str:
    return show(value)


def _to_int(value: Any) -> Any:
    if type(value) is str:
        return methods_text.to_integer(value)
    return cast(value, "i64")


def _to_float(value: Any) -> Any:
    if type(value) is str:
        return float(methods_text.parse_number(value))
    return cast(value, "f64")


def _dbg(value: Any) -> Any:
    sys.stdout.flush()
    sys.stderr.write(f"[dbg] {debug(value)}\n")
    return value


# Time, environment, files.


def _sleep(milliseconds: float) -> None:
    import time

    sys.stdout.flush()
    time.sleep(max(milliseconds, 0) / 1000)


def _milliseconds() -> int:
    import time

    return time.time_ns() // 1_000_000


def _seconds() -> int:
    import time

    return time.time_ns() // 1_000_000_000


def _variable(name: str) -> Any:
    import os

    found = os.environ.get(name)
    return NONE if found is None else Some(found)


def _set_variable(name: str, value: str) -> None:
    import os

    os.environ[name] = value


def _guarded(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except UnicodeDecodeError:
        fault("io", "the file is not UTF-8 text")
    except (OSError, ValueError) as error:
        shown = getattr(error, "strerror", None) or str(error)
        name = getattr(error, "filename", None)
        fault("io", f"{shown.lower()}: `{name}`" if name else shown.lower())


def _read(path: str) -> Any:
    from pathlib import Path

    return _guarded(lambda: Path(path).read_bytes().decode("utf-8"))


def _write(path: str, content: Any, mode: str = "w") -> None:
    from pathlib import Path

    def action() -> None:
        with Path(path).open(mode, encoding="utf-8", newline="") as file:
            file.write(show(content))

    _guarded(action)


def _append(path: str, content: Any) -> None:
    _write(path, content, "a")


def _attempt(action: Callable[..., Any]) -> Callable[..., Any]:
    """The same as a function that gives a Result."""

    def attempted(*arguments: Any) -> Any:
        try:
            return Ok(action(*arguments))
        except Fault as error:
            return Err(error.text)

    return attempted


def _system(name: str) -> Callable[..., Any]:
    """A function of `os` or `os.path` on paths."""

    def call(*arguments: str) -> Any:
        import os

        function = getattr(os.path, name, None) or getattr(os, name)
        return _guarded(lambda: function(*arguments))

    return call


def _list_folder(path: str) -> Any:
    import os

    return _guarded(lambda: sorted(os.listdir(path)))  # noqa: PTH208 - names alone


def _copy(source: str, target: str) -> None:
    import shutil

    _guarded(lambda: shutil.copyfile(source, target))


def _make_folder(path: str) -> None:
    import os

    _guarded(lambda: os.makedirs(path, exist_ok=True))  # noqa: PTH103 - a path as text


def _parent(path: str) -> Any:
    import posixpath

    found = posixpath.dirname(path)
    return Some(found) if found else NONE


def _file_name(path: str) -> Any:
    import posixpath

    found = posixpath.basename(path)
    return Some(found) if found else NONE


def _extension(path: str) -> Any:
    import posixpath

    found = posixpath.splitext(path)[1]
    return Some(found[1:]) if found else NONE


def _read_line(prompt: str = "") -> str:
    if prompt:
        sys.stdout.write(prompt)
    sys.stdout.flush()
    return sys.stdin.readline().rstrip("\r\n")


# JSON.


def _json_parse(text: Any) -> Any:
    import json

    if type(text) is not str:
        fault("type", f"JSON is parsed from a string and not from {kind_of(text)}")
    try:
        return _from_json(json.loads(text, parse_constant=_refuse_constant))
    except (ValueError, RecursionError) as error:
        fault("json", f"this is no JSON: {error}".splitlines()[0])


def _refuse_constant(name: str) -> Any:
    message = f"`{name}`"
    raise ValueError(message)


def _from_json(value: Any) -> Any:
    if type(value) is list:
        return [_from_json(each) for each in value]
    if type(value) is dict:
        return {key: _from_json(each) for key, each in value.items()}
    if type(value) is int and not SMALLEST <= value <= LARGEST:
        return float(value)
    return value


def _json_pretty(value: Any) -> str:
    import json

    return json.dumps(json_data(value), ensure_ascii=False, indent=2)


def _json_is_valid(text: str) -> bool:
    try:
        _json_parse(text)
    except Fault:
        return False
    return True


def _json_type(text: str) -> str:
    return {"i64": "number", "f64": "number", "bool": "boolean", "nil": "null"}.get(
        kind := kind_of(_json_parse(text)), kind
    )


def _json_get(value: Any, path: str) -> Any:
    for word in path.split("."):
        if type(value) is dict:
            value = value.get(word)
        elif type(value) is list and word.isdecimal() and int(word) < len(value):
            value = value[int(word)]
        else:
            return None
    return value


def _json_set(value: Any, path: str, element: Any) -> Any:
    word, _, rest = path.partition(".")
    made = dict(value) if type(value) is dict else {}
    made[word] = _json_set(made.get(word), rest, element) if rest else element
    return made


def _frame(name: str) -> Callable[..., Any]:
    """A maker of tables, whose module only programs with tables need."""

    def make(*arguments: Any) -> Any:
        from sovereign.migration.ruchy import frames

        return getattr(frames, name)(*arguments)

    return make


_LISTS = "reverse sort zip enumerate join unique flatten sum product map filter reduce".split()


def _method(name: str) -> Callable[..., Any]:
    return lambda value, *arguments: call_method(value, name, *arguments)


def functions(world: World) -> dict[str, Any]:
    """Every function of the library by its name, bound to a world."""
    found: dict[str, Any] = {
        "println": lambda *values: world.write(line_of(values) + "\n") and None,
        "print": lambda *values: world.write(line_of(values)) and None,
        "eprintln": lambda *values: world.complain(line_of(values) + "\n"),
        "eprint": lambda *values: world.complain(line_of(values)),
        "format": lambda *values: line_of(values),
        "env_args": lambda: list(world.arguments),
        "env::args": lambda: list(world.arguments),
        **_FIXED,
        **{name: _method(name) for name in _LISTS},
    }
    return found


_FIXED: dict[str, Any] = {
    "dbg": _dbg,
    "panic": _panic,
    "unreachable": _unreachable,
    "todo": _unimplemented,
    "unimplemented": _unimplemented,
    "exit": _exit,
    "process::exit": _exit,
    "assert": _assert,
    "assert_eq": _assert_eq,
    "assert_ne": _assert_ne,
    "sqrt": lambda value: square_root(_require_number(value, "sqrt")),
    "pow": number_power,
    "abs": _absolute,
    "min": _smallest,
    "max": _largest,
    "floor": _to_whole("floor"),
    "ceil": _to_whole("ceil"),
    "round": _to_whole("round"),
    "sin": _floating("sin"),
    "cos": _floating("cos"),
    "tan": _floating("tan"),
    "log": lambda value, base=None: logarithm(_require_number(value, "log"), base),
    "log10": _floating("log10"),
    "log2": _floating("log2"),
    "exp": _floating("exp"),
    "random": _random,
    "random_int": _random_int,
    "len": _length,
    "range": _range,
    "type_of": kind_of,
    "typeof": kind_of,
    "is_nil": lambda value: value is None,
    "str": _to_text,
    "int": _to_int,
    "float": _to_float,
    "bool": is_true,
    "parse_int": methods_text.to_integer,
    "parse_float": lambda text: float(methods_text.parse_number(text)),
    "push": lambda value, element: [*value, element],
    "pop": lambda value: value[-1] if value else None,
    "split": lambda value, separator: call_method(value, "split", separator),
    "sleep": _sleep,
    "timestamp": _seconds,
    "get_time_ms": _milliseconds,
    "now_millis": _milliseconds,
    "env_var": _variable,
    "env::var": lambda name: (
        Err("environment variable not found") if (found := _variable(name)) is NONE else Ok(found._0)
    ),
    "env_set_var": _set_variable,
    "env_current_dir": _system("getcwd"),
    "input": _read_line,
    "read_line": _read_line,
    "read_file": _read,
    "fs_read": _read,
    "fs::read_to_string": _attempt(_read),
    "write_file": _write,
    "fs_write": _write,
    "fs::write": _attempt(_write),
    "append_file": _append,
    "file_exists": _system("exists"),
    "fs_exists": _system("exists"),
    "delete_file": _system("remove"),
    "fs_remove_file": _system("remove"),
    "fs_create_dir": _make_folder,
    "fs_remove_dir": _system("rmdir"),
    "fs_read_dir": _list_folder,
    "fs_is_file": _system("isfile"),
    "fs_is_dir": _system("isdir"),
    "fs_copy": _copy,
    "fs_rename": _system("rename"),
    "path_join": _system("join"),
    "path_parent": _parent,
    "path_file_name": _file_name,
    "path_extension": _extension,
    "path_is_absolute": _system("isabs"),
    "json_parse": _json_parse,
    "parse_json": _json_parse,
    "json_stringify": json_text,
    "json_pretty": _json_pretty,
    "json_read": lambda path: _json_parse(_read(path)),
    "json_write": lambda path, value: _write(path, json_text(value)),
    "json_validate": _json_is_valid,
    "json_type": _json_type,
    "json_get": _json_get,
    "json_set": _json_set,
    "json_merge": lambda value, other: {**value, **other},
    "Vec::new": list,
    "Vec::with_capacity": lambda _size: [],
    "Vec::from": lambda value: list(methods_list.items_of(value)),
    "VecDeque::new": list,
    "String::new": str,
    "String::from": _to_text,
    "String::with_capacity": lambda _size: "",
    "Box::new": lambda value: value,
    "Rc::new": lambda value: value,
    "Arc::new": lambda value: value,
    "HashMap::new": dict,
    "BTreeMap::new": dict,
    "Object::new": dict,
    "HashSet::new": SetValue,
    "BTreeSet::new": SetValue,
    "df": _frame("from_columns"),
    "DataFrame::new": lambda: _frame("from_columns")([]),
    "DataFrame::from_csv_string": _frame("from_csv"),
    "DataFrame::from_csv": lambda path: _frame("from_csv")(_read(path)),
    "DataFrame::from_json": lambda text: _frame("from_records")(_json_parse(text)),
    "spawn": lambda value: call_value(value) if isinstance(value, type) or callable(value) else value,
    "Some": Some,
    "Ok": Ok,
    "Err": Err,
}
