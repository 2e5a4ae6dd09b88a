"""What a running program computes with, and the operators.

Integers, floats, booleans, texts, lists, tuples and objects are Python's own; nil is `None`. The rest is here.
Leaves: the classes, equality, order and arithmetic for values whose type was not known before the run; where it was,
the compiler writes Python's own operators instead. A value that is held in one place only may be changed there; else
it is copied first, which `holders` decides. Read `texts.py` next.
"""

from __future__ import annotations

import sys
from math import isnan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, NoReturn

    _Dict = dict[Any, None]
else:
    _Dict = dict

__all__ = [
    "LARGEST",
    "NONE",
    "SMALLEST",
    "Err",
    "Fault",
    "Leave",
    "Ok",
    "RangeValue",
    "SetValue",
    "Some",
    "Struct",
    "Thrown",
    "Unit",
    "Variant",
    "add",
    "binary_operator",
    "compared",
    "copied",
    "divide",
    "equal",
    "fault",
    "float_text",
    "holders",
    "is_true",
    "kind_of",
    "modulo",
    "multiply",
    "negate",
    "overflow",
    "power",
    "require_integer",
    "shift_left",
    "shift_right",
    "subtract",
]

LARGEST = (1 << 63) - 1
SMALLEST = -(1 << 63)
_BITS = 64

holders = sys.getrefcount
"""How many places hold a value, its own argument among them: 2 when one variable does."""


class Fault(Exception):  # noqa: N818 - what a program did wrong, which it may catch
    """A run-time error: its kind, a sentence, and what may have been meant, which is not for the program."""

    def __init__(self, kind: str, text: str, hint: str | None = None) -> None:
        super().__init__(kind, text)
        self.kind = kind
        self.text = text
        self.hint = hint


class Thrown(Exception):  # noqa: N818 - as above
    """A value that the program threw."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value


class Leave(Exception):  # noqa: N818 - the program asked to end
    """`exit(code)`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def fault(kind: str, text: str, hint: str | None = None) -> NoReturn:
    """End what runs with an error of the program."""
    raise Fault(kind, text, hint)


class RangeValue:
    """`a..b` and `a..=b` as a value."""

    __slots__ = ("is_inclusive", "start", "stop")

    def __init__(self, start: int, stop: int, is_inclusive: bool) -> None:  # noqa: FBT001 - compiled programs call it
        self.start = start
        self.stop = stop
        self.is_inclusive = is_inclusive

    def numbers(self) -> range:
        """The numbers of it."""
        return range(self.start, self.stop + self.is_inclusive)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RangeValue) and (self.start, self.stop, self.is_inclusive) == (
            other.start,
            other.stop,
            other.is_inclusive,
        )

    def __hash__(self) -> int:
        return hash((self.start, self.stop, self.is_inclusive))


class SetValue(_Dict):
    """A set that keeps its order."""


class Struct:
    """The base of every struct, class and actor of a program."""

    __slots__ = ()
    ruchy_name: ClassVar[str] = ""
    ruchy_names: ClassVar[tuple[str, ...]] = ()
    ruchy_is_tuple: ClassVar[bool] = False
    ruchy_is_shared: ClassVar[bool] = False
    ruchy_methods: ClassVar[dict[str, Any]] = {}

    def ruchy_copied(self) -> Struct:
        """Another one with the same fields; compiled classes have a faster one."""
        other = object.__new__(type(self))
        for slot in self.ruchy_names:
            setattr(other, slot, getattr(self, slot))
        return other


class Variant:
    """The base of every enum variant with a payload; a unit is one object of `Unit`."""

    __slots__ = ()
    ruchy_enum: ClassVar[str] = ""
    ruchy_name: ClassVar[str] = ""
    ruchy_names: ClassVar[tuple[str, ...]] = ()
    ruchy_is_tuple: ClassVar[bool] = True
    ruchy_order: ClassVar[int] = 0
    ruchy_methods: ClassVar[dict[str, Any]] = {}


