"""What differs between recordings of one behaviour, learned and told apart from what never does.

Enters: values that were seen at one place in several recordings. Leaves: the value itself where all agree, or the mark
`{"*": n}`, which stands for anything and says how many different values were seen. Read `golden.py` next.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sovereign.observability.renacer.effects import Action

__all__ = ["ANY", "agrees", "below", "general", "is_any", "learned", "learned_actions", "mark"]

ANY = "*"
_VARYING = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}|\d+")


def mark(values: Sequence[Any]) -> dict[str, int]:
    """The mark for values that differ."""
    return {ANY: len({json.dumps(value, sort_keys=True) for value in values})}


def is_any(value: Any) -> bool:
    """Whether a value is the mark for anything.

    >>> is_any({"*": 3}), is_any({"bytes": 3})
    (True, False)
    """
    return isinstance(value, dict) and value.keys() == {ANY}


def learned(values: Sequence[Any]) -> Any:
    """What all recordings agree on, or the mark.

    >>> learned([3, 3]), learned([3, 4, 3])
    (3, {'*': 2})
    """
    first = values[0]
    return first if all(value == first for value in values) else mark(values)


def learned_actions(recorded: Sequence[Sequence[Action]]) -> list[Action] | None:
    """The actions of one task on one thing, their facts masked where they differ; none when other things are done."""
    shapes = {tuple((action[0], len(action)) for action in actions) for actions in recorded}
    if len(shapes) > 1:
        return None
    return [
        [column[0][0], *(learned([action[place] for action in column]) for place in range(1, len(column[0])))]
        for column in zip(*recorded, strict=True)
    ]


def agrees(expected: Any, found: Any) -> bool:
    """Whether a value is what was learned.

    >>> agrees(["write", {"*": 2}], ["write", {"bytes": 1}]), agrees(["write"], ["read"])
    (True, False)
    """
    if is_any(expected):
        return True
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(agrees, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(agrees(expected[name], found[name]) for name in expected)
    return bool(expected == found)


def below(name: str, known: Collection[str]) -> str:
    """A name with all of it left open that lies below a folder that is known.

    >>> below("{folder}/objects/0c/9f1e", {"{folder}/objects"})
    '{folder}/objects/*/*'
    """
    head, rest = name, 0
    while "/" in head and head not in known:
        head, rest = head.rpartition("/")[0], rest + 1
    return head + f"/{ANY}" * rest if head in known else name


def general(name: str) -> str:
    """A name with its numbers and identifiers left open.

    >>> general("{folder}/log-20260114.txt")
    '{folder}/log-*.txt'
    """
    # What stands in braces is a word of ours.
    parts = re.split(r"(\{[^}]*\})", name)
    return "".join(part if part.startswith("{") else _VARYING.sub(ANY, part) for part in parts)
