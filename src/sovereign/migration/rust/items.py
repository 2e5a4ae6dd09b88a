"""Items of Rust source files: where each begins, what it is called, which names it mentions.

Enters: text of Rust, formatted by rustfmt. Leaves: `Chunk` values, which are spans of it, and names. This is no parser:
it knows strings, comments and brackets, which is enough to cut our own support module. Read `shake.py` next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Chunk",
    "chunks",
    "covered",
    "imports",
    "indented",
    "local_names",
    "masked",
    "names",
    "self_type",
    "variants",
]

_HIDDEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(?P<marks>\#*)".*?"(?P=marks)|b?"(?:[^"\\]|\\.)*"|b?'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\\n])'""",
    re.DOTALL,
)
_WORD = re.compile(r"(?:((?<!\.)\.|::|\bfn )\s*)?\b([A-Za-z_]\w*)(\(|::<)?")
_DECLARED = re.compile(r"\b(?:let (?:mut )?)?([a-z_]\w*)(?=:[^:])|\blet (?:mut )?([a-z_]\w*)\b")
_TAKEN_APART = re.compile(r"\blet (?:\w+(?:::\w+)*)?\(([^()=]*)\)|\bfor \(([^()=]*)\) in\b")
_VARIANT = re.compile(r"(?<=[{,}\]\n])\s*([A-Z]\w*)(?=\s*[({,}])")
_LOCAL = re.compile(r"\b[a-z_]\w*\b")
_CALLED = re.compile(r"(?<!\.)\b([a-z_]\w*)(?=[(!]|::)")
_FLOAT = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d|\.(?![\w.])|e[-+]?\d)")
_LINE = re.compile(r"^(?=.)", re.MULTILINE)
_COMMA = re.compile(r"[{}()\[\],]")
_BRACKET = re.compile(r"[{}()\[\];]")
_HEAD = re.compile(
    r"(?:\s|\#!?\[(?:[^\[\]]|\[[^\]]*\])*\])*"
    r"(?:pub(?:\([^)]*\))?\s+)?(?:(?:unsafe|async|const(?=\s+(?:fn|unsafe|extern)))\s+)*"
    r"(?:(?P<kind>fn|struct|enum|union|trait|impl|const|static|type|use|mod|extern)\b|(?P<macro>\w+)!)\s*(?P<name>\w+)?"
)
# What may stand before the parenthesis of a tuple; behind a word or a closing bracket it would be a call's.
_TUPLE_OPEN = re.compile(r"(?<![\w!>)\]?$])\(")
_ENDS_AT_SEMICOLON = frozenset(("const", "static", "type", "use", "extern"))
_OPENING = frozenset("({[")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One item with its comments and attributes: a span of the text, its kind, and its name where it has one.

    A use of a macro as an item has the macro's name and the kind "!".
    """

    start: int
    end: int
    kind: str
    name: str
    is_spaced: bool


def covered(mask: str, start: int, end: int) -> list[Chunk] | None:
    """The items between two places, None when something there is no item, such as the parameter of a macro."""
    found = list(chunks(mask, start, end))
    rest = mask[found[-1].end if found else start : end]
    return None if rest.strip() else found


def masked(text: str) -> str:
    """The text with blanks in place of comments, strings and characters, so that brackets and words can be found.

    >>> masked('f("a{", x) // }')
    'f(    , x)     '
    """
    return _HIDDEN.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    hidden = found[0]
    return "\n".join([" " * len(line) for line in hidden.split("\n")]) if "\n" in hidden else " " * len(hidden)


def chunks(mask: str, start: int = 0, end: int | None = None) -> Iterator[Chunk]:
    """The items of a masked text between two places.

    >>> [(chunk.kind, chunk.name) for chunk in chunks("use a::b; pub struct P(i64); fn f() { g(); }")]
    [('use', 'a'), ('struct', 'P'), ('fn', 'f')]
    """
    end = len(mask) if end is None else end
    before = start
    while head := _HEAD.match(mask, start, end):
        kind = head["kind"] or ("macro_rules" if head["macro"] == "macro_rules" else "!")
        stop = _item_end(mask, head.end(), end, needs_semicolon=kind in _ENDS_AT_SEMICOLON)
        name = head["macro"] if kind == "!" else head["name"] or ""
        gap = mask[before:stop]
        lead = gap[: len(gap) - len(gap.lstrip())]
        yield Chunk(before, stop, kind, name, is_spaced=lead.count("\n") > 1)
        start = before = stop


def _item_end(mask: str, start: int, end: int, *, needs_semicolon: bool) -> int:
    depth = 0
    for found in _BRACKET.finditer(mask, start, end):
        letter = found[0]
        if letter in _OPENING:
            depth += 1
        elif letter == ";":
            if depth == 0:
                return found.end()
        else:
            depth -= 1
            if depth == 0 and letter == "}" and not needs_semicolon:
                return found.end()
    return end


def names(mask: str) -> frozenset[str]:
    """What a masked text mentions: its words, and what may be a method of that name as `.word`.

    A method is called behind a dot, named behind colons, or defined behind `fn`; a field or a variable of the name does
    not count. Right behind a type it stands with that. `f64` stands there for a float literal, `tuple2` for a tuple of
    two.

    >>> sorted(names("let (a, b) = c.d(0.5, E::f, e::h, c.g);"))
    ['.d', '.h', 'E', 'E.f', 'a', 'b', 'c', 'e', 'f64', 'h', 'let', 'tuple2']
    """
    found: set[str] = set()
    type_, end = "", -1
    for match in _WORD.finditer(mask):
        before, word, after = match.groups()
        if before == ".":
            if after:
                found.add(f".{word}")
            continue
        if before == "::" and match.start() == end and type_[:1].isupper():
            found.add(f"{type_}.{word}")  # what belongs to a type is no item
        else:
            found.add(word)
            if before:
                found.add(f".{word}")
        type_, end = word, match.end(2)
    if _FLOAT.search(mask):
        found.add("f64")
    for opening in _TUPLE_OPEN.finditer(mask):
        commas, last = _commas(mask, opening.end())
        most = commas if last == "," else commas + 1
        # Commas of generic arguments are counted too, so that fewer items may stand there.
        found.update(f"tuple{size}" for size in range(1 if last == "," else 2, most + 1))
    return frozenset(found)


def local_names(mask: str) -> frozenset[str]:
    """Words that a text without items inside declares and never calls: its variables, parameters and fields.

    >>> sorted(local_names("fn f(size: i64) { let part = size; part(g); Row { name: 1 } }"))
    ['name', 'size']
    >>> sorted(local_names("let (quotient, _) = f(a); if let Some(fault) = b {}"))
    ['_', 'fault', 'quotient']
    """
    declared = {word for pair in _DECLARED.findall(mask) for word in pair if word}
    for inside in _TAKEN_APART.findall(mask):
        declared.update(word for part in inside for word in _LOCAL.findall(part))
    return frozenset(declared - set(_CALLED.findall(mask)))


def variants(mask: str) -> frozenset[str]:
    """The names of an enum's variants that stand nowhere else in it, such as in the type that a variant holds.

    >>> sorted(variants("enum Body { Static(Str), Str(Str), Empty }"))
    ['Empty', 'Static']
    """
    found = _VARIANT.findall(mask)
    return frozenset(name for name in found if len(re.findall(rf"\b{name}\b", mask)) == 1)


def _commas(mask: str, start: int) -> tuple[int, str]:
    """How many commas stand directly inside a bracket that was opened before `start`, and what stands at its end."""
    depth = commas = 0
    for found in _COMMA.finditer(mask, start):
        letter = found[0]
        if letter == ",":
            commas += depth == 0
        elif letter in _OPENING:
            depth += 1
        elif depth == 0:
            return commas, mask[start : found.start()].rstrip()[-1:]
        else:
            depth -= 1
    return commas, ""


def self_type(header: str) -> tuple[str, str]:
    """The trait, or nothing, and the type of a masked `impl` header.

    >>> self_type("impl<T: Fn() -> i64> From<Vec<T>> for List<T> where T: Clone ")
    ('From<Vec<T>>', 'List<T>')
    """
    rest = header[header.index("impl") + 4 :]
    if rest.startswith("<"):
        rest = rest[_angle_end(rest) :]
    rest = re.split(r"\swhere\s", rest)[0]
    trait, separator, kind = re.sub(r"\s+", " ", rest).strip().partition(" for ")
    return (trait, kind) if separator else ("", trait)


def _angle_end(text: str) -> int:
    depth = 0
    for found in re.finditer(r"->|[<>]", text):
        depth += {"<": 1, ">": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(text)


def imports(line: str) -> list[tuple[str, str]]:
    """The paths that a `use` item brings, each with the name that it gets.

    >>> imports("use std::{fmt::{self, Write as _}, rc::Rc};")
    [('std::fmt', 'fmt'), ('std::fmt::Write', '_'), ('std::rc::Rc', 'Rc')]
    """
    tree = re.sub(r"\s+", " ", line).strip().removesuffix(";")
    return list(_leaves(re.sub(r"^(?:pub(?:\([^)]*\))? )?use ", "", tree), ""))


def _leaves(tree: str, prefix: str) -> Iterator[tuple[str, str]]:
    head, brace, inside = tree.partition("{")
    if brace:
        for branch in re.split(r",(?![^{]*\})", inside.rpartition("}")[0]):
            if branch.strip():
                yield from _leaves(branch.strip(), prefix + head)
        return
    path, _, alias = tree.partition(" as ")
    whole = prefix + path
    if path == "self":
        whole = prefix.removesuffix("::")
    yield whole, alias or whole.rpartition("::")[2]


def indented(text: str, depth: int = 4) -> str:
    r"""The text with blanks before each of its lines, but for those that begin inside a string.

    >>> indented('a\n\n"b\nc"')
    '    a\n\n    "b\nc"'
    """
    if all(line.count('"') % 2 == 0 for line in text.split("\n")):
        return _LINE.sub(" " * depth, text)  # no string runs over the end of a line
    inside = {
        found.start() + at.end()
        for found in _HIDDEN.finditer(text)
        if found[0][0] not in "/'"
        for at in re.finditer("\n", found[0])
    }
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(" " * depth + line if line and start not in inside else line)
        start += len(line) + 1
    return "\n".join(lines)