class Unit:
    """A variant without payload: one object in a whole run."""

    __slots__ = ("ruchy_enum", "ruchy_methods", "ruchy_name", "ruchy_number", "ruchy_order")

    def __init__(self, enum: str, name: str, number: int, order: int, methods: dict[str, Any]) -> None:
        self.ruchy_enum = enum
        self.ruchy_name = name
        self.ruchy_number = number
        self.ruchy_order = order
        self.ruchy_methods = methods


class Some(Variant):
    """`Some(value)`."""

    __slots__ = ("_0",)
    ruchy_enum = "Option"
    ruchy_name = "Some"
    ruchy_names = ("_0",)
    ruchy_order = 1

    def __init__(self, value: object) -> None:
        self._0 = value


class Ok(Variant):
    """`Ok(value)`."""

    __slots__ = ("_0",)
    ruchy_enum = "Result"
    ruchy_name = "Ok"
    ruchy_names = ("_0",)

    def __init__(self, value: object) -> None:
        self._0 = value


class Err(Variant):
    """`Err(error)`."""

    __slots__ = ("_0",)
    ruchy_enum = "Result"
    ruchy_name = "Err"
    ruchy_names = ("_0",)
    ruchy_order = 1

    def __init__(self, value: object) -> None:
        self._0 = value


NONE = Unit("Option", "None", 0, 0, {})

_KINDS: dict[type, str] = {
    int: "i64",
    float: "f64",
    bool: "bool",
    str: "string",
    type(None): "nil",
    list: "array",
    tuple: "tuple",
    dict: "object",
    RangeValue: "range",
    SetValue: "set",
}


def kind_of(value: object) -> str:
    """The name of a value's type, as `type_of` says it."""
    found = _KINDS.get(type(value))
    if found is not None:
        return found
    if isinstance(value, Variant | Unit):
        return value.ruchy_enum
    if isinstance(value, Struct):
        return value.ruchy_name
    return "function" if callable(value) else type(value).__name__


# Copies.


def copied(value: Any) -> Any:
    """A value that can be changed without changing this one; its parts are still shared."""
    kind = type(value)
    if kind is list:
        return value[:]
    if kind is dict:
        return value.copy()
    if kind is SetValue:
        return SetValue(value)
    if isinstance(value, Struct) and not value.ruchy_is_shared:
        return value.ruchy_copied()
    return value


# Truth, equality, order.


def is_true(value: object) -> bool:
    """Only `false` and nil are false."""
    return value is not False and value is not None


_NUMBERS = (int, float)


def equal(a: Any, b: Any) -> bool:
    """Structural equality; `1 == 1.0`, and values of different kinds differ."""
    first, second = type(a), type(b)
    if first is second:
        same = _EQUAL.get(first)
        if same is not None:
            return bool(same(a, b))
        if first in {int, str, bool, float}:
            return bool(a == b)
        return _equal_objects(a, b)
    if first in _NUMBERS and second in _NUMBERS:
        return bool(a == b)
    return False


def _equal_items(a: list[Any] | tuple[Any, ...], b: list[Any] | tuple[Any, ...]) -> bool:
    return len(a) == len(b) and all(map(equal, a, b))


def _equal_dicts(a: dict[Any, Any], b: dict[Any, Any]) -> bool:
    return len(a) == len(b) and all(key in b and equal(value, b[key]) for key, value in a.items())


