"""What a program needs of the support module, and nothing else.

Enters: the names that a program mentions. Leaves: the text of `mod support { ... }`. The files of the support module
are cut into units once per process: an item, or a method of a trait or an `impl`. A unit is kept when all names that it
hangs on are mentioned by what is kept; that is by name alone, so that too much may be kept and never too little. A
method of one of our traits hangs on its name too, in the trait as in every implementation; those of foreign traits stay
together. The rules that the files follow stand in `support/lib.rs`. Read `build.py` next.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import InternalError, ParameterError
from sovereign.migration.rust.items import chunks, imports, indented, masked, names, self_type

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sovereign.migration.rust.items import Chunk

__all__ = ["FOLDER", "mentioned", "support_module"]

FOLDER = Path(__file__).with_name("support")
MODULE = "support"

# Types of Rust itself whose implementations of our traits are kept only where a program has such values. Integers,
# booleans and the unit type are everywhere and not listed.
_OWN_TYPES = frozenset("f64 f32 char str String Vec Option Result Rc Box Cell RefCell u8 u16 u32 u64 i128 u128".split())
_STD_ONLY = '#[cfg(feature = "std")]'
_BARE_ONLY = '#[cfg(not(feature = "std"))]'
_CRATE = re.compile(r"\bcrate::")
_TUPLE = re.compile(r"^\((?=.*,)")
_TYPE_LETTER = re.compile(r"\b[A-Z]\b")
_INNER_IMPL = re.compile(r"^ {8}(?:unsafe )?(impl\b[^{]*)\{", re.MULTILINE)
_BLOCK = re.compile(r"\b(?:impl|trait)\b")
_METHOD = re.compile(r"\bfn\s+(\w+)")


def mentioned(text: str) -> frozenset[str]:
    """The names that a text of Rust mentions; what stands in strings and comments does not count.

    >>> sorted(mentioned("fn main() { say!('x') }"))
    ['fn', 'main', 'say']
    """
    return names(masked(text))


def support_module(
    roots: Collection[str], *, no_std: bool = False, own: Collection[str] = (), folder: Path = FOLDER
) -> str:
    """The text of `mod support` with what the roots need; empty when they need nothing.

    `own` are names that the program defines itself.

    Errors    ParameterError rust.no_std   when a root exists only with an operating system.
              InternalError rust.support   when two files bring different things under one name.
    Cost      some milliseconds, and a fraction of a second the first time in a process.
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


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """What is kept or left out as one.

    `header` is the line around a method, with the number of its block; the block itself is a unit without text where it
    must stand even when it is empty.
    """

    file: str
    text: str
    needs: frozenset[str]
    mentions: frozenset[str]
    is_spaced: bool
    header: tuple[int, str] | None = None


@dataclass(slots=True)
class _File:
    """One file as it is read: its text, the chunks that it is cut into, and what its `use` lines bring."""

    name: str
    text: str
    mask: str
    chunks: list[Chunk]
    imports: list[tuple[str, str]] = field(default_factory=list)


class _Index:
    """All units, and which of them wait for a name."""

    def __init__(self, files: list[_File], left_out: frozenset[str]) -> None:
        self.left_out = left_out
        self.units: list[_Unit] = []
        self.imports: dict[str, list[tuple[str, str]]] = {file.name: file.imports for file in files}
        self.traits: dict[str, set[str]] = defaultdict(set)
        self.waiting: dict[str, list[int]] = defaultdict(list)
        defined = frozenset(chunk.name for file in files for chunk in file.chunks if _defines(chunk)) | _OWN_TYPES
        macros = {chunk.name: file for file in files for chunk in file.chunks if chunk.kind == "macro_rules"}
        cutter = _Cutter(defined, {name: _macro_needs(file, name, defined) for name, file in macros.items()})
        for file in files:
            for chunk in file.chunks:
                self.units.extend(cutter.units(file, chunk))
                if chunk.kind == "trait":
                    for method in _METHOD.findall(file.mask, chunk.start, chunk.end):
                        self.traits[method].add(chunk.name)
        for number, unit in enumerate(self.units):
            for name in unit.needs:
                self.waiting[name].append(number)

    def reach(self, roots: Iterable[str]) -> list[_Unit]:
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


