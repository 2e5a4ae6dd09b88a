"""How values look.

Enters: values. Leaves: their text as `println` prints it, as a format text shows it, and under a format spec of
Rust's or Python's notation. Floats are the shortest text that gives them back, never with an exponent. Read
`functions.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.lean import DOTALL, NamedTuple, pattern
from sovereign.migration.ruchy.values import (
    NONE,
    Ok,
    RangeValue,
    SetValue,
    Some,
    Struct,
    Unit,
    Variant,
    fault,
    float_text,
    kind_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

__all__ = ["Spec", "debug", "fill", "formatted", "json_data", "json_text", "loose", "parse_spec", "show", "to_string"]

_SPEC = pattern(
    r"(?:(?P<fill>.)?(?P<align>[<>^]))?(?P<sign>[+ -])?(?P<sharp>#)?(?P<zero>0)?(?P<width>\d+)?(?P<comma>[,_])?"
    r"(?:\.(?P<precision>\d+))?(?P<kind>[?xXobeEdfsgn%c]?)$",
    DOTALL,
)
_HOLE = pattern(r"\{\{|\}\}|\{(\d*)(?::([^{}]*))?\}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_ESCAPED = pattern(r'[\\"\n\r\t\0]')


def show(value: Any) -> str:
    """A value as `println` prints it: texts bare, those inside of others quoted."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return] # it is a str
    if kind is int:
        return str(value)
    return debug(value)


def debug(value: Any) -> str:
    """A value as it looks inside of another one: texts are quoted."""
    return _render(value, debug)


def loose(value: Any) -> str:
    """A value as a format text shows it: the texts in lists, tuples and objects are bare, those in variants quoted."""
    if type(value) is str:
        return value
    return _render(value, loose)


def _render(value: Any, inner: Any) -> str:
    renderer = _RENDER.get(type(value))
    if renderer is not None:
        return str(renderer(value, inner))
    if isinstance(value, Struct):
        return _struct(value)
    if isinstance(value, Variant):
        return _variant(value)
    shown = getattr(value, "ruchy_text", None)
    if shown is not None:
        return str(shown())
    return f"<{kind_of(value)}>"


def _quoted(value: str, _inner: Any) -> str:
    return '"' + _ESCAPED.sub(lambda found: _ESCAPES[found.group()], value) + '"'


def _list(value: list[Any], inner: Any) -> str:
    return f"[{', '.join(map(inner, value))}]"


def _tuple(value: tuple[Any, ...], inner: Any) -> str:
    return f"({', '.join(map(inner, value))})"


def _dict(value: dict[Any, Any], inner: Any) -> str:
    if not value:
        return "{}"
    items = sorted((show(key), item) for key, item in value.items()) if _sortable(value) else value.items()
    return "{" + ", ".join(f"{show(key)}: {inner(item)}" for key, item in items) + "}"


def _sortable(value: dict[Any, Any]) -> bool:
    return len({show(key) for key in value}) == len(value)


def _struct(value: Struct) -> str:
    if value.ruchy_is_tuple:
        return f"{value.ruchy_name}({', '.join(debug(getattr(value, slot)) for slot in value.ruchy_names)})"
    shown = [f"{slot}: {debug(getattr(value, slot))}" for slot in sorted(value.ruchy_names)]
    return f"{value.ruchy_name} {{{', '.join(shown)}}}"


def _variant(value: Variant) -> str:
    if not value.ruchy_is_tuple:
        shown = [f"{slot}: {debug(getattr(value, slot))}" for slot in sorted(value.ruchy_names)]
        return f"{value.ruchy_name} {{{', '.join(shown)}}}"
    return f"{value.ruchy_name}({', '.join(debug(getattr(value, slot)) for slot in value.ruchy_names)})"


_RENDER: dict[type, Any] = {
    str: _quoted,
    int: lambda value, _inner: str(value),
    bool: lambda value, _inner: "true" if value else "false",
    float: lambda value, _inner: float_text(value),
    type(None): lambda _value, _inner: "nil",
    list: _list,
    tuple: _tuple,
    dict: _dict,
    SetValue: lambda value, inner: "{" + ", ".join(map(inner, value)) + "}",
    RangeValue: lambda value, _inner: f"{value.start}..{'=' * value.is_inclusive}{value.stop}",
    Unit: lambda value, _inner: value.ruchy_name,
}


def to_string(value: Any) -> str:
    """`value.to_string()`: a float that is whole has no point."""
    if type(value) is float and value.is_integer():
        return float_text(value)[:-2]
    return show(value)


class Spec(NamedTuple):
    """A format spec taken apart."""

    fill: str
    align: str
    sign: str
    is_alternate: bool
    width: int
    comma: str
    precision: int | None
    kind: str


def parse_spec(text: str) -> Spec | None:
    """A spec such as `>8.2` or `08x`; None when it is none.

    >>> parse_spec("*^9").fill, parse_spec("*^9").align, parse_spec(".2").precision, parse_spec("what")
    ('*', '^', 2, None)
    """
    found = _SPEC.match(text.strip() or text)
    if found is None:
        return None
    is_zero = found["zero"] is not None
    return Spec(
        found["fill"] or ("0" if is_zero and not found["align"] else " "),
        found["align"] or ("=" if is_zero else ""),
        found["sign"] or "",
        found["sharp"] is not None,
        int(found["width"] or 0),
        found["comma"] or "",
        None if found["precision"] is None else int(found["precision"]),
        found["kind"],
    )


