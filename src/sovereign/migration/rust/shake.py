"""What a program needs of the support module, and nothing else.

Enters: the names that a program mentions. Leaves: the text of `mod support { ... }`. A unit (`units.py`) is kept when
all names that it hangs on are mentioned by what is kept; that is by name alone, so that too much may be kept and never
too little. The rules that the sources follow stand in `support/lib.rs`. Read `build.py` next.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import InternalError, ParameterError
from sovereign.migration.rust.index import load
from sovereign.migration.rust.items import masked, names
from sovereign.migration.rust.units import MODULE

if TYPE_CHECKING:
    from collections.abc import Collection

    from sovereign.migration.rust.index import Index
    from sovereign.migration.rust.units import Level, Unit

__all__ = ["FOLDER", "mentioned", "support_module", "support_names"]

FOLDER = Path(__file__).with_name("support")
_WORLD = "Platform"


def mentioned(text: str) -> frozenset[str]:
    """The names that a text of Rust mentions, as `items.names` says; strings and comments do not count.

    >>> sorted(mentioned("x.append(say!('y'))"))
    ['.append', 'say', 'x']
    """
    return names(masked(text))


def support_module(
    roots: Collection[str],
    *,
    no_std: bool = False,
    own: Collection[str] = (),
    without: str = "",
    folder: Path = FOLDER,
) -> str:
    """The text of `mod support` with what the roots need; empty when they need nothing.

    `own` are names that the program defines itself. A method of the program is none of those traits that stand in files
    whose names begin with `without`, which are for programs of another language.

    Errors    ParameterError rust.no_std   when a root exists only with an operating system.
              InternalError rust.support   when two files bring different things under one name.
    Cost      a few milliseconds, and a fraction of a second the first time in a process.
    """
    index = load(folder, no_std=no_std)
    lost = sorted(set(roots) & index.facts.left_out - set(own))
    if lost:
        raise ParameterError(
            "rust.no_std",
            f"a program without an operating system cannot use what needs one: `{'`, `'.join(lost)}`",
            name="no_std",
            value=lost,
            allowed=[],
        )
    if no_std:
        # The world is written by others: what it promises does not depend on what one program asks of it.
        roots = {*roots, *(name for name, traits in index.facts.traits.items() if _WORLD in traits)}
    kept = [unit for unit in index.reach(roots, without=without) if unit.file]
    return _written(index, kept) if kept else ""


def support_names(*, no_std: bool = False, folder: Path = FOLDER) -> frozenset[str]:
    """The names of all items of the support module, which a program must not take for its own.

    >>> {"Str", "say", "floor_div"} <= support_names()
    True
    """
    return load(folder, no_std=no_std).facts.items


def _written(index: Index, kept: list[Unit]) -> str:
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
        levels = unit.levels
        if not unit.text and not levels:
            continue
        is_spaced, shared = unit.is_spaced, len(levels)
        if levels is not open_:
            # Blocks of the same `impl` that now follow each other become one.
            shared = sum(one.opening == other.opening for one, other in zip(open_, levels, strict=False))
            is_spaced |= shared < len(levels) or shared < len(open_)
            lines += [level.closing for level in reversed(open_[shared:])]
        if is_spaced and not lines[-1].endswith("{"):
            lines.append("")
        if levels is not open_:
            lines += [level.opening for level in levels[shared:]]
            open_ = levels
        if unit.text:
            lines.append(unit.text)
    lines += [level.closing for level in reversed(open_)]
    return "\n".join([*lines, "}", ""])


def _uses(index: Index, kept: list[Unit]) -> list[str]:
    """The `use` lines of all files that are still there, merged."""
    present: dict[str, set[str]] = defaultdict(set)
    for unit in kept:
        present[unit.file] |= index.brings[unit]
    brought: dict[str, str] = {}
    silent: set[str] = set()
    for file, words in present.items():
        for path, name in index.facts.imports[file]:
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
