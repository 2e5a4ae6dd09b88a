"""The support module cut into units, each of which a program gets or does without.

Enters: the folder of the support module. Leaves: `Unit` values in the order of its files: an item, a method of a trait
or an `impl`, an implementation inside a macro. A unit says on which names it hangs and which it mentions. A method of
one of our traits hangs on its name too, in the trait as in every implementation; those of foreign traits stay together.
Read `index.py` next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

from sovereign.errors import InternalError
from sovereign.migration.rust.items import covered, imports, indented, local_names, masked, names, self_type, variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sovereign.migration.rust.items import Chunk

__all__ = ["MODULE", "WHOLE", "Level", "Source", "Unit", "defined", "read", "units"]

MODULE = "support"
# The name of a block that is kept as one, all functions of it together.
WHOLE = "impl"

# Types of Rust itself whose implementations of our traits are kept only where a program has such values. Others come
# up without being named, as a `String` does out of `format!`.
OWN_TYPES = frozenset(("f64", "f32"))
_STD_ONLY = '#[cfg(feature = "std")]'
_BARE_ONLY = '#[cfg(not(feature = "std"))]'
_HEADING = re.compile(r"\A(?://!.*\n|\n)+")
_CRATE = re.compile(r"\bcrate::")
_TUPLE = re.compile(r"^\((?=.*,)")
_NAMED = re.compile(r"(?<![\w:'$])\w+(?!::|\w)|(?<=::)\w+(?!::|\w)")
_TYPE_LETTER = re.compile(r"\b[A-Z]\b")
_INNER_IMPL = re.compile(r"\b(impl\b[^{};]*)\{")
_MACRO_USE = re.compile(r"\b(\w+)!\(")
_BLOCK = re.compile(r"\b(?:impl|trait)\b")
_BOUND = re.compile(r"[:+] (\w+)(?=[<>,+]| [+{])")
_GIVEN = re.compile(r"(\w+)(?:<[^{};]*>)? for\b")
_ARM = re.compile(r"=> \{\n")


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """What stands around units: a trait, an `impl`, a macro."""

    opening: str
    closing: str


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What is kept or left out as one: its text, and the levels around it, the outermost first.

    A unit without text keeps its levels, which must stand even when they are empty. A function has its `name`, one of a
    block also the `owner`, which is our type or our trait that it belongs to, and the `line` where its block begins. A
    block that is kept as one has the name `WHOLE`.
    """

    file: str
    text: str
    needs: frozenset[str]
    mentions: frozenset[str]
    is_spaced: bool = True
    levels: tuple[Level, ...] = ()
    name: str = ""
    owner: str = ""
    line: int = 0

    def mentioning(self, names: set[str]) -> Unit:
        """The same unit with further names that it mentions."""
        return replace(self, mentions=self.mentions | names) if names else self


@dataclass(slots=True)
class Source:
    """One file as it is read: its text, the chunks that it is cut into, and what its `use` lines bring.

    `skipped` lines of it stand before the text. `imports` are paths of Rust's own crates with their names, `ours` names
    of other files.
    """

    name: str
    text: str
    mask: str
    chunks: list[Chunk]
    skipped: int = 0
    imports: list[tuple[str, str]] = field(default_factory=list)
    ours: set[str] = field(default_factory=set)


def read(folder: Path, *, no_std: bool) -> tuple[list[Source], list[Source]]:
    """The files that `lib.rs` names in its order, and those that are left out with or without an operating system."""
    drops, holds = (_STD_ONLY, _BARE_ONLY) if no_std else (_BARE_ONLY, _STD_ONLY)
    found = re.findall(r"^(#\[cfg\(.*\)\]\n)?(?:pub )?mod (\w+);$", (folder / "lib.rs").read_text(), re.MULTILINE)
    kept: list[Source] = []
    dropped: list[Source] = []
    for condition, name in found:
        place = dropped if condition.strip() == drops else kept
        place.append(_source(name, (folder / f"{name}.rs").read_text(), drops, holds))
    return kept, dropped


