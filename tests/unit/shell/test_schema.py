"""Schemas say what typed dicts say, also of those inside others."""

from __future__ import annotations

from typing import Any, TypedDict

from sovereign.shell.schema import schema_of


class Leaf(TypedDict):
    """A leaf."""

    size: int | None
    children: list[Leaf]


class Tree(TypedDict):
    """A tree.

    Further text.
    """

    name: str
    root: Leaf | None
    facts: dict[str, float]
    anything: Any


def test_each_kind_of_value_has_its_words():
    schema = schema_of(Tree, "tree")
    assert schema["description"] == "A tree."
    assert schema["required"] == ["name", "root", "facts", "anything"]
    assert schema["properties"] == {
        "name": {"type": "string"},
        "root": {"anyOf": [{"$ref": "#/$defs/Leaf"}, {"type": "null"}]},
        "facts": {"type": "object", "additionalProperties": {"type": "number"}},
        "anything": {},
    }
    leaf = schema["$defs"]["Leaf"]["properties"]
    assert leaf == {
        "size": {"type": ["integer", "null"]},
        "children": {"type": "array", "items": {"$ref": "#/$defs/Leaf"}},
    }
