"""Where the parser stands: tokens, what may come, and what is said when it does not.

Enters: tokens with layout resolved. Leaves: `Cursor`, the base of the parsers of types, patterns, expressions and
declarations, which stand on each other in that order. Read `parse_types.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.findings import Stopped
from sovereign.migration.ruchy.lexer import DEEPEST
from sovereign.shell.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import NoReturn

    from sovereign.migration.ruchy.findings import Findings
    from sovereign.migration.ruchy.lexer import Token
    from sovereign.migration.ruchy.sources import Source
    from sovereign.migration.ruchy.tree import Place

__all__ = ["RESERVED", "Cursor", "Unparsed"]

RESERVED = frozenset(
    "fun fn let if else match for in while loop break continue return true false null nil struct enum impl".split()
) | {"trait"}
"""Names that mean something wherever they stand; all other keywords are names too."""

_LONGEST_SHOWN = 40
_STATEMENTS = tuple("fun fn let var const struct enum impl trait class mod use import for while loop if match".split())


class Unparsed(Exception):  # noqa: N818 - caught at the statement, which reads on behind it
    """A statement could not be read; the finding is made."""


class Cursor:
    """The tokens of one source and a place among them."""

    def __init__(self, source: Source, tokens: list[Token], findings: Findings) -> None:
        self.source = source
        self.tokens = tokens
        self.findings = findings
        self.at = 0
        self.depth = 0
        self.token = tokens[0]
        self._closings: dict[int, int] | None = None

    def advance(self) -> Token:
        """Take the token that stands here."""
        token = self.token
        if self.at + 1 < len(self.tokens):
            self.at += 1
            self.token = self.tokens[self.at]
        return token

    def peek(self, distance: int = 1) -> Token:
        """The token so many places ahead; the last one where there are none."""
        return self.tokens[min(self.at + distance, len(self.tokens) - 1)]

    def closing(self) -> int | None:
        """How many places ahead the round or square bracket that stands here is closed; None if it never is."""
        if self._closings is None:
            # All at once: to look ahead at each of them would take a time that grows with the square of the text.
            self._closings = {}
            opened: list[int] = []
            for at, token in enumerate(self.tokens):
                if token.kind == "operator" and token.text in "([":
                    opened.append(at)
                elif token.kind == "operator" and token.text in ")]" and opened:
                    self._closings[opened.pop()] = at
        found = self._closings.get(self.at)
        return None if found is None else found - self.at

    def jump(self, at: int) -> None:
        """Go to a token by its number."""
        self.at = at
        self.token = self.tokens[at]

    def is_at(self, text: str) -> bool:
        """Whether this operator stands here."""
        return self.token.text == text and self.token.kind == "operator"

    def is_word(self, *words: str) -> bool:
        """Whether one of these names stands here."""
        return self.token.kind == "name" and self.token.text in words

    def accept(self, text: str) -> bool:
        """Take an operator if it stands here."""
        if self.token.text == text and self.token.kind == "operator":
            self.advance()
            return True
        return False

    def accept_word(self, word: str) -> bool:
        """Take a name if it stands here."""
        if self.token.text == word and self.token.kind == "name":
            self.advance()
            return True
        return False

    def expect(self, text: str, why: str) -> Token:
        """Take an operator that has to stand here; `why` says where, as in `after the condition`."""
        if not self.is_at(text):
            self.refuse(f"`{text}` is missing {why}", found=True)
        return self.advance()

    def expect_close(self, text: str, opened: Token) -> Token:
        """Take the closing bracket of one that was opened; the message shows both."""
        if self.is_at(text):
            return self.advance()
        label = (opened.place, "it was opened here")
        self.findings.error(
            "ruchy.syntax",
            f"`{text}` is missing before {self.shown()}",
            self.token.place,
            labels=[label],
            fix=f"close it with `{text}`, or separate what stands here with `,`",
        )
        raise Unparsed

    def name(self, what: str) -> Token:
        """Take a name that the program chose; `what` says of what."""
        if self.token.kind != "name":
            self.refuse(f"{what} is missing", found=True)
        if self.token.text in RESERVED:
            self.refuse(f"this word is reserved and cannot be {what}: `{self.token.text}`")
        return self.advance()

    def shown(self) -> str:
        """The token that stands here, for a message."""
        token = self.token
        if token.kind == "end":
            return "the end of the file"
        if token.is_virtual:
            return "the end of the block" if token.text == "}" else "a block"
        text = token.text if len(token.text) <= _LONGEST_SHOWN else token.text[:_LONGEST_SHOWN] + "..."
        return f"`{text}`"

    def refuse(
        self, message: str, *, found: bool = False, place: Place | None = None, fix: str | None = None
    ) -> NoReturn:
        """Report a syntax error here and give the statement up."""
        shown = f"{message}, here stands {self.shown()}" if found else message
        self.findings.error("ruchy.syntax", shown, place or self.token.place, fix=fix or self._meant())
        raise Unparsed

    def unsupported(self, what: str, place: Place, fix: str | None = None) -> NoReturn:
        """Report a construct that the language does not have here, and give the statement up."""
        self.findings.error("ruchy.unsupported", f"this is not supported: {what}", place, fix=fix)
        raise Unparsed

    def _meant(self) -> str | None:
        """The keyword that a mistyped first word of this statement may have meant."""
        previous = self.tokens[self.at - 1] if self.at else None
        if previous is None or previous.kind != "name" or self.token.kind not in {"name", "text"}:
            return None
        near = nearest(previous.text, _STATEMENTS, limit=1)
        return f"did you mean `{near[0]}`?" if near and near[0] != previous.text else None

    def since(self, start: int) -> Place:
        """The place from an offset to the end of the last token taken."""
        return (start, max(self.tokens[self.at - 1].place[1], start) if self.at else start)

    def nested(self) -> AbstractContextManager[None]:
        """Count one level of nesting while a `with` block runs.

        Errors    Stopped  beyond `DEEPEST`, so that no input can exhaust the stack.
        """
        return _Nested(self)

    def listed(self, closing: str, opened: Token, item: Callable[[], object]) -> Iterator[object]:
        """Read items between commas up to the closing bracket, and that too."""
        while not self.is_at(closing):
            yield item()
            if not self.accept(","):
                break
        self.expect_close(closing, opened)


class _Nested:
    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor

    def __enter__(self) -> None:
        self.cursor.depth += 1
        if self.cursor.depth > DEEPEST:
            place = self.cursor.token.place
            self.cursor.findings.error("ruchy.limit", f"the program is nested more than {DEEPEST} levels deep", place)
            raise Stopped

    def __exit__(self, *_: object) -> None:
        self.cursor.depth -= 1
