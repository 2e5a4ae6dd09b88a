"""What a file says about its content: MessagePack in A1 and datasets, JSON in A2 and A3, pairs of texts in A5.

Enters: an open source and its outline, or facts to be written. Leaves: a dict, or bytes that are the same on every run:
keys in order, times from `SOURCE_DATE_EPOCH` where it is set. Read `crates/container` for where the bytes are.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import time
from typing import TYPE_CHECKING, Any, NoReturn

from sovereign.errors import FormatError, ParameterError
from sovereign.persistence.container.layout import Layout, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sovereign.persistence.container.layout import Limits, Outline, Section
    from sovereign.persistence.container.source import Source

__all__ = ["created_at", "from_json", "from_message_pack", "read_metadata", "to_json", "to_message_pack"]

# Deeper nesting is no description of a model, and would use up the stack of whoever walks it.
_DEEPEST = 64


def read_metadata(source: Source, outline: Outline, limits: Limits) -> dict[str, Any]:
    """The metadata of a file, empty where its layout or the file has none.

    Errors    FormatError  when the bytes are not what the layout says, with the offset of the section.
    """
    section = outline.section(Role.METADATA)
    if section is None or section.length == 0:
        return {}
    if section.length > limits.metadata_bytes:
        _refuse(section, f"should have at most {limits.metadata_bytes} bytes, it has: `{section.length}`")
    decode = _DECODERS.get(outline.layout)
    return decode(source.read(section.offset, section.length), section) if decode else {}


def from_message_pack(data: bytes, section: Section) -> dict[str, Any]:
    """A map of MessagePack; its arrays and maps are no longer than its bytes.

    Errors    FormatError  when it is malformed, followed by other bytes, nested too deep, or no map with text keys.
    """
    import msgpack

    size = len(data)
    try:
        found = msgpack.unpackb(
            data,
            strict_map_key=True,
            object_pairs_hook=_unique,
            max_str_len=size,
            max_bin_len=size,
            max_array_len=size,
            max_map_len=size,
            max_ext_len=0,
        )
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        _refuse(section, f"is not MessagePack of a map: `{_reason(error)}`")
    return _require_map(found, section)


def from_json(data: bytes, section: Section) -> dict[str, Any]:
    """An object of JSON, with no key twice and no number that JSON does not have.

    Errors    FormatError  when it is malformed, nested too deep, or no object.
    """
    try:
        found = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        _refuse(section, f"is not JSON of an object: `{_reason(error)}`")
    return _require_map(found, section)


def _pairs(data: bytes, section: Section) -> dict[str, Any]:
    """Keys and values, each led by its length; the native core has walked them."""
    texts, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        texts.append(data[at + 4 : at + 4 + length].decode())
        at += 4 + length
    return _require_map(dict(zip(texts[::2], texts[1::2], strict=True)), section)


def _dataset(data: bytes, section: Section) -> dict[str, Any]:
    """The facts of a dataset, which stand in a list without their names."""
    import msgpack

    size = len(data)
    names = ("name", "version", "license", "tags", "description", "citation", "created_at", "sha256")
    try:
        found = msgpack.unpackb(
            data, max_str_len=size, max_bin_len=size, max_array_len=size, max_map_len=size, max_ext_len=0
        )
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        _refuse(section, f"is not MessagePack of a list: `{_reason(error)}`")
    if isinstance(found, dict):
        return _require_map(found, section)
    if not isinstance(found, list) or len(found) > len(names):
        _refuse(section, f"should be a list of at most {len(names)} facts, it is: `{type(found).__name__}`")
    return dict(zip(names, found, strict=False))


_DECODERS: dict[Layout, Callable[[bytes, Section], dict[str, Any]]] = {
    Layout.A1: from_message_pack,
    Layout.A2: from_json,
    Layout.A3: from_json,
    Layout.A5: _pairs,
    Layout.ALD_BLOCK: _dataset,
    Layout.ALD_STREAM: _dataset,
}


def to_message_pack(facts: Mapping[str, Any]) -> bytes:
    """The facts as MessagePack, keys in order at every depth.

    Errors    ParameterError  when a value is of a type that MessagePack does not have, or a number is not finite.
    """
    import msgpack

    return bytes(msgpack.packb(_ordered(facts, "metadata", 0), use_single_float=False))


def to_json(facts: Mapping[str, Any]) -> str:
    """The facts as compact JSON, keys in order at every depth.

    Errors    ParameterError  as `to_message_pack`.
    """
    return json.dumps(_ordered(facts, "metadata", 0), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def created_at() -> str:
    """Now, or the time that `SOURCE_DATE_EPOCH` names, as RFC 3339 in UTC.

    Errors    ParameterError  when the variable holds no whole number of seconds.
    """
    named = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        seconds = int(time.time()) if named is None else int(named)
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f"`SOURCE_DATE_EPOCH` should be seconds since 1970, it is: `{named}`"
        raise ParameterError("container.parameter", message, name="SOURCE_DATE_EPOCH", value=named) from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _ordered(value: Any, where: str, depth: int) -> Any:
    """The value with its maps in the order of their keys; refused where it could not be written and read again."""
    if depth > _DEEPEST:
        _unwritable(where, "at most 64 levels deep", "deeper")
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                _unwritable(where, "a map with text keys", repr(key))
            _ordered(key, where, depth)
        return {key: _ordered(value[key], f"{where}.{key}", depth + 1) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_ordered(each, where, depth + 1) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        _require_writable(value, where)
        return value
    item = getattr(value, "item", None)  # a NumPy scalar; an array has one too, and may not be one number
    plain = item() if callable(item) and not getattr(value, "shape", True) else value
    if type(plain) is type(value):
        _unwritable(where, "plain data", type(value).__name__)
    return _ordered(plain, where, depth)


def _require_writable(value: float | str | None, where: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        _unwritable(where, "a finite number", repr(value))
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        _unwritable(where, "a whole number of 64 bits", hex(value)[:40])
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        _unwritable(where, "a text that can be UTF-8", repr(value)[:40])


def _unwritable(where: str, allowed: str, got: str) -> NoReturn:
    message = f"`{where}` should be {allowed}, it is: `{got}`"
    raise ParameterError("container.parameter", message, name=where, value=got, allowed=allowed)


def _unique(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"JSON has no number {name}"
    raise ValueError(message)


def _require_map(found: Any, section: Section) -> dict[str, Any]:
    if not isinstance(found, dict):
        _refuse(section, f"should be a map, it is: `{type(found).__name__}`")
    if _depth(found) > _DEEPEST:
        _refuse(section, f"is nested deeper than: `{_DEEPEST}`")
    if not _has_text_keys(found):
        _refuse(section, "should have texts as keys, one is: `bytes`")
    return found


def _has_text_keys(value: Any) -> bool:
    """Whether every key at every depth is a text; the decoder of MessagePack takes bytes as well."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            if not all(isinstance(key, str) for key in each):
                return False
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
    return True


def _depth(value: Any) -> int:
    """How deep lists and maps are nested, counted without recursion."""
    deepest, left = 0, [(value, 1)]
    while left:
        each, depth = left.pop()
        children = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        deepest = max(deepest, depth if isinstance(each, dict | list) else 0)
        left.extend((child, depth + 1) for child in children)
    return deepest


def _refuse(section: Section, problem: str) -> NoReturn:
    message = f"the metadata at byte {section.offset} {problem}"
    raise FormatError("container.metadata", message, field="metadata", offset=section.offset)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
