"""The shape of a JSON document as JSON Schema, from the typed dict that the code builds.

Enters: a `TypedDict`. Leaves: a schema of draft 2020-12. The checker of types holds the code to the dict, and a test
holds each command's output to the schema, so that neither can say something of its own.
"""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

__all__ = ["schema_of"]

_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_of(document: type, title: str) -> dict[str, Any]:
    """The schema of a typed dict; dicts inside it stand under `$defs`, by their names.

    >>> from typing import TypedDict
    >>> Size = TypedDict("Size", {"bytes": int, "unit": str | None})
    >>> schema_of(Size, "a size")["properties"]["unit"]
    {'type': ['string', 'null']}
    """
    definitions: dict[str, Any] = {}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    body = _members(document, definitions)
    return {**head, **body, "$defs": definitions} if definitions else {**head, **body}


def _members(document: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(document)
    described = (document.__doc__ or "").strip().split("\n")[0]
    return {
        "description": described,
        "type": "object",
        "properties": {name: _of(hint, definitions) for name, hint in hints.items()},
        "required": list(hints),
    }


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of one value."""
    if hint is Any:
        return {}
    if hint in _NAMES:
        return {"type": _NAMES[hint]}
    if is_typeddict(hint):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # known before its members are walked, because a tree holds itself
            definitions[hint.__name__] = _members(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return _of_several(get_origin(hint), get_args(hint), definitions)


def _of_several(kind: Any, inside: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a choice, a list or a map."""
    if kind in {Union, types.UnionType}:
        if all(each in _NAMES for each in inside):
            return {"type": [_NAMES[each] for each in inside]}
        return {"anyOf": [_of(each, definitions) for each in inside]}
    if kind is list:
        return {"type": "array", "items": _of(inside[0], definitions)}
    assert kind is dict, kind
    return {"type": "object", "additionalProperties": _of(inside[1], definitions)}
