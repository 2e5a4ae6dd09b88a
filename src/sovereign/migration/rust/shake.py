"""What a program needs of the support module, and nothing else.

Enters: the names that a program mentions. Leaves: the text of `mod support { ... }`. A unit (`units.py`) is kept when
all names that it hangs on are mentioned by what is kept; that is by name alone, so that too much may be kept and never
too little. The rules that the sources follow stand in `support/lib.rs`. Read `build.py` next.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import InternalError, ParameterError
from sovereign.migration.rust.items import masked, names
from sovereign.migration.rust.units import MODULE, defined, read, units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sovereign.migration.rust.units import Level, Source, Unit

__all__ = ["FOLDER", "mentioned", "support_module", "support_names"]

FOLDER = Path(__file__).with_name("support")
_METHOD = re.compile(r"\bfn\s+(\w+)")


def mentioned(text: str) -> frozenset[str]:
    """The names that a text of Rust mentions, as `items.names` says; strings and comments do not count.

    >>> sorted(mentioned("x.append(say!('y'))"))
    ['.append', 'say', 'x']
    """
    return names(masked(text))


def support_module(
    roots: Collection[str], *, no_std: bool = False, own: Collection[str] = (), folder: Path = FOLDER
) -> str:
    """The text of `mod support` with what the roots need; empty when they need nothing.

    `own` are names that the program defines itself.

    Errors    ParameterError rust.no_std   when a root exists only with an operating system.
              InternalError rust.support   when two files bring different things under one name.
    Cost      a few milliseconds, and a fraction of a second the first time in a process.
    """
    index = _index(folder, no_std)
    lost = sorted(set(roots) & index.left_out - set(own))
    if lost:
        raise ParameterError(
            "rust.no_std",
            f"a program without an operating system cannot use what needs one: `{'`, `'.join(lost)}`",
            name="no_std",
            value=lost,
            allowed=[],
        )
    kept = index.reach(roots)
    return _written(index, kept) if kept else ""


def support_names(*, no_std: bool = False, folder: Path = FOLDER) -> frozenset[str]:
    """The names of all items of the support module, which a program must not take for its own.

    >>> {"Str", "say", "floor_div"} <= support_names()
    True
    """
    return _index(folder, no_std).items


class _Index:
    """All units, and which of them wait for a name."""

    def __init__(self, sources: list[Source], left_out: frozenset[str]) -> None:
        self.left_out = left_out
        self.units = units(sources)
        self.items = defined(sources)
        self.imports = {source.name: source.imports for source in sources}
        self.traits: dict[str, set[str]] = defaultdict(set)
        self.waiting: dict[str, list[int]] = defaultdict(list)
        self.words: dict[str, set[str]] = defaultdict(set)
        for source in sources:
            for chunk in source.chunks:
                if chunk.kind == "trait":
                    for method in _METHOD.findall(source.mask, chunk.start, chunk.end):
                        self.traits[f".{method}"].add(chunk.name)
        for number, unit in enumerate(self.units):
            self.words[unit.file] |= unit.mentions
            for name in unit.needs:
                self.waiting[name].append(number)

    def reach(self, roots: Iterable[str]) -> list[Unit]:
        """The units that are kept, in the order of the files."""
        missing = [len(unit.needs) for unit in self.units]
        seen: set[str] = set()
        todo = list(roots)
        kept = []
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            todo.extend(self.traits.get(name, ()))
            for number in self.waiting.get(name, ()):
                missing[number] -= 1
                if not missing[number]:
                    kept.append(number)
                    todo.extend(self.units[number].mentions - seen)
        return [self.units[number] for number in sorted(kept)]


@functools.cache
def _index(folder: Path, no_std: bool) -> _Index:  # noqa: FBT001 - a key of the cache
    kept, dropped = read(folder, no_std=no_std)
    return _Index(kept, defined(dropped) - defined(kept) if no_std else frozenset())


def _written(index: _Index, kept: list[Unit]) -> str:
    lines = [
        "/// What the program needs of Python's values and operations.",
        "#[allow(dead_code, unused_imports, unused_macros)]",
        f"mod {MODULE} {{",
        "    extern crate alloc;",
        "",
        *(f"    {line}" for line in _uses(index, kept)),
    ]
    open_: tuple[Level, ...] = ()
    for unit in kept:
        if not unit.text and not unit.levels:
            continue
        # Blocks of the same `impl` that now follow each other become one.
        shared = sum(one.opening == other.opening for one, other in zip(open_, unit.levels, strict=False))
        is_first = shared < len(unit.levels)
        lines += [level.closing for level in reversed(open_[shared:])]
        if unit.is_spaced or is_first or shared < len(open_):
            lines += [] if lines[-1].endswith("{") else [""]
        lines += [level.opening for level in unit.levels[shared:]]
        lines += [unit.text] if unit.text else []
        open_ = unit.levels
    lines += [level.closing for level in reversed(open_)]
    return "\n".join([*lines, "}", ""])


def _uses(index: _Index, kept: list[Unit]) -> list[str]:
    """The `use` lines of all files that are still there, merged."""
    present: dict[str, set[str]] = defaultdict(set)
    for unit in kept:
        present[unit.file] |= unit.mentions
    brought: dict[str, str] = {}
    silent: set[str] = set()
    for file, words in present.items():
        for path, name in index.imports[file]:
            if name == "_" or (name[0].isupper() and name not in index.words[file]):
                silent.add(path)  # a trait that is there for its methods
            elif name in words and brought.setdefault(name, path) != path:
                raise _clash(name, path, brought[name])
    groups: dict[str, set[str]] = defaultdict(set)
    for name, path in brought.items():
        prefix, _, last = path.rpartition("::")
        groups[prefix].add(last if last == name else f"{last} as {name}")
    for path in silent - set(brought.values()):
        prefix, _, last = path.rpartition("::")
        groups[prefix].add(f"{last} as _")
    return [_use_line(prefix, sorted(leaves)) for prefix, leaves in sorted(groups.items())]


def _use_line(prefix: str, leaves: list[str]) -> str:
    return f"use {prefix}::{leaves[0]};" if len(leaves) == 1 else f"use {prefix}::{{{', '.join(leaves)}}};"


def _clash(name: str, one: str, other: str) -> InternalError:
    return InternalError(
        "rust.support",
        f"two files of the support module mean different things by `{name}`: `{one}`, `{other}`",
        where=name,
    )
