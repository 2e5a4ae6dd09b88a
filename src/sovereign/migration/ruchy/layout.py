"""Indentation blocks become braces.

Enters: tokens. Leaves: tokens in which a colon that opens a block is `{`, a dedent is `}`, and the colon of a match arm
is `=>`; so the parser knows one form. What is put there has an empty place. Inside brackets that are written, layout
means nothing. Read `parser.py` next.
"""

from __future__ import annotations

from itertools import pairwise

from sovereign.migration.ruchy.lexer import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.findings import Findings
    from sovereign.migration.ruchy.sources import Sources

__all__ = ["lay_out"]

_HEADS = frozenset(
    "fun fn async pub if elif else for while loop match try catch finally struct class impl trait enum mod".split()
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class _Open:
    """An indentation block that is being read."""

    def __init__(self, column: int, outer: int, *, is_match: bool) -> None:
        self.column = column
        self.outer = outer
        self.is_match = is_match


class _Layout:
    def __init__(self, tokens: list[Token], sources: Sources, findings: Findings) -> None:
        self.tokens = tokens
        self.sources = sources
        self.findings = findings
        self.made: list[Token] = []
        self.open: list[_Open] = []
        self.depth = 0
        self.head: Token | None = None
        self.arm_has_arrow = False

    def run(self) -> list[Token]:
        for index, token in enumerate(self.tokens):
            if token.is_first and not self.depth:
                self._begin_line(token)
            if token.text in _OPENING and token.kind == "operator":
                self.depth += 1
            elif token.text in _CLOSING and token.kind == "operator":
                self.depth = max(self.depth - 1, 0)
            if token.text == ":" and token.kind == "operator" and not self.depth:
                self._colon(token, self.tokens[index + 1])
            elif token.text == "elif" and token.kind == "name" and token is self.head:
                self.made += [token._replace(text="else"), self._virtual("name", "if", token)]
            else:
                self.made.append(token)
        return self.made

    def _virtual(self, kind: str, text: str, near: Token) -> Token:
        return Token(kind, text, (near.place[1], near.place[1]), is_first=False)

    def _begin_line(self, token: Token) -> None:
        column = 0 if token.kind == "end" else self._column(token)
        while self.open and column < self.open[-1].column:
            closed = self.open.pop()
            last = self.made[-1]
            self.made.append(self._virtual("operator", "}", last))
            if column > closed.outer:
                self._refuse_level(token, column, closed)
        self.head = token
        self.arm_has_arrow = False

    def _refuse_level(self, token: Token, column: int, closed: _Open) -> None:
        self.findings.error(
            "ruchy.layout",
            f"this line is indented by {column - 1}, the block above by {closed.column - 1} and its head by "
            f"{closed.outer - 1}",
            token.place,
            fix="indent it like the lines that it belongs to",
        )

    def _column(self, token: Token) -> int:
        source = self.sources.source(token.place[0])
        line, column = source.position(token.place[0] - source.base)
        if self.open:
            start = source.starts[line - 1]
            indent = source.text[start : start + column - 1]
            if "\t" in indent and " " in indent:
                at = source.base + start
                self.findings.error(
                    "ruchy.layout", "tabs and blanks are mixed in an indentation", (at, at + max(len(indent), 1))
                )
        return column

    def _colon(self, token: Token, after: Token) -> None:
        is_last = after.is_first and after.kind != "end"
        if self.open and self.open[-1].is_match and not self.arm_has_arrow:
            self.arm_has_arrow = True
            self.made.append(self._virtual("operator", "=>", token))
            if is_last:
                self._open_block(token, after, is_match=False)
        elif is_last and self.head is not None and self._opens(self.head):
            self._open_block(token, after, is_match=self._line_begins_match())
        else:
            self.made.append(token)

    def _opens(self, head: Token) -> bool:
        return head.text in _HEADS or self._line_begins_match()

    def _line_begins_match(self) -> bool:
        """Whether the block that opens belongs to a `match`, which may stand behind `let x =` or `return`."""
        depth = 0
        for token in reversed(self.made):
            if token.kind == "operator" and not token.is_virtual:
                depth += (token.text in _CLOSING) - (token.text in _OPENING)
            if token.text == "match" and token.kind == "name" and not depth:
                return True
            if token.is_first or token.is_virtual:
                return False
        return False

    def _open_block(self, token: Token, after: Token, *, is_match: bool) -> None:
        column = self._column(after)
        outer = self.open[-1].column if self.open else (self._column(self.head) if self.head else 1)
        if column <= outer:
            self.findings.error("ruchy.layout", "a block needs lines that are indented deeper", after.place)
            self.made += [self._virtual("operator", "{", token), self._virtual("operator", "}", token)]
            return
        self.open.append(_Open(column, outer, is_match=is_match))
        self.made.append(self._virtual("operator", "{", token))


def lay_out(tokens: list[Token], sources: Sources, findings: Findings) -> list[Token]:
    """The tokens with every indentation block between braces."""
    if not any(token.text == ":" and after.is_first for token, after in pairwise(tokens)):
        return tokens
    return _Layout(tokens, sources, findings).run()
