"""The methods of numbers and booleans.

Enters: a number and the arguments of a call. Leaves: what the method gives; integers stay integers where the table
of the library says so. Read `methods_object.py` next.
"""

from __future__ import annotations

import math

from sovereign.migration.ruchy.texts import to_string
from sovereign.migration.ruchy.values import (
    LARGEST,
    SMALLEST,
    compared,
    fault,
    float_power,
    float_text,
    kind_of,
    overflow,
    power,
    require_integer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "BOOLEAN",
    "FLOAT",
    "INTEGER",
    "logarithm",
    "number_power",
    "rounded",
    "square_root",
    "truncated",
    "whole_power",
]

_BITS = 64
_LARGEST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def truncated(value: float) -> int:
    """A float as integer, cut towards zero; as in Rust it stops at the ends of 64 bits, and no number is 0."""
    if math.isnan(value):
        return 0
    if math.isinf(value):
        return LARGEST if value > 0 else SMALLEST
    return min(max(int(value), SMALLEST), LARGEST)


def square_root(value: float) -> float:
    """The square root; no number below zero."""
    return math.sqrt(value) if value >= 0 else float("nan")


def logarithm(value: float, base: float | None = None) -> float:
    """The natural logarithm or that of a base."""
    if value == 0:
        return float("-inf")
    if value < 0 or math.isnan(value):
        return float("nan")
    if math.isinf(value):
        return value
    return math.log(value) if base is None else math.log(value) / math.log(base)


def _log10(value: float) -> float:
    return math.log10(value) if value > 0 else logarithm(value)


def _log2(value: float) -> float:
    return math.log2(value) if value > 0 else logarithm(value)


def rounded(value: float, digits: int = 0) -> float:
    """Rounded half away from zero, to whole numbers or to so many digits."""
    if not math.isfinite(value):
        return value
    scale = 10.0**digits
    moved = math.floor(abs(value) * scale + 0.5)
    return math.copysign(moved / scale, value)


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return float("inf")


def whole_power(value: int, exponent: int) -> int:
    """An integer power that has to fit in 64 bits.

    Errors    Fault  beyond them, and for a negative exponent, whose power is no integer.
    """
    if exponent < 0:
        fault("argument", f"an integer power has no negative exponent: {exponent}")
    if abs(value) > 1 and exponent >= _BITS:
        overflow("pow")
    return require_integer(value**exponent, "pow")


def number_power(value: Any, exponent: Any) -> Any:
    """`pow(value, exponent)`: an integer of integers, else a float.

    Errors    as `whole_power`, and for operands that are no numbers.
    """
    if type(value) is int and type(exponent) is int:
        return whole_power(value, exponent)
    return power(value, exponent)


def _wrapped(value: int) -> int:
    found = value & ((1 << _BITS) - 1)
    return found - (1 << _BITS) if found > LARGEST else found


def _smaller(value: Any, other: Any) -> Any:
    return value if compared(value, other, "min") in {-1, 0} else other


def _larger(value: Any, other: Any) -> Any:
    return value if compared(value, other, "max") in {1, 0} else other


def _order(value: Any, other: Any) -> int:
    found = compared(value, other, "cmp")
    return 0 if found is None else found


def _character(value: int) -> str:
    if 0 <= value <= _LARGEST_CHARACTER and value not in _SURROGATES:
        return chr(value)
    fault("argument", f"no character has this number: {value}")


def _euclidean(value: int, other: int) -> int:
    if other == 0:
        fault("division", "division by zero")
    return value % abs(other)


def _clamped(value: Any, low: Any, high: Any) -> Any:
    return _smaller(_larger(value, low), high)


INTEGER: dict[str, Any] = {
    "abs": lambda value: require_integer(abs(value), "abs"),
    "pow": lambda value, exponent: whole_power(value, exponent) if type(exponent) is int else power(value, exponent),
    "powi": whole_power,
    "to_string": str,
    "to_float": float,
    "to_int": int,
    "signum": lambda value: (value > 0) - (value < 0),
    "sqrt": square_root,
    "min": _smaller,
    "max": _larger,
    "clamp": _clamped,
    "is_even": lambda value: value % 2 == 0,
    "is_odd": lambda value: value % 2 == 1,
    "rem_euclid": _euclidean,
    "wrapping_add": lambda value, other: _wrapped(value + other),
    "wrapping_sub": lambda value, other: _wrapped(value - other),
    "wrapping_mul": lambda value, other: _wrapped(value * other),
    "count_ones": lambda value: (value & ((1 << _BITS) - 1)).bit_count(),
    "clone": int,
    "cmp": _order,
    "floor": int,
    "ceil": int,
    "round": lambda value, _digits=0: value,
    "sin": math.sin,
    "cos": math.cos,
    "to_char": _character,
}

FLOAT: dict[str, Any] = {
    "sqrt": square_root,
    "abs": abs,
    "round": rounded,
    "floor": lambda value: float(math.floor(value)) if math.isfinite(value) else value,
    "ceil": lambda value: float(math.ceil(value)) if math.isfinite(value) else value,
    "trunc": lambda value: float(math.trunc(value)) if math.isfinite(value) else value,
    "sin": lambda value: math.sin(value) if math.isfinite(value) else float("nan"),
    "cos": lambda value: math.cos(value) if math.isfinite(value) else float("nan"),
    "tan": lambda value: math.tan(value) if math.isfinite(value) else float("nan"),
    "ln": logarithm,
    "log": logarithm,
    "log10": _log10,
    "log2": _log2,
    "exp": _exponential,
    "pow": float_power,
    "powf": float_power,
    "powi": float_power,
    "to_int": truncated,
    "to_float": float,
    "to_string": to_string,
    "signum": lambda value: math.copysign(1.0, value) if not math.isnan(value) else value,
    "min": _smaller,
    "max": _larger,
    "clamp": _clamped,
    "is_nan": math.isnan,
    "is_infinite": math.isinf,
    "is_finite": math.isfinite,
    "clone": float,
    "cmp": _order,
    "partial_cmp": _order,
}

BOOLEAN: dict[str, Any] = {"to_string": lambda value: "true" if value else "false", "clone": bool}


def cast(value: Any, kind: str) -> Any:
    """`value as kind` where the type was not known before the run."""
    found = _CASTS[kind](value)
    if found is None:
        fault("cast", f"{kind_of(value)} cannot become {kind}")
    return found


def _as_integer(value: Any) -> int | None:
    found = type(value)
    if found in {int, bool}:
        return int(value)
    if found is float:
        return truncated(value)
    if found is str and len(value) == 1:
        return ord(value)
    number: int | None = getattr(value, "ruchy_number", None)
    return number


def _as_text(value: Any) -> str | None:
    if type(value) is float:
        return float_text(value)
    return str(value) if type(value) in {int, str} else None


def _as_character(value: Any) -> str | None:
    if type(value) is int:
        return _character(value)
    return value if type(value) is str else None


_CASTS: dict[str, Any] = {
    "i64": _as_integer,
    "f64": lambda value: float(value) if type(value) in {int, float} else None,
    "str": _as_text,
    "bool": lambda value: value if type(value) is bool else None,
    "char": _as_character,
}