def _source(name: str, text: str, drops: str, holds: str) -> Source:
    heading = _HEADING.match(text)
    skipped = text.count("\n", 0, heading.end()) if heading else 0
    text = _HEADING.sub("", text)
    mask = masked(text)
    # The root of the crate is the module, once its sources stand in a program.
    for found in reversed(list(_CRATE.finditer(mask))):
        if not _is_in_use(mask, found.start()):
            text, mask = (f"{each[: found.end()]}{MODULE}::{each[found.end() :]}" for each in (text, mask))
    # What is under the other condition goes; the one that holds is no condition of a program.
    items = covered(mask, 0, len(mask))
    if items is None:
        raise InternalError("rust.support", f"a file of the support module holds more than items: `{name}`", where=name)
    parts = [chunk for chunk in items if drops not in text[chunk.start : chunk.end]]
    blank = " " * len(holds)
    return Source(name, text.replace(holds, blank), mask.replace(holds, blank), parts, skipped)


def _is_in_use(mask: str, place: int) -> bool:
    line = mask[mask.rfind("\n", 0, place) + 1 : place]
    return re.match(r"(?:pub(?:\([^)]*\))? )?use ", line) is not None


def defined(sources: Iterable[Source]) -> frozenset[str]:
    """The names of all items."""
    without = {"impl", "use", "!", "extern"}
    return frozenset(chunk.name for source in sources for chunk in source.chunks if chunk.kind not in without)


def units(sources: list[Source]) -> list[Unit]:
    """All units; the `use` lines of the sources are noted in them instead."""
    cutter = _Cutter(sources)
    return [unit for source in sources for chunk in source.chunks for unit in cutter.cut(source, chunk)]