class _Cutter:
    """Makes units of chunks, once it is known which names the support module defines."""

    def __init__(self, defined: frozenset[str], macros: dict[str, list[frozenset[str]]]) -> None:
        self.defined = defined
        self.macros = macros
        self.blocks = 0

    def units(self, file: _File, chunk: Chunk) -> Iterable[_Unit]:
        if chunk.kind == "impl":
            return self._implementation(file, chunk)
        if chunk.kind == "trait":
            return self._block(file, chunk, frozenset((chunk.name,)), stands=True)
        if chunk.kind == "use":
            return self._use(file, chunk)
        if chunk.kind == "!":
            return self._macro_use(file, chunk)
        if chunk.kind in {"extern", "mod"}:
            return []
        return [_unit(file, chunk, frozenset((chunk.name,)))]

    def _macro_use(self, file: _File, chunk: Chunk) -> Iterable[_Unit]:
        """A macro used as an item is kept when one of the implementations inside it would be kept."""
        size = f"tuple{len(_TYPE_LETTER.findall(file.mask, chunk.start, chunk.end))}"
        wish = f"{file.name}:{chunk.start}"  # no word of a program, so that only the units below say it
        for needs in self.macros.get(chunk.name) or [frozenset((chunk.name,))]:
            sized = needs - {"tuple"} | {size} if "tuple" in needs else needs
            yield _Unit(file.name, "", sized, frozenset((wish,)), is_spaced=False)
        yield _unit(file, chunk, frozenset((wish,)))

    def _use(self, file: _File, chunk: Chunk) -> Iterable[_Unit]:
        """A `use` of one word hands a macro on; the others bring names into the file."""
        brought = imports(file.mask[chunk.start : chunk.end])
        if len(brought) == 1 and brought[0][0] in self.macros:
            return [_unit(file, chunk, frozenset((brought[0][0],)))]
        file.imports.extend((path, name) for path, name in brought if not path.startswith("crate::"))
        return []

    def _implementation(self, file: _File, chunk: Chunk) -> Iterable[_Unit]:
        start = _head_start(file, chunk)
        trait, kind = self_type(file.mask[start : file.mask.index("{", start)])
        needs = self._named(kind) | self._named(trait)
        if trait and not self._named(trait.partition("<")[0]):
            return [_unit(file, chunk, needs)]
        return self._block(file, chunk, needs, stands=bool(trait))

    def _block(self, file: _File, chunk: Chunk, needs: frozenset[str], *, stands: bool) -> Iterable[_Unit]:
        """The methods of a block one by one, behind a unit for the block itself where it stands without methods."""
        opening = file.mask.index("{", _head_start(file, chunk))
        around = names(file.mask[chunk.start : opening])
        self.blocks += 1
        block = self.blocks, file.text[chunk.start : opening + 1].strip()
        units = [_Unit(file.name, "", needs, around, is_spaced=True, header=block)] if stands else []
        for method in chunks(file.mask, opening + 1, chunk.end - 1):
            own = {method.name} if method.kind == "fn" or not stands else frozenset[str]()
            units.append(_unit(file, method, needs | own, block, around))
        return units

    def _named(self, kind: str) -> frozenset[str]:
        """The names of ours that a type or a trait with its arguments hangs on."""
        tuples = {f"tuple{kind.count(',') + (not kind.endswith(',)'))}"} if _TUPLE.match(kind) else set()
        return (frozenset(re.findall(r"(?<![\w:'])\w+(?!::|\w)|(?<=::)\w+(?!::|\w)", kind)) & self.defined) | tuples


def _head_start(file: _File, chunk: Chunk) -> int:
    """Where the `impl` or `trait` of a chunk stands, behind its attributes."""
    found = _BLOCK.search(file.mask, chunk.start)
    assert found
    return found.start()


def _defines(chunk: Chunk) -> bool:
    return chunk.kind not in {"impl", "use", "!", "extern", "mod"}


def _macro_needs(file: _File, name: str, defined: frozenset[str]) -> list[frozenset[str]]:
    """What each implementation inside a macro hangs on; "tuple" where it is for a tuple of any size."""
    chunk = next(chunk for chunk in file.chunks if chunk.kind == "macro_rules" and chunk.name == name)
    found = []
    for header in _INNER_IMPL.findall(file.mask, chunk.start, chunk.end):
        trait, kind = self_type(header)
        needs = set(re.findall(r"(?<!\$)\b\w+", f"{trait} {kind}")) & defined
        found.append(frozenset(needs | {"tuple"} if kind.startswith("(") else needs))
    return found


