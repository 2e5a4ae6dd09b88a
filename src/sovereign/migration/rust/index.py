"""The units of the support module by the names for which they wait, read once and kept.

Enters: the folder of the support module. Leaves: an `Index`, whose `reach` says which units some names bring. To cut a
megabyte of Rust takes most of a second, so the index is kept in the user's cache under the digest of what it was made
from. Read `shake.py` next.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.errors import SovereignError
from sovereign.migration.rust.calls import TABLE, known_calls, owned, resolved
from sovereign.migration.rust.units import Level, Unit, defined, read, units
from sovereign.shell.cache import cache_folder
from sovereign.shell.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Collection

    from sovereign.migration.rust.units import Source

__all__ = ["Index", "load"]

_METHOD = re.compile(r"\bfn\s+(\w+)")
# What decides how the sources are cut; another version of it makes another index.
_MAKERS = ("calls.py", "index.py", "items.py", "units.py")


# What nearly every program needs; what these names bring is found once in a process.
_FIRST = frozenset(("run_main", "Exc", "Str", "say"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the support module beside its units.

    `items` are all names of items, `left_out` those that exist only with an operating system, `imports` per file the
    paths that it brings with their names, `traits` those that have a method of a name.
    """

    items: frozenset[str]
    left_out: frozenset[str]
    imports: dict[str, list[tuple[str, str]]]
    traits: dict[str, list[str]]


class _Reached(NamedTuple):
    """How many names each unit still waits for, the names that were reached, and the units that are kept."""

    missing: list[int]
    seen: frozenset[str]
    kept: list[int]


class Index:
    """All units, and which of them wait for a name."""

    def __init__(self, found: list[Unit], facts: Facts) -> None:
        self.units = found
        self.facts = facts
        self.words: dict[str, set[str]] = defaultdict(set)
        self._waiting: dict[str, list[int]] = defaultdict(list)
        for number, unit in enumerate(found):
            self.words[unit.file] |= unit.mentions
            for name in unit.needs:
                self._waiting[name].append(number)
        self._file = {name: unit.file for unit in found for name in unit.needs if len(unit.needs) == 1}
        self._missing = [len(unit.needs) for unit in found]
        self._begun: dict[frozenset[str], _Reached] = {}
        self._asked = [unit.mentions & self._waiting.keys() for unit in found]
        imported = {file: frozenset(name for _, name in brought) for file, brought in facts.imports.items()}
        self.brings = {unit: unit.mentions & imported[unit.file] for unit in found if unit.file}

    def reach(self, roots: Collection[str], *, without: str = "") -> list[Unit]:
        """The units that are kept for some names, in the order of the files.

        Traits of files whose names begin with `without` are not in scope, unless the roots name them.
        """
        roots = set(owned(roots, self._waiting))
        # A program has all traits in scope, so that a method of any of them may be called.
        traits = {trait for name in roots for trait in self.facts.traits.get(name, ())}
        if without:
            traits = {trait for trait in traits if not self._file[trait].startswith(without)}
        names = {*roots, *traits} & self._waiting.keys()
        first = _FIRST & names
        if first not in self._begun:
            self._begun[first] = self._further(_Reached(self._missing, frozenset(), []), first)
        kept = self._further(self._begun[first], names).kept
        return [self.units[number] for number in sorted(kept)]

    def _further(self, begun: _Reached, names: Collection[str]) -> _Reached:
        """What further names bring."""
        missing, waiting, asked = begun.missing.copy(), self._waiting, self._asked
        seen, kept = {*begun.seen, *names}, begun.kept.copy()
        todo = list(seen - begun.seen)
        while todo:
            for number in waiting[todo.pop()]:
                missing[number] -= 1
                if not missing[number]:
                    kept.append(number)
                    new = asked[number] - seen
                    seen |= new
                    todo += new
        return _Reached(missing, frozenset(seen), kept)


@functools.cache
def load(folder: Path, *, no_std: bool) -> Index:
    """The index, from the cache where it is there.

    Errors    InternalError rust.support   when a file holds more than items.
    """
    kept = cache_folder() / "support-index" / f"{_digest(folder, no_std=no_std)}.json"
    try:
        return _from_json(json.loads(kept.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        pass  # not there, or not whole
    index = _build(folder, no_std=no_std)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, json.dumps(_to_json(index)).encode(), force=True)
    except (OSError, SovereignError):
        pass  # a cache that cannot be written costs time alone
    return index


def _digest(folder: Path, *, no_std: bool) -> str:
    digest = hashlib.sha256(b"bare" if no_std else b"std")
    makers = [Path(__file__).with_name(name) for name in _MAKERS]
    for path in (*makers, *sorted(folder.glob("*.rs")), *folder.glob(TABLE)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _build(folder: Path, *, no_std: bool) -> Index:
    kept, dropped = read(folder, no_std=no_std)
    traits = _traits(kept)
    found = resolved(units(kept), known_calls(folder))
    in_scope = {source.name: source.ours | {chunk.name for chunk in source.chunks} for source in kept}
    # In these sources a method of a trait can only be called where the trait is in scope.
    called = [
        {
            trait
            for name in unit.mentions & traits.keys()
            for trait in traits[name]
            if trait in in_scope.get(unit.file, ())
        }
        for unit in found
    ]
    whole = [unit.mentioning(names) for unit, names in zip(found, called, strict=True)]
    left_out = defined(dropped) - defined(kept) if no_std else frozenset[str]()
    return Index(whole, Facts(defined(kept), left_out, {source.name: source.imports for source in kept}, traits))


def _traits(sources: list[Source]) -> dict[str, list[str]]:
    """The traits that have a method of a name."""
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for chunk in source.chunks:
            if chunk.kind == "trait":
                for method in _METHOD.findall(source.mask, chunk.start, chunk.end):
                    found[f".{method}"].append(chunk.name)
                    found[f"{chunk.name}.{method}"].append(chunk.name)
    return dict(found)


def _to_json(index: Index) -> dict[str, Any]:
    levels = {id(level): level for unit in index.units for level in unit.levels}
    places = {key: place for place, key in enumerate(levels)}
    facts = index.facts
    return {
        "items": sorted(facts.items),
        "left_out": sorted(facts.left_out),
        "imports": facts.imports,
        "traits": facts.traits,
        "levels": [asdict(level) for level in levels.values()],
        "units": [
            [
                unit.file,
                unit.text,
                sorted(unit.needs),
                sorted(unit.mentions),
                unit.is_spaced,
                [places[id(level)] for level in unit.levels],
            ]
            for unit in index.units
        ],
    }


def _from_json(data: dict[str, Any]) -> Index:
    levels = [Level(**level) for level in data["levels"]]
    found = [
        Unit(file, text, frozenset(needs), frozenset(mentions), is_spaced, tuple(levels[place] for place in around))
        for file, text, needs, mentions, is_spaced, around in data["units"]
    ]
    imports = {file: [(path, name) for path, name in brought] for file, brought in data["imports"].items()}
    return Index(found, Facts(frozenset(data["items"]), frozenset(data["left_out"]), imports, data["traits"]))
