"""The first engine: runs a compiled program in this process.

Enters: the code of `compile_python.py` and a `World`. Leaves: the value of the program, or how it failed and
where. Read `program.py` next.
"""

from __future__ import annotations

from math import sqrt

from sovereign.migration.ruchy import methods, methods_list, methods_number, methods_object, methods_text, texts, values
from sovereign.migration.ruchy.compile_python import FILE, TOP
from sovereign.migration.ruchy.functions import World, functions
from sovereign.migration.ruchy.library import CONSTANTS
from sovereign.migration.ruchy.values import Fault, Leave, Struct, Thrown, Unit, Variant, fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, TracebackType
    from typing import Any

__all__ = ["Failure", "environment", "execute", "failure_of", "run_code"]

_MISSING = object()


class Failure(Exception):  # noqa: N818 - how a program ended, handed to whoever ran it
    """A program failed: the kind and text of its error, and the line, counted through all files."""

    def __init__(self, kind: str, text: str, line: int | None, hint: str | None = None) -> None:
        super().__init__(kind, text, line)
        self.hint = hint
        self.kind = kind
        self.text = text
        self.line = line


def _caught(error: BaseException) -> Any:
    """What `catch e` binds: the value that was thrown, or the text of the error."""
    if isinstance(error, Thrown):
        return error.value
    return _fault_of(error).text


