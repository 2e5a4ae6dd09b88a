"""The methods of lists and ranges.

Enters: a list and the arguments of a call. Leaves: what the method gives. All but those of `CHANGING` leave the list as
it was; `sort` and `reverse` give another one. Read `methods_number.py` next.
"""

from __future__ import annotations

from itertools import accumulate

from sovereign.migration.ruchy.texts import show
from sovereign.migration.ruchy.values import (
    LARGEST,
    NONE,
    SMALLEST,
    Ok,
    RangeValue,
    SetValue,
    Some,
    Unit,
    Variant,
    add,
    compared,
    equal,
    fault,
    is_true,
    kind_of,
    multiply,
    overflow,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["CHANGING", "LIST", "item", "items_of", "sliced", "sorted_list", "total"]

_SCALARS = ({int}, {str}, {float}, {int, float}, {bool})


def _by_comparison(compare: Callable[[Any, Any], int]) -> Callable[[Any], Any]:
    """A key for `sorted` that orders as a comparison does."""
    from functools import cmp_to_key  # most programs never need it

    return cmp_to_key(compare)


def item(value: list[Any], index: int) -> Any:
    """The element at a place, from the end where it is negative."""
    if -len(value) <= index < len(value):
        return value[index]
    fault("index", "the index is outside of the array")


def items_of(value: Any) -> Any:
    """What a loop over a value goes through."""
    kind = type(value)
    if kind in {list, tuple, str}:
        return value
    if kind is RangeValue:
        return value.numbers()
    if kind is dict:
        return list(value.items())
    if kind is SetValue:
        return list(value)
    if isinstance(value, Variant | Unit) and value.ruchy_enum == "Option":
        return [] if isinstance(value, Unit) else [value._0]  # type: ignore[attr-defined]
    rows = getattr(value, "ruchy_rows", None)
    if rows is not None:
        return rows()
    fault("type", f"a loop cannot go through {kind_of(value)}")


def sliced(value: Any, start: int | None, stop: int | None, *, is_inclusive: bool) -> Any:
    """`value[start..stop]` of a list or text."""
    if type(value) not in {list, str}:
        fault("type", f"{kind_of(value)} cannot be sliced")
    first = 0 if start is None else start + len(value) * (start < 0)
    last = len(value) if stop is None else stop + len(value) * (stop < 0) + is_inclusive
    if first > len(value) or last > len(value) or first < 0:
        fault("index", f"the slice {first}..{last} is outside of {len(value)} elements")
    return value[first : max(last, first)]


def sorted_list(value: list[Any]) -> list[Any]:
    """The elements in their order, equal ones as they stood."""
    if set(map(type, value)) in _SCALARS:
        return sorted(value)
    return sorted(value, key=_by_comparison(lambda a, b: compared(a, b, "sort") or 0))


def total(value: Any) -> Any:
    """The sum, from the left; an integer sum that leaves 64 bits on its way is an overflow."""
    value = items_of(value)
    if type(value) is range:
        value = list(value)
    if set(map(type, value)) <= {int}:
        found = sum(value)
        if not SMALLEST <= found <= LARGEST or (
            value and min(value) < 0 and not all(SMALLEST <= each <= LARGEST for each in accumulate(value))
        ):
            overflow("sum")
        return found
    found = value[0]
    for each in value[1:]:
        found = add(found, each)
    return found


def _product(value: list[Any]) -> Any:
    found: Any = 1
    for each in value:
        found = multiply(found, each)
    return found


def _extreme(value: list[Any], sign: int) -> Any:
    if not value:
        return None
    if set(map(type, value)) in _SCALARS:
        return max(value) if sign > 0 else min(value)
    found = value[0]
    for each in value[1:]:
        if compared(each, found, "max") == sign:
            found = each
    return found


def _extreme_by(value: list[Any], key: Any, sign: int) -> Any:
    if not value:
        return None
    keys = [key(each) for each in value]
    best = 0
    for index, each in enumerate(keys):
        # As in Rust, the last of several largest ones and the first of several smallest ones.
        found = compared(each, keys[best], "max")
        if index and (found == sign or (found == 0 and sign > 0)):
            best = index
    return value[best]


def _contains(value: list[Any], wanted: Any) -> bool:
    if type(wanted) is str:
        return any(type(each) is str and each == wanted for each in value)
    return any(equal(each, wanted) for each in value)


def _index_of(value: list[Any], wanted: Any) -> int:
    return next((index for index, each in enumerate(value) if equal(each, wanted)), -1)


def _position(value: list[Any], test: Any) -> Any:
    if not callable(test):
        found = _index_of(value, test)
        return NONE if found < 0 else Some(found)
    return next((Some(index) for index, each in enumerate(value) if is_true(test(each))), NONE)


def _reduce(value: list[Any], *arguments: Any) -> Any:
    if len(arguments) == 1:
        if not value:
            return None
        return _fold(value[1:], value[0], arguments[0])
    # Both orders are in use: `(start, f)` and `(f, start)`.
    start, step = arguments if callable(arguments[1]) else reversed(arguments)
    return _fold(value, start, step)


def _fold(value: list[Any], start: Any, step: Any) -> Any:
    for each in value:
        start = step(start, each)
    return start


def _unique(value: list[Any]) -> list[Any]:
    found: list[Any] = []
    if set(map(type, value)) in ({int}, {str}):
        return list(dict.fromkeys(value))
    for each in value:
        if not _contains(found, each):
            found.append(each)
    return found


def _flatten(value: list[Any]) -> list[Any]:
    found: list[Any] = []
    for each in value:
        if type(each) is list:
            found += each
        elif isinstance(each, Variant | Unit) and each.ruchy_enum in {"Option", "Result"}:
            if isinstance(each, Some | Ok):
                found.append(each._0)
        else:
            found.append(each)
    return found


def _filter_map(value: list[Any], step: Any) -> list[Any]:
    return [found._0 for found in map(step, value) if isinstance(found, Some | Ok)]


def _sort_by(value: list[Any], order: Any) -> list[Any]:
    if getattr(order, "__code__", None) is not None and order.__code__.co_argcount == 1:
        return _sort_by_key(value, order)

    def compare(a: Any, b: Any) -> int:
        found = order(a, b)
        if type(found) is bool:
            return -1 if found else 1
        if isinstance(found, Unit):
            return found.ruchy_number
        if type(found) is not int:
            fault("type", f"the order of two elements is {kind_of(found)}")
        return found

    return sorted(value, key=_by_comparison(compare))


def _sort_by_key(value: list[Any], key: Any) -> list[Any]:
    order = _by_comparison(lambda a, b: compared(a, b, "sort") or 0)
    return sorted(value, key=lambda each: order(key(each)))


def _step_by(value: list[Any], step: int) -> list[Any]:
    if step <= 0:
        fault("argument", f"a step has to be positive: {step}")
    return value[::step]


def _chunks(value: list[Any], size: int) -> list[Any]:
    if size <= 0:
        fault("argument", f"a size has to be positive: {size}")
    return [value[at : at + size] for at in range(0, len(value), size)]


def _windows(value: list[Any], size: int) -> list[Any]:
    if size <= 0:
        fault("argument", f"a size has to be positive: {size}")
    return [value[at : at + size] for at in range(len(value) - size + 1)]


def _slice(value: list[Any], start: int, stop: int | None = None) -> list[Any]:
    return value[max(start, 0) :] if stop is None else value[max(start, 0) : max(stop, 0)]


def _get(value: list[Any], index: int) -> Any:
    return value[index] if 0 <= index < len(value) else None


def _group_by(value: list[Any], key: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for each in value:
        found.setdefault(key(each), []).append(each)
    return found


def _partition(value: list[Any], test: Any) -> tuple[list[Any], list[Any]]:
    yes: list[Any] = []
    no: list[Any] = []
    for each in value:
        (yes if is_true(test(each)) else no).append(each)
    return yes, no


def _each(value: list[Any], step: Any) -> None:
    for each in value:
        step(each)


def _take_while(value: list[Any], test: Any) -> list[Any]:
    end = next((index for index, each in enumerate(value) if not is_true(test(each))), len(value))
    return value[:end]


def _skip_while(value: list[Any], test: Any) -> list[Any]:
    end = next((index for index, each in enumerate(value) if not is_true(test(each))), len(value))
    return value[end:]


def _dedup(value: list[Any]) -> list[Any]:
    return [each for index, each in enumerate(value) if not index or not equal(each, value[index - 1])]


def _count(value: list[Any], test: Any = None) -> int:
    return len(value) if test is None else sum(1 for each in value if is_true(test(each)))


def _same(value: list[Any]) -> list[Any]:
    return value


def _joined(value: list[Any], separator: str = "") -> str:
    return separator.join(map(show, value))


LIST: dict[str, Any] = {
    "len": len,
    "length": len,
    "count": _count,
    "is_empty": lambda value: not value,
    "first": lambda value: value[0] if value else None,
    "last": lambda value: value[-1] if value else None,
    "head": lambda value: value[0] if value else None,
    "tail": lambda value: value[1:],
    "get": _get,
    "nth": lambda value, index: Some(value[index]) if 0 <= index < len(value) else NONE,
    "contains": _contains,
    "index_of": _index_of,
    "position": _position,
    "join": _joined,
    "concat": lambda value, other: value + list(items_of(other)),
    "append": lambda value, other: value + (list(items_of(other)) if type(other) is list else [other]),
    "union": lambda value, other: _unique(value + other),
    "intersection": lambda value, other: [each for each in value if _contains(other, each)],
    "difference": lambda value, other: [each for each in value if not _contains(other, each)],
    "take": lambda value, count: value[: max(count, 0)],
    "skip": lambda value, count: value[max(count, 0) :],
    "take_while": _take_while,
    "skip_while": _skip_while,
    "zip": lambda value, other: list(zip(value, items_of(other), strict=False)),
    "map": lambda value, step: [step(each) for each in value],
    "flat_map": lambda value, step: _flatten([step(each) for each in value]),
    "filter": lambda value, test: [each for each in value if is_true(test(each))],
    "filter_map": _filter_map,
    "reduce": _reduce,
    "fold": _reduce,
    "any": lambda value, test: any(is_true(test(each)) for each in value),
    "all": lambda value, test: all(is_true(test(each)) for each in value),
    "find": lambda value, test: next((each for each in value if is_true(test(each))), None),
    "each": _each,
    "for_each": _each,
    "unique": _unique,
    "enumerate": lambda value: list(enumerate(value)),
    "flatten": _flatten,
    "sum": lambda value: total(value) if value else 0,
    "product": _product,
    "min": lambda value: _extreme(value, -1),
    "max": lambda value: _extreme(value, 1),
    "min_by_key": lambda value, key: _extreme_by(value, key, -1),
    "max_by_key": lambda value, key: _extreme_by(value, key, 1),
    "sort": sorted_list,
    "sorted": sorted_list,
    "sort_by": _sort_by,
    "sort_by_key": _sort_by_key,
    "reverse": lambda value: value[::-1],
    "rev": lambda value: value[::-1],
    "iter": _same,
    "iter_mut": _same,
    "into_iter": _same,
    "collect": _same,
    "copied": _same,
    "cloned": _same,
    "clone": _same,
    "to_vec": _same,
    "to_array": _same,
    "as_slice": _same,
    "step_by": _step_by,
    "slice": _slice,
    "chunks": _chunks,
    "windows": _windows,
    "partition": _partition,
    "group_by": _group_by,
    "repeat": lambda value, count: value * max(count, 0),
    "dedup": _dedup,
    "to_string": show,
}


def _insert(value: list[Any], index: int, element: Any) -> None:
    if not 0 <= index <= len(value):
        fault("index", "the index is outside of the array")
    value.insert(index, element)


def _remove(value: list[Any], index: int) -> Any:
    if not 0 <= index < len(value):
        fault("index", "the index is outside of the array")
    return value.pop(index)


def _swap(value: list[Any], first: int, second: int) -> None:
    one, other = item(value, first), item(value, second)
    value[first], value[second] = other, one


def _truncate(value: list[Any], count: int) -> None:
    del value[max(count, 0) :]


CHANGING: dict[str, Any] = {
    "push": list.append,
    "push_back": list.append,
    "push_front": lambda value, element: value.insert(0, element),
    "pop": lambda value: value.pop() if value else None,
    "pop_back": lambda value: value.pop() if value else None,
    "pop_front": lambda value: value.pop(0) if value else None,
    "insert": _insert,
    "remove": _remove,
    "extend": lambda value, other: value.extend(items_of(other)),
    "clear": list.clear,
    "swap": _swap,
    "truncate": _truncate,
}