def _unit(
    file: _File,
    chunk: Chunk,
    needs: frozenset[str],
    header: tuple[int, str] | None = None,
    around: frozenset[str] = frozenset(),
) -> _Unit:
    text, mask = file.text[chunk.start : chunk.end], file.mask[chunk.start : chunk.end]
    text = text.strip("\n")
    mentions = names(mask) | around
    return _Unit(file.name, indented(text), frozenset(needs), mentions, chunk.is_spaced, header)


# Reading


@functools.cache
def _index(folder: Path, no_std: bool) -> _Index:  # noqa: FBT001 - a key of the cache
    files: list[_File] = []
    dropped: list[_File] = []
    for name, condition in _modules((folder / "lib.rs").read_text()):
        (dropped if condition == (_STD_ONLY if no_std else _BARE_ONLY) else files).append(
            _read(folder, name, no_std=no_std)
        )
    left_out = {chunk.name for file in dropped for chunk in file.chunks if _defines(chunk)}
    stays = {chunk.name for file in files for chunk in file.chunks if _defines(chunk)}
    return _Index(files, frozenset(left_out - stays) if no_std else frozenset())


def _modules(text: str) -> list[tuple[str, str]]:
    """The files that `lib.rs` names, each with its condition."""
    found = re.findall(r"^(#\[cfg\(.*\)\]\n)?(?:pub )?mod (\w+);$", text, re.MULTILINE)
    return [(name, condition.strip()) for condition, name in found]


def _read(folder: Path, name: str, *, no_std: bool) -> _File:
    text = (folder / f"{name}.rs").read_text()
    text = re.sub(r"\A(?://!.*\n|\n)+", "", text)
    mask = masked(text)
    places = [found.end() for found in _CRATE.finditer(mask) if not _in_use(mask, found.start())]
    for place in reversed(places):
        text = f"{text[:place]}{MODULE}::{text[place:]}"
    mask = masked(text)
    drops, marks = (_STD_ONLY, _BARE_ONLY) if no_std else (_BARE_ONLY, _STD_ONLY)
    whole = [chunk for chunk in chunks(mask) if drops not in text[chunk.start : chunk.end]]
    # What remains under a condition holds, and a program has no such feature.
    return _File(name, text.replace(marks, " " * len(marks)), mask, whole)


def _in_use(mask: str, place: int) -> bool:
    line = mask[mask.rfind("\n", 0, place) + 1 : place]
    return re.match(r"(?:pub(?:\([^)]*\))? )?use ", line) is not None


# Writing


def _written(index: _Index, kept: list[_Unit]) -> str:
    lines = [
        "/// What the program needs of Python's values and operations.",
        "#[allow(dead_code, unused_imports, unused_macros)]",
        f"mod {MODULE} {{",
        "    extern crate alloc;",
        "",
        *(f"    {line}" for line in _uses(index, kept)),
    ]
    block: tuple[int, str] | None = None
    is_empty = False
    for unit in kept:
        if unit.header != block:
            lines += _closed(block)
            lines += ["", indented(unit.header[1])] if unit.header else []
            is_empty = True
        if unit.text:
            if (unit.is_spaced and not (unit.header and is_empty)) or (block and not unit.header):
                lines.append("")
            lines.append(unit.text)
            is_empty = False
        block = unit.header
    lines += _closed(block)
    return "\n".join([*lines, "}", ""])


def _closed(block: tuple[int, str] | None) -> list[str]:
    return ["    }"] if block else []


def _uses(index: _Index, kept: list[_Unit]) -> list[str]:
    """The `use` lines of all files that are still there, merged."""
    words: dict[str, set[str]] = defaultdict(set)
    for unit in kept:
        words[unit.file] |= unit.mentions
    all_words: dict[str, set[str]] = defaultdict(set)
    for unit in index.units:
        all_words[unit.file] |= unit.mentions
    brought: dict[str, str] = {}
    silent: set[str] = set()
    for file, present in words.items():
        for path, name in index.imports[file]:
            if name in present:
                if brought.setdefault(name, path) != path:
                    raise _clash(name, path, brought[name])
            elif name == "_" or (name[0].isupper() and name not in all_words[file]):
                silent.add(path)  # a trait that is there for its methods
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