def _equal_objects(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if isinstance(a, Struct):
        return not a.ruchy_is_shared and all(equal(getattr(a, slot), getattr(b, slot)) for slot in a.ruchy_names)
    if isinstance(a, Variant):
        return all(equal(getattr(a, slot), getattr(b, slot)) for slot in a.ruchy_names)
    return bool(a == b)


_EQUAL: dict[type, Any] = {
    list: _equal_items,
    tuple: _equal_items,
    dict: _equal_dicts,
    SetValue: lambda a, b: a.keys() == b.keys(),
    type(None): lambda _a, _b: True,
}


def compared(a: Any, b: Any, operator: str) -> int | None:
    """-1, 0 or 1; None where a NaN keeps two numbers from having an order.

    Errors    Fault  for values that have no order.
    """
    first, second = type(a), type(b)
    if (first is second and first in {int, str, float, bool}) or (first in _NUMBERS and second in _NUMBERS):
        return -1 if a < b else 1 if a > b else 0 if a == b else None
    if first is second and first in {list, tuple}:
        for left, right in zip(a, b, strict=False):
            found = compared(left, right, operator)
            if found != 0:
                return found
        return compared(len(a), len(b), operator)
    if isinstance(a, Variant | Unit) and isinstance(b, Variant | Unit) and a.ruchy_enum == b.ruchy_enum:
        return _compared_variants(a, b, operator)
    fault("type", f"`{operator}` cannot compare {kind_of(a)} with {kind_of(b)}")


def _compared_variants(a: Variant | Unit, b: Variant | Unit, operator: str) -> int | None:
    if a.ruchy_order != b.ruchy_order:
        return -1 if a.ruchy_order < b.ruchy_order else 1
    if isinstance(a, Unit):
        return 0
    mine = [getattr(a, slot) for slot in a.ruchy_names]
    return compared(mine, [getattr(b, slot) for slot in a.ruchy_names], operator)


def _less(a: Any, b: Any) -> bool:
    return compared(a, b, "<") == -1


def _at_most(a: Any, b: Any) -> bool:
    return compared(a, b, "<=") in {-1, 0}


def _greater(a: Any, b: Any) -> bool:
    return compared(a, b, ">") == 1


def _at_least(a: Any, b: Any) -> bool:
    return compared(a, b, ">=") in {0, 1}


# Arithmetic.


def overflow(operator: str) -> NoReturn:
    """An integer left the 64 bits that it has."""
    fault("overflow", f"integer overflow in `{operator}`")


def require_integer(value: int, operator: str) -> int:
    """A result that has to fit in 64 bits."""
    if SMALLEST <= value <= LARGEST:
        return value
    overflow(operator)


def _mismatch(operator: str, a: object, b: object) -> NoReturn:
    fault("type", f"`{operator}` does not work on {kind_of(a)} and {kind_of(b)}")


def add(a: Any, b: Any) -> Any:
    """Numbers are added, texts joined with texts and numbers, lists put one behind the other."""
    first, second = type(a), type(b)
    if first is int and second is int:
        return require_integer(a + b, "+")
    if first in _NUMBERS and second in _NUMBERS:
        return a + b
    if first is str and second is str:
        return a + b
    if first is str and second in _NUMBERS:
        return a + number_text(b)
    if second is str and first in _NUMBERS:
        return number_text(a) + b
    if first is list and second is list:
        return a + b
    _mismatch("+", a, b)


def float_text(value: float) -> str:
    """The shortest decimal text that gives the float back, with a point and without an exponent.

    >>> float_text(100.0), float_text(1e20), float_text(1.5e-7)
    ('100.0', '100000000000000000000.0', '0.00000015')
    """
    text = repr(value)
    if "e" in text:
        from decimal import Decimal

        text = format(Decimal(text), "f")
        return text if "." in text else f"{text}.0"
    return "NaN" if text == "nan" else text


def number_text(value: float) -> str:
    """A number as text where it is joined to one."""
    return float_text(value) if type(value) is float else str(value)


def subtract(a: Any, b: Any) -> Any:
    """Numbers only."""
    if type(a) is int and type(b) is int:
        return require_integer(a - b, "-")
    if type(a) in _NUMBERS and type(b) in _NUMBERS:
        return a - b
    _mismatch("-", a, b)


def multiply(a: Any, b: Any) -> Any:
    """Numbers, or a text and how often it is repeated."""
    first, second = type(a), type(b)
    if first is int and second is int:
        return require_integer(a * b, "*")
    if first in _NUMBERS and second in _NUMBERS:
        return a * b
    if first in {str, list} and second is int:
        return a * max(b, 0)
    if first is int and second is str:
        return b * max(a, 0)
    _mismatch("*", a, b)


def divide(a: Any, b: Any) -> Any:
    """Integers are cut towards zero; a float divided by zero is infinite or no number."""
    if type(a) is int and type(b) is int:
        if b == 0:
            fault("division", "division by zero")
        found = a // b if (a < 0) == (b < 0) else -(-a // b)
        return require_integer(found, "/")
    if type(a) in _NUMBERS and type(b) in _NUMBERS:
        return float_divide(a, b)
    _mismatch("/", a, b)


def float_divide(a: float, b: float) -> float:
    """Division of floats as the processor does it."""
    if b:
        return a / b
    if a == 0 or isnan(a):
        return float("nan")
    import math

    return math.copysign(float("inf"), a) * math.copysign(1.0, b)


def modulo(a: Any, b: Any) -> Any:
    """The remainder has the sign of what is divided."""
    if type(a) is int and type(b) is int:
        if b == 0:
            fault("division", "division by zero")
        found = abs(a) % abs(b)
        return -found if a < 0 else found
    if type(a) in _NUMBERS and type(b) in _NUMBERS:
        import math

        return math.fmod(a, b) if b and math.isfinite(a) else float("nan")
    _mismatch("%", a, b)


def power(a: Any, b: Any) -> Any:
    """Integers stay so while the result fits; beyond that, and for negative exponents, it is a float."""
    if type(a) is int and type(b) is int:
        return _integer_power(a, b)
    if type(a) in _NUMBERS and type(b) in _NUMBERS:
        return float_power(a, b)
    _mismatch("**", a, b)


def _integer_power(a: int, b: int) -> int | float:
    if b < 0:
        return float_power(a, b)
    if abs(a) > 1 and b >= _BITS:
        return float_power(a, b)
    found = a**b
    return found if SMALLEST <= found <= LARGEST else float_power(a, b)


def float_power(a: float, b: float) -> float:
    """A power as the processor computes it: infinite where it is too large, no number where there is none."""
    import math

    try:
        return math.pow(a, b)
    except OverflowError:
        is_odd = float(b).is_integer() and b % 2 == 1
        return float("-inf") if a < 0 and is_odd else float("inf")
    except ValueError:
        return float("inf") if a == 0 else float("nan")


def negate(a: Any) -> Any:
    """The other sign."""
    if type(a) is int:
        return require_integer(-a, "-")
    if type(a) is float:
        return -a
    fault("type", f"`-` does not work on {kind_of(a)}")


def invert(a: Any) -> Any:
    """Every bit the other way round."""
    if type(a) is int:
        return ~a
    fault("type", f"`~` does not work on {kind_of(a)}")


def _bits(a: Any, b: Any, operator: str) -> Any:
    if type(a) in {int, bool} and type(a) is type(b):
        return a & b if operator == "&" else a | b if operator == "|" else a ^ b
    _mismatch(operator, a, b)


def shift_left(a: Any, b: Any) -> Any:
    """Bits that leave 64 are lost.

    Errors    Fault  for a distance outside of 0 to 63.
    """
    if type(a) is not int or type(b) is not int:
        _mismatch("<<", a, b)
    if not 0 <= b < _BITS:
        fault("overflow", f"a shift by {b} bits")
    found = (a << b) & ((1 << _BITS) - 1)
    return found - (1 << _BITS) if found > LARGEST else found


def shift_right(a: Any, b: Any) -> Any:
    """The sign is kept.

    Errors    as `shift_left`.
    """
    if type(a) is not int or type(b) is not int:
        _mismatch(">>", a, b)
    if not 0 <= b < _BITS:
        fault("overflow", f"a shift by {b} bits")
    return a >> b


binary_operator: dict[str, Any] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "**": power,
    "&": lambda a, b: _bits(a, b, "&"),
    "|": lambda a, b: _bits(a, b, "|"),
    "^": lambda a, b: _bits(a, b, "^"),
    "<<": shift_left,
    ">>": shift_right,
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": _less,
    "<=": _at_most,
    ">": _greater,
    ">=": _at_least,
}
"""The operators for operands of any type."""
