"""The methods of objects, sets, Option and Result.

Enters: a value and the arguments of a call. Leaves: what the method gives. Read `methods.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.texts import debug, show
from sovereign.migration.ruchy.values import NONE, Err, Ok, SetValue, Some, Unit, fault, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["DICT", "DICT_CHANGING", "OPTION", "RESULT", "SET", "SET_CHANGING", "entry"]


def entry(value: dict[Any, Any], key: Any) -> Any:
    """The value under a key that has to be there."""
    try:
        return value[key]
    except KeyError:
        fault("key", f"the object has no key {debug(key)}")
    except TypeError:
        fault("type", "a list or an object cannot be a key")


def _get(value: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return value.get(key, default)


DICT: dict[str, Any] = {
    "len": len,
    "length": len,
    "is_empty": lambda value: not value,
    "keys": list,
    "values": lambda value: [*value.values()],
    "items": lambda value: [*value.items()],
    "entries": lambda value: [*value.items()],
    "iter": lambda value: [*value.items()],
    "get": _get,
    "get_or": _get,
    "contains_key": lambda value, key: key in value,
    "has_key": lambda value, key: key in value,
    "contains": lambda value, key: key in value,
    "clone": lambda value: value,
    "merge": lambda value, other: {**value, **other},
    "to_string": show,
}


def _set(value: dict[Any, Any], key: Any, element: Any) -> None:
    try:
        value[key] = element
    except TypeError:
        fault("type", "a list or an object cannot be a key")


DICT_CHANGING: dict[str, Any] = {
    "insert": _set,
    "set": _set,
    "remove": lambda value, key: value.pop(key, None),
    "clear": dict.clear,
    "extend": lambda value, other: value.update(other),
}

SET: dict[str, Any] = {
    "len": len,
    "is_empty": lambda value: not value,
    "contains": lambda value, element: element in value,
    "iter": list,
    "to_vec": list,
    "clone": lambda value: value,
    "union": lambda value, other: SetValue({**value, **other}),
    "intersection": lambda value, other: SetValue(dict.fromkeys(each for each in value if each in other)),
    "difference": lambda value, other: SetValue(dict.fromkeys(each for each in value if each not in other)),
    "to_string": show,
}


def _add(value: SetValue, element: Any) -> bool:
    known = element in value
    value[element] = None
    return not known


def _discard(value: SetValue, element: Any) -> bool:
    known = element in value
    value.pop(element, None)
    return known


SET_CHANGING: dict[str, Any] = {
    "insert": _add,
    "add": _add,
    "remove": _discard,
    "clear": dict.clear,
}


def _unwrap(value: Any) -> Any:
    if isinstance(value, Some | Ok):
        return value._0
    if isinstance(value, Err):
        fault("unwrap", f"`unwrap` on Err({debug(value._0)})")
    fault("unwrap", "`unwrap` on None")


def _expect(value: Any, message: str) -> Any:
    if isinstance(value, Some | Ok):
        return value._0
    shown = f": {debug(value._0)}" if isinstance(value, Err) else ""
    fault("expect", f"{message}{shown}")


def _unwrap_error(value: Any) -> Any:
    if isinstance(value, Err):
        return value._0
    fault("unwrap", "`unwrap_err` on Ok")


def _has(value: Any) -> bool:
    return isinstance(value, Some | Ok)


def _or(value: Any, other: Any) -> Any:
    return value._0 if isinstance(value, Some | Ok) else other


def _or_else(value: Any, other: Any) -> Any:
    if isinstance(value, Some | Ok):
        return value._0
    return other(value._0) if isinstance(value, Err) and other.__code__.co_argcount else other()


def _map(value: Any, step: Any) -> Any:
    return type(value)(step(value._0)) if isinstance(value, Some | Ok) else value


def _map_or(value: Any, other: Any, step: Any) -> Any:
    return step(value._0) if isinstance(value, Some | Ok) else other


def _and_then(value: Any, step: Any) -> Any:
    return step(value._0) if isinstance(value, Some | Ok) else value


def _filter(value: Any, test: Any) -> Any:
    return value if isinstance(value, Some) and is_true(test(value._0)) else NONE


def _default(value: Any) -> Any:
    return value._0 if isinstance(value, Some | Ok) else None


_BOTH: dict[str, Any] = {
    "unwrap": _unwrap,
    "expect": _expect,
    "unwrap_or": _or,
    "unwrap_or_else": _or_else,
    "unwrap_or_default": _default,
    "map": _map,
    "map_or": _map_or,
    "and_then": _and_then,
    "clone": lambda value: value,
    "to_string": show,
}

OPTION: dict[str, Any] = {
    **_BOTH,
    "is_some": _has,
    "is_none": lambda value: isinstance(value, Unit),
    "or": lambda value, other: value if isinstance(value, Some) else other,
    "or_else": lambda value, other: value if isinstance(value, Some) else other(),
    "filter": _filter,
    "ok_or": lambda value, error: Ok(value._0) if isinstance(value, Some) else Err(error),
}

RESULT: dict[str, Any] = {
    **_BOTH,
    "is_ok": _has,
    "is_err": lambda value: isinstance(value, Err),
    "unwrap_err": _unwrap_error,
    "ok": lambda value: Some(value._0) if isinstance(value, Ok) else NONE,
    "err": lambda value: Some(value._0) if isinstance(value, Err) else NONE,
    "map_err": lambda value, step: Err(step(value._0)) if isinstance(value, Err) else value,
}
