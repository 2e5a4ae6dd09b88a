"""What the functions of the support module call of each other: what rustc found, read from a table beside the sources.

Enters: units (`units.py`) and `support/calls.json`. Leaves: the units, mentioning a method with its owner, `Str.join`,
where they were found to call just that; by name alone, `.join` is any type's, Rust's own types included. A unit that
changed since the table was made is not in it, and mentions names as before. `tools/support_calls.py` makes the table.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from sovereign.migration.rust.units import Unit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

__all__ = ["TABLE", "known_calls", "owned", "resolved", "unit_key"]

TABLE = "calls.json"
_KEY = 12


def unit_key(unit: Unit) -> str:
    """What a function is known by: it changes with its text and with the block that it stands in."""
    openings = "\0".join(level.opening for level in unit.levels)
    whole = f"{unit.file}\0{openings}\0{unit.owner}\0{unit.name}\0{unit.text}"
    return hashlib.sha256(whole.encode()).hexdigest()[:_KEY]


def known_calls(folder: Path) -> dict[str, list[str]]:
    """The table of a folder: by the key of a function, what it calls of ours, a method behind its owner."""
    path = folder / TABLE
    if not path.exists():
        return {}
    files: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return {key: called.split() for functions in files.values() for key, called in functions.items()}


def resolved(units: Iterable[Unit], known: dict[str, list[str]]) -> list[Unit]:
    """The units as the table has them; a method that is named without its owner may be that of any."""
    found = list(units)
    owners: dict[str, set[str]] = defaultdict(set)
    for unit in found:
        if unit.owner:
            owners[unit.name].add(unit.owner)
    # Constants of a block, and methods of blocks without a plain owner, are known by their names alone.
    plain = {name for unit in found for name in unit.needs if name.startswith(".")}
    functions = {unit.name for unit in found if unit.name in unit.needs}
    names = ({f".{name}" for name in owners} - plain) | functions
    anyone = [
        Unit("", "", frozenset((f".{name}",)), frozenset(f"{owner}.{name}" for owner in each))
        for name, each in sorted(owners.items())
    ]
    waited = {name for unit in found for name in unit.needs}
    plainly = [replace(unit, mentions=frozenset(owned(unit.mentions, waited))) for unit in found]
    return [*(_resolved(unit, each, names, known) for unit, each in zip(found, plainly, strict=True)), *anyone]


def owned(names: Iterable[str], known: Container[str]) -> Iterator[str]:
    """Names, where a method stands behind its owner only if something waits for just that.

    What follows a type may come from a trait, and the type may be another name of one.

    >>> sorted(owned(["Str", "Str.join", "Row.len", ".f"], {"Str.join"}))
    ['.f', '.len', 'Str', 'Str.join']
    """
    for name in names:
        owner, dot, method = name.partition(".")
        yield f".{method}" if owner and dot and name not in known else name


def _resolved(unit: Unit, plainly: Unit, names: set[str], known: dict[str, list[str]]) -> Unit:
    called = known.get(unit_key(unit)) if unit.name else None
    return plainly if called is None else replace(plainly, mentions=(plainly.mentions - names) | frozenset(called))
