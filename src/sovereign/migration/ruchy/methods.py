"""Which method a call means when the type was not known before the run.

Enters: a value, a name, arguments. Leaves: the value of the call; of methods that change their variable also what the
variable then holds. Read `functions.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import methods_list, methods_text
from sovereign.migration.ruchy.methods_number import BOOLEAN, FLOAT, INTEGER
from sovereign.migration.ruchy.methods_object import (
    DICT,
    DICT_CHANGING,
    OPTION,
    RESULT,
    SET,
    SET_CHANGING,
    entry,
)
from sovereign.migration.ruchy.texts import show
from sovereign.migration.ruchy.values import (
    Err,
    Ok,
    RangeValue,
    SetValue,
    Some,
    Struct,
    Unit,
    Variant,
    fault,
    kind_of,
)
from sovereign.shell.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["TABLES", "call_changing", "call_method", "call_value", "field", "set_field", "set_subscript", "subscript"]

_RANGE: dict[str, Any] = {
    "len": lambda value: len(value.numbers()),
    "contains": lambda value, number: number in value.numbers(),
    "is_empty": lambda value: not value.numbers(),
    "to_string": show,
    "clone": lambda value: value,
}
TABLES: dict[type, dict[str, Any]] = {
    str: methods_text.TEXT,
    list: methods_list.LIST,
    int: INTEGER,
    float: FLOAT,
    bool: BOOLEAN,
    dict: DICT,
    SetValue: SET,
    RangeValue: _RANGE,
    Some: OPTION,
    Ok: RESULT,
    Err: RESULT,
    tuple: {"len": len, "to_string": show, "clone": lambda value: value},
}
_CHANGING: dict[type, dict[str, Any]] = {
    list: methods_list.CHANGING,
    dict: DICT_CHANGING,
    SetValue: SET_CHANGING,
}
_NIL: dict[str, Any] = {
    "is_none": lambda _value: True,
    "is_some": lambda _value: False,
    "unwrap_or": lambda _value, other: other,
    "unwrap_or_else": lambda _value, other: other(),
    "to_string": show,
}
_PRESENT: dict[str, Any] = {
    "is_none": lambda _value: False,
    "is_some": lambda _value: True,
    "unwrap": lambda value: value,
    "expect": lambda value, _message: value,
    "unwrap_or": lambda value, _other: value,
    "unwrap_or_else": lambda value, _other: value,
    "to_string": show,
    "clone": lambda value: value,
}


def call_method(value: Any, name: str, *arguments: Any) -> Any:
    """`value.name(arguments)` for a method that leaves the value as it is."""
    kind = type(value)
    table = TABLES.get(kind)
    found = table.get(name) if table is not None else None
    if found is None:
        found = _other_method(value, name)
        if found is None and kind is RangeValue:
            return call_method(list(value.numbers()), name, *arguments)
        if found is None and kind is dict and callable(value.get(name)):
            return call_value(value[name], *arguments)
        if found is None and isinstance(value, Struct) and callable(getattr(value, name, None)):
            return call_value(getattr(value, name), *arguments)
    if found is None:
        _no_method(value, name)
    return _called(found, name, value, *arguments)


def _other_method(value: Any, name: str) -> Any:
    if isinstance(value, Struct | Variant | Unit):
        found = value.ruchy_methods.get(name)
        if found is not None:
            return found
        if isinstance(value, Unit) and value.ruchy_enum == "Option":
            return OPTION.get(name)
        return {"clone": lambda own: own, "to_string": show}.get(name)
    if value is None:
        return _NIL.get(name)
    table = getattr(value, "ruchy_methods", None)
    return table.get(name) if table is not None else _PRESENT.get(name)


def _no_method(value: Any, name: str) -> Any:
    names = [*TABLES.get(type(value), {}), *getattr(value, "ruchy_methods", {})]
    near = nearest(name, names, limit=1)
    hint = f"did you mean `{near[0]}`?" if near else None
    fault("method", f"{kind_of(value)} has no method `{name}`", hint)


def _called(function: Any, name: str, *arguments: Any) -> Any:
    """Call what may be given the wrong number or kind of arguments, which is then the program's error."""
    try:
        return function(*arguments)
    except (TypeError, AttributeError, ValueError) as error:
        if error.__traceback__ is not None and _depth(error.__traceback__) > 2:  # noqa: PLR2004 - raised further in
            raise
        shown = ", ".join(map(kind_of, arguments[1:]))
        fault("type", f"`{name}` of {kind_of(arguments[0])} does not take ({shown})")


