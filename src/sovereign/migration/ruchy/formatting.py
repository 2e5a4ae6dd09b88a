"""The canonical layout of a program: the same tokens, indented and spaced by rule.

Enters: a text. Leaves: the text laid out. Lines stay lines and every comment stays where it was, so formatting never
changes what a program means. Blanks are set where the language asks for none or one; where it cannot tell, as round
`-`, a blank stays or stays away. Indentation blocks become braces, and blocks of braces that stand on lines of their
own become indentation, when that is asked for. Read `cli.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.ruchy.findings import Findings
from sovereign.migration.ruchy.layout import lay_out
from sovereign.migration.ruchy.lexer import Token, lex
from sovereign.migration.ruchy.parser import parse
from sovereign.migration.ruchy.sources import Sources
from sovereign.migration.ruchy.stack import on_large_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.migration.ruchy.sources import Source

__all__ = ["STYLES", "formatted_text"]

STYLES = ("keep", "braces", "indent")
_INDENT = "    "
_OPENING, _CLOSING = frozenset({"(", "[", "{"}), frozenset({")", "]", "}"})
_SPACED = frozenset("= == != <= >= => -> += -= *= /= %= **= &= |= ^= <<= >>= && |> ?? << >>".split())
_TIGHT_BEFORE = frozenset({",", ";", ")", "]", ".", "?.", "::"})
_TIGHT_AFTER = frozenset({"(", "[", ".", "?.", "::", "@", "#"})
_CONTINUING = frozenset({".", "?.", "|>", "&&", "||", "+", "??", "==", "!=", "<=", ">=", "=>"})
_COMMENTS = frozenset({"comment", "nested"})
_HEADS = frozenset(
    "fun fn async pub if else for while loop match try catch finally struct class impl trait mod".split()
)


class _Piece(NamedTuple):
    """A token or comment with the text that stands for it, and whether a blank stood before it."""

    token: Token
    text: str
    had_blank: bool


class _Line(NamedTuple):
    pieces: list[_Piece]
    blank_before: bool


def formatted_text(text: str, *, style: str = "keep", path: str = "<text>") -> str:
    r"""A program in the canonical layout.

    `style`   `keep` leaves blocks as they are, `braces` and `indent` turn them into the other form.
    Errors    SourceError  when the text cannot be read.

    >>> print(formatted_text("fun f( a,b ){a+b}   // sum\nlet x=f(1,2)"), end="")
    fun f(a, b) { a+b } // sum
    let x = f(1, 2)
    """
    sources = Sources()
    findings = Findings(sources)
    source = sources.add(path, text)
    program = on_large_stack(lambda: parse(source, sources, findings))
    findings.require_none()
    assert program is not None
    comments: list[Token] = []
    tokens = lex(source, findings, comments=comments)
    laid = _with_comments(lay_out(list(tokens), sources, findings), comments, source)
    pieces = _pieces(text, tokens, laid, comments, style)
    lines = list(_lines(text, pieces))
    if style == "indent":
        lines = _without_braces(lines)
    return _Printer().print(lines)


def _with_comments(laid: list[Token], comments: list[Token], source: Source) -> list[Token]:
    """The tokens, with comments that are indented like an indentation block inside of it, also at its end."""
    made: list[Token] = []
    columns: list[int] = []
    waiting = sorted(comments, key=lambda comment: comment.place)
    at = 0
    for index, token in enumerate(laid):
        if not token.is_virtual:
            while at < len(waiting) and waiting[at].place < token.place:
                at += 1
            made.append(token)
        elif token.text == "{":
            inner = next(each for each in laid[index:] if not each.is_virtual)
            columns.append(source.position(inner.place[0])[1])
            made.append(token)
        elif token.text == "}":
            column = columns.pop()
            end = max(token.place[0], made[-1].place[1])
            while at < len(waiting) and waiting[at].place[0] < end:
                at += 1
            following = next((each.place[0] for each in laid[index:] if not each.is_virtual), len(source.text))
            while at < len(waiting) and waiting[at].place[0] < following and _is_inside(waiting[at], column, source):
                end = waiting[at].place[1]
                at += 1
            made.append(token._replace(place=(end, end)))
        else:
            made.append(token)
    return made


def _is_inside(comment: Token, column: int, source: Source) -> bool:
    return not comment.is_first or source.position(comment.place[0])[1] >= column


def _pieces(text: str, tokens: list[Token], laid: list[Token], comments: list[Token], style: str) -> list[_Piece]:
    """Tokens and comments in the order of the text; layout as braces where that is asked for."""
    chosen = list(laid) if style == "braces" else _with_layout(tokens, laid)
    merged = sorted(
        [*chosen, *comments], key=lambda token: (token.place[0], token.kind not in _COMMENTS and not token.is_virtual)
    )
    found = []
    for token in merged:
        if token.kind == "end":
            continue
        start = token.place[0]
        had_blank = start > 0 and text[start - 1] in " \t"
        shown = token.text.rstrip() if token.kind == "comment" else token.text
        found.append(_Piece(token, shown, had_blank))
    return found


def _with_layout(tokens: list[Token], laid: list[Token]) -> list[Token]:
    """The tokens as they were written, with the blocks of the layout between them, which only indent."""
    marks = [token for token in laid if token.is_virtual and token.text in {"{", "}"}]
    return sorted(
        [*tokens, *(token._replace(kind="mark") for token in marks)],
        key=lambda token: (token.place[0], token.kind == "mark" and token.text == "{"),
    )


def _lines(text: str, pieces: list[_Piece]) -> Iterator[_Line]:
    """The pieces of each line of the text."""
    current: list[_Piece] = []
    last_end = 0
    blank_before = is_begun = False
    for piece in pieces:
        start, end = piece.token.place
        between = text[last_end:start] if start >= last_end else ""
        if "\n" in between and not (piece.token.is_virtual and piece.token.text == "}"):
            if current:
                yield _Line(current, blank_before)
            blank_before = between.count("\n") > 1 and is_begun
            current = []
        if piece.token.is_virtual and piece.token.text == "}" and piece.token.kind != "mark":
            if current:
                yield _Line(current, blank_before)
            yield _Line([piece], blank_before=False)
            current, blank_before = [], False
            continue
        current.append(piece)
        is_begun = True
        last_end = max(last_end, end)
    if current:
        yield _Line(current, blank_before)


class _Printer:
    """Sets indentation and blanks."""

    def __init__(self) -> None:
        self.levels: list[int] = []
        self.out: list[str] = []

    def print(self, lines: list[_Line]) -> str:
        for line in self._joined(lines):
            if line.blank_before and self.out:
                self.out.append("")
            level = self._level(line)
            body = self._body(line.pieces)
            if body:
                self.out.append(_INDENT * level + body)
            self._track(line, level)
        return "\n".join(self.out) + "\n" if self.out else ""

    def _joined(self, lines: list[_Line]) -> Iterator[_Line]:
        """`}` of a layout block and the `else` behind it stand on one line."""
        waiting: _Line | None = None
        for each in lines:
            line = each
            first = line.pieces[0]
            is_else = first.token.kind == "name" and first.text in {"else", "catch", "finally"}
            if waiting is not None and is_else and not line.blank_before:
                line = _Line([*waiting.pieces, *line.pieces], waiting.blank_before)
                waiting = None
            if waiting is not None:
                yield waiting
                waiting = None
            last = line.pieces[-1].token
            if len(line.pieces) == 1 and last.is_virtual and last.text == "}" and last.kind != "mark":
                waiting = line
            else:
                yield line
        if waiting is not None:
            yield waiting

    def _level(self, line: _Line) -> int:
        """The indentation of a line: that of what is open, less what the line closes at its start."""
        level = self.levels[-1] + 1 if self.levels else 0
        depth = len(self.levels)
        for place, piece in enumerate(line.pieces):
            if (
                piece.token.kind == "mark"
                and piece.text == "}"
                and all(before.token.kind == "mark" for before in line.pieces[:place])
            ):
                depth -= 1
                level = self.levels[depth] if depth >= 0 and self.levels else 0
            elif piece.text in _CLOSING and piece.token.kind == "operator":
                depth -= 1
                level = self.levels[depth] if 0 <= depth < len(self.levels) else 0
            else:
                break
        first = next((piece for piece in line.pieces if piece.token.kind != "mark"), None)
        if first is not None and first.token.kind == "operator" and first.text in _CONTINUING:
            level += 1
        return level

    def _track(self, line: _Line, level: int) -> None:
        """Note what a line opens and closes."""
        for piece in line.pieces:
            if piece.token.kind not in {"operator", "mark"}:
                continue
            if piece.text in _OPENING:
                self.levels.append(level)
            elif piece.text in _CLOSING and self.levels:
                self.levels.pop()

    def _body(self, pieces: list[_Piece]) -> str:
        out: list[str] = []
        previous: _Piece | None = None
        for piece in pieces:
            if piece.token.kind == "mark":
                continue
            if previous is not None and _wants_blank(previous, piece):
                out.append(" ")
            out.append(piece.text)
            previous = piece
        return "".join(out)


def _wants_blank(left: _Piece, right: _Piece) -> bool:  # noqa: PLR0911 - one way out for each case
    """Whether a blank stands between two pieces of a line."""
    if left.token.kind in _COMMENTS or right.token.kind in _COMMENTS:
        return True
    one = left.text if left.token.kind == "operator" else ""
    other = right.text if right.token.kind == "operator" else ""
    if other in _TIGHT_BEFORE and not (other == "." and right.had_blank and not one and left.token.kind == "integer"):
        return False
    if one in _TIGHT_AFTER:
        return False
    if one in {",", ";", ":"} or one in _SPACED or other in _SPACED:
        return True
    if "{" in {one, other} or "}" in {one, other}:
        return not (one == "{" and other == "}")
    if other == "(" and left.token.kind == "name" and left.text not in {"if", "in", "match", "while", "return", "let"}:
        return right.had_blank
    if not one and not other:
        return True
    return right.had_blank


def _without_braces(lines: list[_Line]) -> list[_Line]:
    """Blocks whose braces end and begin lines become indentation blocks, from the outside in."""
    openers: list[tuple[int, int]] = []
    pairs: dict[int, int] = {}
    depth: list[tuple[int, bool]] = []
    for number, line in enumerate(lines):
        for place, piece in enumerate(line.pieces):
            if piece.token.kind != "operator":
                continue
            if piece.text in _OPENING:
                is_block = piece.text == "{" and place == len(line.pieces) - 1 and _has_head(line)
                depth.append((number, is_block and all(kept for _, kept in depth)))
            elif piece.text in _CLOSING and depth:
                opened, is_block = depth.pop()
                if is_block and place == 0 and _ends_block(line) and _has_code(lines[opened + 1 : number]):
                    openers.append((opened, number))
    pairs.update(openers)
    keep = _whole(pairs, lines)
    return [line for number, line in enumerate(_rewritten(lines, keep)) if line.pieces]


def _has_head(line: _Line) -> bool:
    words = [piece.text for piece in line.pieces if piece.token.kind not in _COMMENTS]
    first = words[1] if words[:1] == ["}"] and len(words) > 1 else words[0]
    return first in _HEADS


def _has_code(lines: list[_Line]) -> bool:
    """Whether there is more than comments: an indentation block has to hold something."""
    return any(piece.token.kind not in _COMMENTS for line in lines for piece in line.pieces)


def _ends_block(line: _Line) -> bool:
    rest = [piece.text for piece in line.pieces[1:] if piece.token.kind not in _COMMENTS]
    return not rest or rest[0] in {"else", "catch", "finally"}


def _whole(pairs: dict[int, int], lines: list[_Line]) -> dict[int, int]:
    """Only chains of blocks that can be turned as a whole: `} else {` needs both of its sides."""
    kept = dict(pairs)
    is_shrinking = True
    while is_shrinking:
        is_shrinking = False
        ends = {end: start for start, end in kept.items()}
        for start, end in list(kept.items()):
            continues = len([piece for piece in lines[end].pieces if piece.token.kind not in _COMMENTS]) > 1
            begins = lines[start].pieces[0].text == "}"
            if (continues and end not in kept) or (begins and start not in ends):
                del kept[start]
                is_shrinking = True
    return kept


def _rewritten(lines: list[_Line], pairs: dict[int, int]) -> Iterator[_Line]:
    ends = set(pairs.values())
    for number, line in enumerate(lines):
        pieces = list(line.pieces)
        if number in ends:
            pieces[0] = pieces[0]._replace(token=pieces[0].token._replace(kind="mark"))
        if number in pairs:
            last = pieces[-1]
            colon = last._replace(text=":", had_blank=False)
            mark = last._replace(token=last.token._replace(kind="mark"))
            pieces[-1:] = [_Piece(colon.token._replace(text=":"), ":", had_blank=False), mark]
        yield _Line(pieces, line.blank_before)