def formatted(value: Any, text: str) -> str:
    """A value under a spec.

    >>> formatted(3.14159, ".2"), formatted(255, "#x"), formatted("ab", ">5"), formatted(7, "03")
    ('3.14', '0xff', '   ab', '007')
    """
    spec = parse_spec(text)
    if spec is None:
        fault("format", f"this is no format spec: `{text}`")
    is_number = type(value) in {int, float}
    body = _number(value, spec) if is_number else _body(value, spec)
    missing = spec.width - len(body)
    if missing <= 0:
        return body
    align = spec.align or (">" if is_number else "<")
    if align == "=":
        cut = len(body) - len(body.lstrip("+- ")) if is_number else 0
        cut += 2 * (spec.is_alternate and spec.kind in {"x", "X", "o", "b"})
        return body[:cut] + "0" * missing + body[cut:]
    if align == "<":
        return body + spec.fill * missing
    if align == ">":
        return spec.fill * missing + body
    left = missing // 2
    return spec.fill * left + body + spec.fill * (missing - left)


def _body(value: Any, spec: Spec) -> str:
    text = debug(value) if spec.kind == "?" else show(value)
    if spec.kind and spec.kind not in {"?", "s"}:
        fault("format", f"the format `{spec.kind}` does not work on {kind_of(value)}")
    return text if spec.precision is None else text[: spec.precision]


def _number(value: float, spec: Spec) -> str:
    if spec.kind in {"x", "X", "o", "b"}:
        text = _based(value, spec)
    elif spec.kind in {"e", "E"}:
        text = _exponent(value, spec)
    elif spec.kind == "%":
        text = f"{value * 100:.{6 if spec.precision is None else spec.precision}f}%"
    elif spec.kind in {"f", "g"} or (spec.precision is not None and type(value) is float):
        text = f"{value:{spec.comma}.{6 if spec.precision is None else spec.precision}f}"
    elif spec.comma:
        text = f"{value:{spec.comma}}"
    else:
        text = show(value)
    text = {"nan": "NaN"}.get(text, text)
    return text if text.startswith("-") or spec.sign in {"", "-"} else spec.sign + text


def _based(value: float, spec: Spec) -> str:
    if type(value) is not int:
        fault("format", f"the format `{spec.kind}` needs an integer")
    # As in Rust, the bits of a negative number are shown.
    digits = format(value & ((1 << 64) - 1) if value < 0 else value, spec.kind)
    return f"0{spec.kind.lower()}{digits}" if spec.is_alternate else digits


def _exponent(value: float, spec: Spec) -> str:
    if spec.precision is not None:
        mantissa, _, exponent = f"{value:.{spec.precision}e}".partition("e")
    else:
        mantissa, _, exponent = f"{float(value):e}".partition("e")
        digits = repr(float(value)).replace("-", "").partition("e")[0].replace(".", "").strip("0") or "0"
        sign = "-" if value < 0 else ""
        mantissa = sign + digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    text = f"{mantissa}e{int(exponent)}"
    return text.upper() if spec.kind == "E" else text


def fill(template: str, values: tuple[Any, ...]) -> str:
    """`println("{} and {:>5}", a, b)`: the holes of a text filled in order, or by number; what is left over follows.

    >>> fill("{} of {:03}", (1, 7)), fill("{}", (1, 2))
    ('1 of 007', '1 2')
    """
    used = 0
    highest = 0

    def replace(found: re.Match[str]) -> str:
        nonlocal used, highest
        if found.group() in {"{{", "}}"}:
            return found.group()[0]
        number = int(found[1]) if found[1] else used
        used += not found[1]
        if number >= len(values):
            return found.group()
        highest = max(highest, number + 1)
        return show(values[number]) if not found[2] else formatted(values[number], found[2])

    text = _HOLE.sub(replace, template)
    rest = values[max(used, highest) :]
    return " ".join([text, *map(show, rest)]) if rest else text


def json_data(value: Any) -> Any:  # noqa: PLR0911 - one way out for each case
    """A value as what JSON knows, the keys of objects in their order."""
    kind = type(value)
    if kind in {list, tuple}:
        return [json_data(each) for each in value]
    if kind is dict:
        return {show(key): json_data(each) for key, each in sorted(value.items(), key=lambda pair: show(pair[0]))}
    if kind in {int, float, str, bool, type(None)}:
        return value
    if value is NONE:
        return None
    if isinstance(value, Some | Ok):
        return json_data(value._0)
    names = getattr(value, "ruchy_names", None)
    if names is not None:
        return {slot: json_data(getattr(value, slot)) for slot in sorted(names)}
    return show(value)


def json_text(value: Any) -> str:
    """A value as JSON on one line."""
    import json

    return json.dumps(json_data(value), ensure_ascii=False, separators=(",", ":"))