def _fault_of(error: BaseException) -> Fault:  # noqa: PLR0911 - one way out for each case
    """Errors that Python itself raises in compiled code are errors of the program."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, Thrown):
        return Fault("thrown", texts.show(error.value))
    if isinstance(error, IndexError):
        what = "text" if "string" in str(error) else "array"
        return Fault("index", f"the index is outside of the {what}")
    if isinstance(error, KeyError):
        return Fault("key", f"the object has no key {texts.debug(error.args[0])}")
    if isinstance(error, NameError):
        name = str(getattr(error, "name", None) or str(error).split("'")[1]).partition(".")[0]
        return Fault("name", f"`{name}` is used before it has a value")
    for family, kind, text in _FAULTS:
        if isinstance(error, family):
            return Fault(kind, text)
    return Fault("value", str(error).splitlines()[0] if str(error) else type(error).__name__)


_FAULTS: tuple[tuple[type[BaseException], str, str], ...] = (
    (RecursionError, "recursion", "the recursion is too deep"),
    (ZeroDivisionError, "division", "division by zero"),
    (MemoryError, "memory", "there is not enough memory"),
    (OverflowError, "overflow", "a number is too large"),
    # Python's words speak of Python's types.
    (TypeError, "type", "a value is nil, or of another type than is needed here"),
    (AttributeError, "type", "a value is nil, or of another type than is needed here"),
)


def _no_arm(value: Any) -> None:
    fault("match", f"no arm fits {texts.debug(value)}")


def _no_fit(value: Any) -> None:
    fault("match", f"the pattern does not fit {texts.debug(value)}")


def _unpacked(value: Any, count: int) -> Any:
    if type(value) in {list, tuple} and len(value) == count:
        return value
    fault("match", f"{texts.debug(value)} does not have {count} parts")


def _in_range(value: Any, low: Any, high: Any, inclusive: bool) -> bool:  # noqa: FBT001 - compiled programs call it
    kind = type(low if low is not None else high)
    if type(value) is not kind and not {type(value), kind} <= {int, float}:
        return False
    if low is not None and value < low:
        return False
    return bool(high is None or value < high or (inclusive and value == high))


def _contained(value: Any, whole: Any) -> bool:
    if type(whole) is str:
        return type(value) is str and value in whole
    if type(whole) is dict or type(whole) is values.SetValue:
        return value in whole
    if type(whole) is values.RangeValue:
        return type(value) is int and value in whole.numbers()
    return bool(methods_list.LIST["contains"](list(methods_list.items_of(whole)), value))


def _integer_range(start: Any, stop: Any) -> Any:
    if type(start) is int and type(stop) is int:
        return range(start, stop)
    if type(start) is str and type(stop) is str and len(start) == len(stop) == 1:
        return [chr(code) for code in range(ord(start), ord(stop))]
    fault("type", f"a range cannot go from {values.kind_of(start)} to {values.kind_of(stop)}")


def _count_from(start: Any) -> Any:
    import itertools

    return itertools.count(start)


def _is_good(value: Any) -> bool:
    return not (isinstance(value, values.Err) or value is values.NONE or value is None)


def _payload(value: Any) -> Any:
    return value._0 if isinstance(value, values.Some | values.Ok) else value


def _parse_as(text: str, kind: str) -> Any:
    """`text.parse::<type>()`: a Result."""
    if kind in {"str", "char"}:
        return values.Ok(text)
    if kind == "bool":
        known = {"true": True, "false": False}.get(text.strip())
        return values.Err(f"this is no bool: {texts.debug(text)}") if known is None else values.Ok(known)
    try:
        return values.Ok(methods_text.to_integer(text) if kind == "i64" else float(methods_text.parse_number(text)))
    except Fault as error:
        return values.Err(error.text)


def _failed(value: Any) -> None:
    fault("unwrap", f"`?` at the top of the program on {texts.debug(value)}")


def _broken(text: str) -> None:
    fault("contract", f"{text}, which does not hold")


def _call_changed(value: Any, name: str, *arguments: Any) -> Any:
    return methods.call_changing(value, name, *arguments)[1]


def _count(value: Any) -> int:
    if type(value) is not int:
        fault("type", f"a count has to be an integer and is {values.kind_of(value)}")
    return value


def _is_object(value: Any) -> bool:
    return type(value) is dict or isinstance(value, Struct)


def _is_tuple(value: Any, count: int) -> bool:
    return type(value) is tuple and len(value) == count


def _is_list(value: Any, count: int, more: bool) -> bool:  # noqa: FBT001 - compiled programs call it
    return type(value) is list and (len(value) >= count if more else len(value) == count)


def _spawn(value: Any) -> Any:
    starter = getattr(value, "ruchy_spawn", None)
    if starter is not None:
        return starter()
    return methods.call_value(value) if callable(value) and not isinstance(value, Struct) else value


def _send(actor: Any, name: str, *arguments: Any) -> Any:
    """Deliver a message at once; the actor answers before the sender goes on."""
    method = getattr(actor, "ruchy_methods", {}).get(name)
    if method is not None:
        return methods.call_value(method, actor, *arguments)
    receive = getattr(actor, "ruchy_receive", None)
    if receive is None:
        fault("type", f"{values.kind_of(actor)} receives no messages")
    return receive(name, arguments)


def _tell(actor: Any, name: str, *arguments: Any) -> None:
    _send(actor, name, *arguments)


def _unreceived(actor: Any, name: str, arguments: tuple[Any, ...]) -> None:
    fault("actor", f"{values.kind_of(actor)} does not receive `{name}` with {len(arguments)} values")


_SCALARS: dict[str, type] = {"i64": int, "f64": float, "bool": bool, "str": str}


def _convert(value: Any, shape: tuple[Any, ...]) -> Any:
    """A value of no known type where one is wanted: it is looked at, and integers become floats."""
    name = shape[0]
    kind = type(value)
    wanted = _SCALARS.get(name)
    if wanted is not None:
        if kind is wanted:
            return value
        if name == "f64" and kind is int:
            return float(value)
        fault("type", f"{name} is expected here and this is {values.kind_of(value)}")
    check = _SHAPES.get(name)
    return value if check is None else check(value, shape)


def _convert_list(value: Any, shape: tuple[Any, ...]) -> Any:
    if type(value) is not list:
        fault("type", f"an array is expected here and this is {values.kind_of(value)}")
    inner = shape[1]
    return value if inner is None else [_convert(each, inner) for each in value]


def _convert_dict(value: Any, shape: tuple[Any, ...]) -> Any:
    if type(value) is not dict:
        fault("type", f"an object is expected here and this is {values.kind_of(value)}")
    inner = shape[2]
    return value if inner is None else {key: _convert(each, inner) for key, each in value.items()}


def _convert_tuple(value: Any, shape: tuple[Any, ...]) -> Any:
    if type(value) is not tuple or len(value) != len(shape) - 1:
        fault("type", f"a tuple of {len(shape) - 1} is expected here and this is {values.kind_of(value)}")
    return tuple(each if inner is None else _convert(each, inner) for each, inner in zip(value, shape[1:], strict=True))


def _convert_declared(value: Any, shape: tuple[Any, ...]) -> Any:
    if shape[1] == getattr(value, "ruchy_enum", None) or any(
        getattr(base, "ruchy_name", None) == shape[1]
        for base in (type(value), getattr(type(value), "ruchy_base", None))
    ):
        return value
    fault("type", f"{shape[1]} is expected here and this is {values.kind_of(value)}")


def _convert_function(value: Any, shape: tuple[Any, ...]) -> Any:
    if not callable(value):
        fault("type", f"a function is expected here and this is {values.kind_of(value)}")
    code = getattr(value, "__code__", None)
    if code is not None and code.co_argcount != len(shape) - 2:
        fault("argument", f"a function of {len(shape) - 2} arguments is expected and this takes {code.co_argcount}")
    return value


_SHAPES: dict[str, Any] = {
    "list": _convert_list,
    "dict": _convert_dict,
    "tuple": _convert_tuple,
    "struct": _convert_declared,
    "enum": _convert_declared,
    "fn": _convert_function,
}

_RUNTIME: dict[str, Any] = {
    "LARGEST": values.LARGEST,
    "MISSING": _MISSING,
    "NONE": values.NONE,
    "Some": values.Some,
    "Ok": values.Ok,
    "Err": values.Err,
    "Struct": Struct,
    "Thrown": Thrown,
    "Unit": Unit,
    "Variant": Variant,
    "RangeValue": values.RangeValue,
    "CAUGHT": (Fault, Thrown, ArithmeticError, LookupError, RecursionError, NameError, TypeError, AttributeError),
    "caught": _caught,
    "add": values.add,
    "subtract": values.subtract,
    "multiply": values.multiply,
    "divide": values.divide,
    "modulo": values.modulo,
    "power": values.power,
    "negate": values.negate,
    "invert": values.invert,
    "float_divide": values.float_divide,
    "shift_left": values.shift_left,
    "shift_right": values.shift_right,
    "bit_and": values.binary_operator["&"],
    "bit_or": values.binary_operator["|"],
    "bit_xor": values.binary_operator["^"],
    "equal": values.equal,
    "less": values.binary_operator["<"],
    "at_most": values.binary_operator["<="],
    "greater": values.binary_operator[">"],
    "at_least": values.binary_operator[">="],
    "overflow": values.overflow,
    "is_true": values.is_true,
    "copied": values.copied,
    "holders": values.holders,
    "show": texts.show,
    "loose": texts.loose,
    "formatted": texts.formatted,
    "items_of": methods_list.items_of,
    "sliced": lambda value, start, stop, inclusive: methods_list.sliced(value, start, stop, is_inclusive=inclusive),
    "subscript": methods.subscript,
    "set_subscript": methods.set_subscript,
    "field": methods.field,
    "set_field": methods.set_field,
    "call_method": methods.call_method,
    "call_changing": methods.call_changing,
    "call_changed": _call_changed,
    "call_value": methods.call_value,
    "cast": methods_number.cast,
    "truncated": methods_number.truncated,
    "contained": _contained,
    "convert": _convert,
    "count": _count,
    "count_from": _count_from,
    "integer_range": _integer_range,
    "in_range": _in_range,
    "is_good": _is_good,
    "is_list": _is_list,
    "is_object": _is_object,
    "is_tuple": _is_tuple,
    "parse_as": _parse_as,
    "payload": _payload,
    "failed": _failed,
    "broken": _broken,
    "no_arm": _no_arm,
    "no_fit": _no_fit,
    "unpacked": _unpacked,
    "ask": _send,
    "send": _tell,
    "unreceived": _unreceived,
    "abs": abs,
    "sqrt": sqrt,
    "float": float,
    "len": len,
    "range": range,
    "enumerate": enumerate,
    "reversed": reversed,
    "isinstance": isinstance,
    "staticmethod": staticmethod,
}


def _piped(library: dict[str, Any]) -> Callable[..., Any]:
    """`value |> name(arguments)`: a method of the value, or a function of the library."""

    def piped(name: str, value: Any, *arguments: Any) -> Any:
        table = methods.TABLES.get(type(value), {})
        function = library.get(name)
        if name in table or function is None:
            return methods.call_method(value, name, *arguments)
        return function(value, *arguments)

    return piped


def environment(world: World) -> dict[str, Any]:
    """The globals in which compiled code runs."""
    library = functions(world)
    library["spawn"] = _spawn
    found: dict[str, Any] = {f"rt.{name}": value for name, value in _RUNTIME.items()}
    found.update({f"rt.function.{name}": value for name, value in library.items()})
    found.update({f"rt.constant.{name}": value for name, (_, value) in CONSTANTS.items()})
    for kind, table in (
        ("list", methods_list.LIST),
        ("str", methods_text.TEXT),
        ("i64", methods_number.INTEGER),
        ("f64", methods_number.FLOAT),
        ("bool", methods_number.BOOLEAN),
        ("dict", methods_object.DICT),
        ("set", methods_object.SET),
        ("changing.list", methods_list.CHANGING),
        ("changing.dict", methods_object.DICT_CHANGING),
        ("changing.set", methods_object.SET_CHANGING),
    ):
        found.update({f"rt.{kind}.{name}": method for name, method in table.items()})
    found["rt.piped"] = _piped(library)
    found["rt.write"] = world.write
    found["__builtins__"] = {"__build_class__": __build_class__, "__name__": "ruchy"}
    found["__name__"] = "ruchy"
    return found


def run_code(code: CodeType, names: dict[str, Any]) -> Any:
    """Define what a program declares and run its top.

    Errors    Failure  when the program fails.
              Leave    when it calls `exit`.
    """
    try:
        exec(code, names)  # noqa: S102 - compiled from the program's own tree
        return names[TOP]()
    except Leave:
        raise
    except (Fault, Thrown, ArithmeticError, LookupError, NameError, TypeError, AttributeError) as error:
        raise failure_of(error) from None
    except (RecursionError, MemoryError, ValueError) as error:
        raise failure_of(error) from None


def failure_of(error: BaseException) -> Failure:
    """An error that left compiled code, with the line where it happened."""
    found = _fault_of(error)
    return Failure(found.kind, found.text, _line(error.__traceback__), found.hint)


def _line(traceback: TracebackType | None) -> int | None:
    """The innermost line of the program; ours are no help to anybody."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def execute(code: CodeType, world: World) -> Any:
    """Run the code of a program in fresh globals.

    Errors    as `run_code`.
    """
    return run_code(code, environment(world))