class _Cutter:
    """Makes units of chunks, knowing which names are ours."""

    def __init__(self, sources: list[Source]) -> None:
        self.ours = defined(sources) | OWN_TYPES
        owners = {"struct", "enum", "union", "trait"}
        self.owners = {chunk.name for source in sources for chunk in source.chunks if chunk.kind in owners}
        # No type of ours has these traits: where a program has none either, nothing that asks for them is of use.
        given = {name for source in sources for name in _GIVEN.findall(source.mask)}
        self.theirs = {chunk.name for source in sources for chunk in source.chunks if chunk.kind == "trait"} - given
        self.wishes = count()
        self.types = {
            chunk.name: place
            for source in sources
            for chunk in source.chunks
            if chunk.kind == "macro_rules" and (place := _type_place(source.mask[chunk.start : chunk.end])) is not None
        }
        macros = {
            chunk.name: (source, chunk) for source in sources for chunk in source.chunks if chunk.kind == "macro_rules"
        }
        self.macros = {name: self._headers(source, chunk) for name, (source, chunk) in macros.items()}
        for name, (source, chunk) in macros.items():
            self.macros[name] += self._handed_on(source, chunk)

    def _headers(self, source: Source, chunk: Chunk) -> list[frozenset[str]]:
        """What each implementation inside a macro hangs on; "tuple" where it is for a tuple of any size."""
        headers = _INNER_IMPL.findall(source.mask, chunk.start, chunk.end)
        return [self._named(kind) | self._named(trait) for trait, kind in map(self_type, headers)]

    def _handed_on(self, source: Source, chunk: Chunk) -> list[frozenset[str]]:
        """What a macro hangs on that uses another one in place of implementations."""
        found: list[frozenset[str]] = []
        for use in _MACRO_USE.finditer(source.mask, source.mask.index("=>", chunk.start), chunk.end):
            place = self.types.get(use[1])
            given = _pieces(source.mask[use.end() : chunk.end])
            kind = frozenset[str]() if place is None else self._named(_without_generics(given[place]))
            found += [needs | kind for needs in self.macros.get(use[1], ())]
        return found

    def cut(self, source: Source, chunk: Chunk) -> Iterable[Unit]:
        if chunk.kind == "impl":
            return self._implementation(source, chunk, ())
        if chunk.kind == "trait":
            return self._block(source, chunk, frozenset((chunk.name,)), (), stands=True)
        if chunk.kind == "use":
            return self._use(source, chunk)
        if chunk.kind == "!":
            return self._macro_use(source, chunk)
        if chunk.kind == "macro_rules" and _inner(source, chunk):
            return self._macro(source, chunk)
        unit = _unit(source, chunk, frozenset((chunk.name,)))
        return () if chunk.kind == "extern" else (replace(unit, name=chunk.name if chunk.kind == "fn" else ""),)

    def _use(self, source: Source, chunk: Chunk) -> Iterator[Unit]:
        """A `use` of one word hands a macro on; the others bring names into the file."""
        brought = imports(source.mask[chunk.start : chunk.end])
        if len(brought) == 1 and brought[0][0] in self.macros:
            yield _unit(source, chunk, frozenset((brought[0][0],)))
        else:
            source.imports.extend((path, name) for path, name in brought if not path.startswith("crate::"))
            source.ours.update(name for path, name in brought if path.startswith("crate::"))

    def _macro(self, source: Source, chunk: Chunk) -> Iterator[Unit]:
        """A macro that holds implementations: they are units, and the macro is a level around them."""
        inner = _inner(source, chunk)
        own = frozenset((chunk.name,))
        ending = source.text[inner[-1].end : chunk.end].strip("\n")
        level = Level(_lines(source.text[chunk.start : inner[0].start]), indented(ending))
        yield Unit(source.name, "", own, names(source.mask[chunk.start : inner[0].start]), levels=(level,))
        for part in inner:
            for unit in self._implementation(source, part, (level,)):
                yield replace(unit, needs=unit.needs - {"tuple"} | own)

    def _macro_use(self, source: Source, chunk: Chunk) -> Iterator[Unit]:
        """A macro used as an item is kept when one of the implementations inside it would be kept."""
        size = f"tuple{len(_TYPE_LETTER.findall(source.mask, chunk.start, chunk.end))}"
        wish = f"wish {next(self.wishes)}"  # no word, so that only the units below can say it
        alternatives = self.macros.get(chunk.name)
        if not alternatives:
            text = f"a macro is used as an item and holds no implementation: `{chunk.name}`"
            raise InternalError("rust.support", text, where=source.name)
        for needs in alternatives:
            wanted = needs - {"tuple"} | {size} if "tuple" in needs else needs
            yield Unit(source.name, "", wanted | self._given_type(source, chunk), frozenset((wish,)))
        unit = _unit(source, chunk, frozenset((wish,)))
        # A word may become a method's name inside.
        words = frozenset(f".{word}" for word in unit.mentions if word.isidentifier())
        yield replace(unit, mentions=unit.mentions | words)

    def _given_type(self, source: Source, chunk: Chunk) -> frozenset[str]:
        """The names of ours in the type that a macro is used for, where its pattern has one type."""
        place = self.types.get(chunk.name)
        if place is None:
            return frozenset()
        inside = source.mask[source.mask.index("!", chunk.start) + 2 : chunk.end - 2]
        given = _pieces(inside)
        return self._named(_without_generics(given[place])) if place < len(given) else frozenset()

    def _implementation(self, source: Source, chunk: Chunk, levels: tuple[Level, ...]) -> Iterable[Unit]:
        trait, _ = _head(source, chunk)
        needs = self._needs(source, chunk)
        opening = source.mask.index("{", _block_start(source, chunk))
        is_foreign = trait and not self._named(trait.partition("<")[0])
        if is_foreign or covered(source.mask, opening + 1, chunk.end - 1) is None:
            return (replace(_unit(source, chunk, needs, levels), name=WHOLE, line=_line(source, chunk)),)
        return self._block(source, chunk, needs, levels, stands=bool(trait))

    def _block(
        self, source: Source, chunk: Chunk, needs: frozenset[str], levels: tuple[Level, ...], *, stands: bool
    ) -> Iterator[Unit]:
        """The methods of a block one by one, behind a unit for the block itself where it stands without methods."""
        opening = source.mask.index("{", _block_start(source, chunk))
        around = names(source.mask[chunk.start : opening])
        is_empty = opening + 2 == chunk.end
        closing = "}" if is_empty else source.text[source.text.rfind("\n", 0, chunk.end) + 1 : chunk.end]
        level = Level(_lines(source.text[chunk.start : opening + 1]), indented(closing))
        levels = (*levels, level)
        if stands:
            yield Unit(source.name, "", needs, around, levels=levels)
        owner, line = self._owner(source, chunk), _line(source, chunk)
        for method in covered(source.mask, opening + 1, chunk.end - 1) or ():
            if method.kind == "fn":
                unit = _unit(source, method, needs | {f"{owner}.{method.name}"}, levels, around)
                yield replace(unit, name=method.name, owner=owner, line=line)
            else:
                yield _unit(source, method, needs if stands else needs | {f".{method.name}"}, levels, around)

    def _owner(self, source: Source, chunk: Chunk) -> str:
        """The trait or the type of ours that the methods of a block belong to; nothing where that is not plain."""
        if chunk.kind == "trait":
            return chunk.name
        trait, kind = _head(source, chunk)
        found = re.match(r"(?:\w+::)*(\w+)", trait or kind)
        return found[1] if found and found[1] in self.owners else ""

    def _needs(self, source: Source, chunk: Chunk) -> frozenset[str]:
        """The names of ours that an implementation hangs on, its trait and its type."""
        trait, kind = _head(source, chunk)
        start = _block_start(source, chunk)
        bounds = frozenset(_BOUND.findall(source.mask[start : source.mask.index("{", start)]))
        return self._named(kind) | self._named(trait) | (bounds & self.theirs)

    def _named(self, kind: str) -> frozenset[str]:
        found = frozenset(_NAMED.findall(kind)) & self.ours
        if kind.startswith("($"):
            return found | {"tuple"}
        return found | {f"tuple{kind.count(',') + (not kind.endswith(',)'))}"} if _TUPLE.match(kind) else found


