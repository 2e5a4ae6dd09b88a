"""Documents held to the schemas of the reference: the words of JSON Schema that `shell/schema.py` writes, no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "schemas"
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def problems(document: Any, name: str) -> list[str]:
    """Where the document is not what the schema of that name says, each by its way from the top."""
    schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return _problems(document, schema, schema.get("$defs", {}), "$")


def _problems(value: Any, schema: dict[str, Any], definitions: dict[str, Any], where: str) -> list[str]:
    if "$ref" in schema:
        return _problems(value, definitions[schema["$ref"].rpartition("/")[2]], definitions, where)
    if "anyOf" in schema:
        each = [_problems(value, choice, definitions, where) for choice in schema["anyOf"]]
        return [] if [] in each else [found for choice in each for found in choice]
    found = _kind(value, schema.get("type"), where)
    if isinstance(value, dict) and not found:
        found += [f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value]
        known = schema.get("properties", {})
        for name, inner in value.items():
            rule = known.get(name, schema.get("additionalProperties"))
            if rule is None and known:
                found.append(f"{where}.{name} is in no schema")
            found += _problems(inner, rule or {}, definitions, f"{where}.{name}")
    if isinstance(value, list) and not found:
        for place, inner in enumerate(value):
            found += _problems(inner, schema.get("items", {}), definitions, f"{where}[{place}]")
    return found


def _kind(value: Any, kinds: str | list[str] | None, where: str) -> list[str]:
    if kinds is None:
        return []
    allowed = [kinds] if isinstance(kinds, str) else kinds
    fits = any(isinstance(value, KINDS[kind]) and (isinstance(value, bool) == (kind == "boolean")) for kind in allowed)
    return [] if fits else [f"{where} should be {' or '.join(allowed)}, it is {type(value).__name__}"]