def _depth(traceback: Any) -> int:
    count = 0
    while traceback is not None:
        count += 1
        traceback = traceback.tb_next
    return count


def call_changing(value: Any, name: str, *arguments: Any) -> tuple[Any, Any]:
    """`value.name(arguments)` for a method that changes its variable: what that then holds, and the value of the call.

    The caller made sure that nobody else holds the value.
    """
    kind = type(value)
    if kind is str and name in methods_text.CHANGING:
        found: tuple[Any, Any] = _called(methods_text.CHANGING[name], name, value, *arguments)
        return found
    table = _CHANGING.get(kind)
    if table is not None and name in table:
        return value, _called(table[name], name, value, *arguments)
    return value, call_method(value, name, *arguments)


def call_value(function: Any, *arguments: Any) -> Any:
    """Call a value that should be a function."""
    code = getattr(function, "__code__", None)
    if code is None:
        if not callable(function):
            fault("type", f"{kind_of(function)} cannot be called")
        return function(*arguments)
    most, least = code.co_argcount, code.co_argcount - len(function.__defaults__ or ())
    if not (least <= len(arguments) <= most) and not code.co_flags & 0x04:
        shown = str(most) if least == most else f"{least} to {most}"
        fault("argument", f"a function expects {shown} arguments and gets {len(arguments)}")
    return function(*arguments)


# Fields and indexes.


def field(value: Any, name: str) -> Any:
    """`value.ruchy_name`; a key that an object lacks is nil, a field that a struct lacks an error."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is tuple:
        if name.isdecimal() and int(name) < len(value):
            return value[int(name)]
    elif isinstance(value, Struct | Variant):
        slot = f"_{name}" if name.isdecimal() else name
        if slot in value.ruchy_names:
            return getattr(value, slot)
    else:
        columns = getattr(value, "ruchy_field", None)
        if columns is not None:
            return columns(name)
    near = nearest(name, getattr(value, "ruchy_names", ()), limit=1)
    hint = f"did you mean `{near[0]}`?" if near else None
    fault("field", f"{kind_of(value)} has no field `{name}`", hint)


def set_field(value: Any, name: str, element: Any) -> None:
    """`value.ruchy_name = element`; an object takes a new key, a struct does not."""
    if type(value) is dict:
        value[name] = element
        return
    slot = f"_{name}" if name.isdecimal() else name
    if isinstance(value, Struct) and slot in value.ruchy_names:
        setattr(value, slot, element)
        return
    fault("field", f"{kind_of(value)} has no field `{name}`")


def subscript(value: Any, index: Any) -> Any:
    """`value[index]`."""
    kind = type(value)
    if kind is dict:
        return entry(value, index)
    if type(index) is RangeValue:
        return methods_list.sliced(value, index.start, index.stop, is_inclusive=index.is_inclusive)
    if kind in {list, tuple} and type(index) is int:
        return methods_list.item(value, index)
    if kind is str and type(index) is int:
        return methods_text.character(value, index)
    column = getattr(value, "ruchy_field", None)
    if column is not None:
        return column(index)
    fault("type", f"{kind_of(value)} has no element {kind_of(index)}")


def set_subscript(value: Any, index: Any, element: Any) -> None:
    """`value[index] = element`."""
    kind = type(value)
    if kind is dict:
        DICT_CHANGING["set"](value, index, element)
    elif kind is list and type(index) is int:
        if not -len(value) <= index < len(value):
            fault("index", "the index is outside of the array")
        value[index] = element
    elif isinstance(value, Struct) and type(index) is str:
        set_field(value, index, element)
    else:
        fault("type", f"an element of {kind_of(value)} cannot be assigned")