def _line(source: Source, chunk: Chunk) -> int:
    """The line of its file where a block begins, behind its attributes."""
    return source.skipped + source.text.count("\n", 0, _block_start(source, chunk)) + 1


def _type_place(mask: str) -> int | None:
    """In which piece of a macro's pattern its type stands; None when it has none, or any number."""
    pattern = mask[mask.index("(") + 1 : mask.find(") =>")]
    places = [place for place, piece in enumerate(_pieces(pattern)) if re.search(r"\$\w+:ty\b", piece)]
    return places[0] if len(places) == 1 and not re.match(r"\s*\$\(", pattern) else None


def _without_generics(piece: str) -> str:
    """A type behind the generic parameters that a macro takes in brackets."""
    return re.sub(r"^\s*\[(?:[^\[\]]|\[[^\]]*\])*\]\s*", "", piece)


def _pieces(text: str) -> list[str]:
    """The parts between the commas outside of all brackets."""
    pieces, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "([{<") - (letter in ")]}" or (letter == ">" and text[place - 1] not in "-="))
        if letter == "," and depth == 0:
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


def _inner(source: Source, chunk: Chunk) -> list[Chunk]:
    """The implementations of which a macro consists; none when it holds anything else."""
    arms = list(_ARM.finditer(source.mask, chunk.start, chunk.end))
    if len(arms) != 1:
        return []
    end = source.mask.rindex("}", chunk.start, source.mask.rindex("}", chunk.start, chunk.end))
    inner = covered(source.mask, arms[0].end(), end) or []
    return inner if all(part.kind == "impl" for part in inner) else []


def _head(source: Source, chunk: Chunk) -> tuple[str, str]:
    start = _block_start(source, chunk)
    return self_type(source.mask[start : source.mask.index("{", start)])


def _block_start(source: Source, chunk: Chunk) -> int:
    """Where the `impl` or `trait` of a chunk stands, behind its attributes."""
    found = _BLOCK.search(source.mask, chunk.start)
    assert found
    return found.start()


def _unit(
    source: Source,
    chunk: Chunk,
    needs: frozenset[str],
    levels: tuple[Level, ...] = (),
    around: frozenset[str] = frozenset(),
) -> Unit:
    text, mask = _lines(source.text[chunk.start : chunk.end]), source.mask[chunk.start : chunk.end]
    if chunk.kind == "fn":
        mask = mask.replace(f"fn {chunk.name}", "", 1)  # to define is not to mention
    own = variants(mask) if chunk.kind == "enum" else local_names(mask)
    mentions = (names(mask) - own) | around
    return Unit(source.name, text, needs, mentions, chunk.is_spaced, levels)


def _lines(text: str) -> str:
    """A piece of a file as it stands in the module: without empty lines around it, one step further in."""
    return indented(text.strip("\n").rstrip())
