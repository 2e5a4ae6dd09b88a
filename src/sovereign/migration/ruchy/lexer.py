"""From text to tokens.

Enters: a `Source`. Leaves: a list of `Token`s, comments aside, and findings about what is no token. A newline is not
a token: each token knows whether it begins a line. Keywords are names; the parser knows where they mean something.
Read `layout.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.findings import Stopped
from sovereign.migration.ruchy.lean import DOTALL, NamedTuple, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import NoReturn

    from sovereign.migration.ruchy.findings import Findings
    from sovereign.migration.ruchy.sources import Source
    from sovereign.migration.ruchy.tree import Place

__all__ = ["DEEPEST", "LARGEST_INTEGER", "Piece", "Token", "lex", "unescape"]

LARGEST_INTEGER = (1 << 63) - 1
DEEPEST = 200
"""Levels of nesting; a deeper program was not written by a person."""
LONGEST_LINE = 100_000
"""Characters; a longer line is no source that somebody wrote."""


def _escaped(operator: str) -> str:
    return "".join("\\" + character for character in operator)


_INTEGER_TYPES = "i8|i16|i32|i64|i128|isize|u8|u16|u32|u64|u128|usize"
_OPERATORS = "|".join(
    map(
        _escaped,
        "... ..= <<= >>= **= &&= ||= ?? ?. :: -> => == != <= >= << >> && || |> += -= *= /= %= &= |= ^= ** ++ -- .. "
        "- + * / % & | ^ ~ ! < > = ? . , ; : @ # ( ) { } [ ] $".split(),
    )
)
_PATTERNS = (
    ("blank", r"[ \t\r\n\f]+"),
    ("comment", r"//[^\n]*|#(?!\[)[^\n]*"),
    ("nested", r"/\*"),
    ("raw", r'r(?P<hashes>\#*)"'),
    ("format", r'f"'),
    ("text", r'b?"'),
    ("character", r"b?'(?:\\u\{[0-9a-fA-F]*\}|\\.|[^'\\\n])'"),
    ("words", r"'[A-Za-z_][^'\s,;()<>]*'"),
    ("label", r"'[A-Za-z_]\w*"),
    ("hexadecimal", rf"0[xX][0-9a-fA-F]+(?:{_INTEGER_TYPES})?\b"),
    ("badnumber", r"0[bBoO][0-9]\w*|\d[\d_]*_[\d_]*\w*"),
    ("float", r"\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+"),
    ("integer", rf"\d+(?:{_INTEGER_TYPES})?(?![A-Za-z_0-9])"),
    ("name", r"[A-Za-z_][A-Za-z0-9_]*"),
    ("operator", _OPERATORS),
)  # fmt: skip
_TOKEN = pattern("|".join(f"(?P<{name}>{form})" for name, form in _PATTERNS))
_NESTED = pattern(r"/\*|\*/")
_TEXT_END = pattern(r'[^"\\]*(?:\\.[^"\\]*)*"', DOTALL)
_ESCAPE = pattern(r"\\(u\{([0-9a-fA-F]{1,6})\}|.)", DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "0": "\0"}
_SUFFIX = pattern(rf"(?:{_INTEGER_TYPES})$")
_OPENING, _CLOSING = "([{", ")]}"
_LARGEST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_LONGEST_NUMBER = 400


class Piece(NamedTuple):
    """A part of a format text: plain text, or the place of an expression and its spec."""

    text: str
    place: Place | None
    spec: str | None


class Token(NamedTuple):
    """One token; `value` is the number, the text or the pieces. `is_first` says that it begins a line."""

    kind: str
    text: str
    place: Place
    is_first: bool
    value: int | float | str | tuple[Piece, ...] | None = None

    @property
    def is_virtual(self) -> bool:
        """Whether the layout put it there."""
        return self.place[0] == self.place[1] and self.kind != "end"


class _Lexer:
    def __init__(self, source: Source, findings: Findings, comments: list[Token] | None) -> None:
        self.source = source
        self.text = source.text
        self.findings = findings
        self.tokens: list[Token] = []
        self.comments = comments
        self.is_first = True

    def run(self, start: int, end: int) -> list[Token]:
        at = start
        if at == 0 and self.text.startswith("\ufeff"):
            at = 1
        if start == 0 and self.text.startswith("#!", at):
            at = self._skip(at, "comment", self._line_end(at))
        match = _TOKEN.match
        depth = 0
        while at < end:
            found = match(self.text, at, end)
            if found is None:
                at = self._stray(at)
                continue
            kind = found.lastgroup or ""
            if kind == "operator":
                character = self.text[at]
                if character in _OPENING:
                    depth += 1
                    if depth > DEEPEST:
                        # The parser would say so as well, but only after the rest of a long text was read.
                        self._too_deep(at)
                elif character in _CLOSING and depth:
                    depth -= 1
            if kind == "hashes":
                kind = "raw"
            reader = _READERS.get(kind)
            at = reader(self, found) if reader else self._plain(kind, found)
        self.tokens.append(Token("end", "", (self.source.base + end, self.source.base + end), is_first=True))
        return self.tokens

    def _plain(self, kind: str, found: re.Match[str]) -> int:
        return self._add(kind, found.start(), found.end(), None)

    def _add(self, kind: str, start: int, end: int, value: float | str | tuple[Piece, ...] | None) -> int:
        base = self.source.base
        self.tokens.append(Token(kind, self.text[start:end], (base + start, base + end), self.is_first, value))
        self.is_first = False
        return end

    def _skip(self, start: int, kind: str, end: int) -> int:
        if self.comments is not None:
            base = self.source.base
            self.comments.append(Token(kind, self.text[start:end], (base + start, base + end), self.is_first))
        return end

    def _line_end(self, start: int) -> int:
        found = self.text.find("\n", start)
        return found if found >= 0 else len(self.text)

    def _error(self, message: str, start: int, end: int, fix: str | None = None) -> None:
        base = self.source.base
        self.findings.error("ruchy.syntax", message, (base + start, base + end), fix=fix)

    def _too_deep(self, at: int) -> NoReturn:
        place = (self.source.base + at, self.source.base + at + 1)
        self.findings.error("ruchy.limit", f"the program is nested more than {DEEPEST} levels deep", place)
        raise Stopped

    def _stray(self, at: int) -> int:
        character = self.text[at]
        end = at + 1
        if character.isidentifier() or character.isalnum():
            while end < len(self.text) and (self.text[end].isalnum() or self.text[end] == "_"):
                end += 1
            self._error(f"a name has only ASCII letters, digits and `_`: `{self.text[at:end]}`", at, end)
        elif character == "`":
            self._error("text in backticks is not part of the language: '`'", at, end, 'write f"..." with {holes}')
            closing = self.text.find("`", end)
            end = closing + 1 if closing >= 0 else end
        elif character == "'":
            end = self._line_end(at)
            closing = self.text.find("'", at + 1, end)
            end = closing + 1 if closing >= 0 else end
            self._error("a text of several words needs double quotes", at, end)
            self._add("text", at, end, self.text[at + 1 : end - 1])
        else:
            self._error(f"this character means nothing here: `{character}`", at, end)
        return end

    def blank(self, found: re.Match[str]) -> int:
        self.is_first = self.is_first or "\n" in found.group()
        return found.end()

    def comment(self, found: re.Match[str]) -> int:
        return self._skip(found.start(), "comment", found.end())

    def nested(self, found: re.Match[str]) -> int:
        depth, at = 1, found.end()
        while depth:
            mark = _NESTED.search(self.text, at)
            if mark is None:
                self._error("a comment is not closed: `/*`", found.start(), found.end())
                return len(self.text)
            depth += 1 if mark.group() == "/*" else -1
            at = mark.end()
        self._skip(found.start(), "nested", at)
        self.is_first = self.is_first or "\n" in self.text[found.start() : at]
        return at

    def raw(self, found: re.Match[str]) -> int:
        closing = '"' + found.group("hashes")
        end = self.text.find(closing, found.end())
        if end < 0:
            return self._unclosed(found)
        return self._add("text", found.start(), end + len(closing), self.text[found.end() : end])

    def quoted(self, found: re.Match[str]) -> int:
        end = _TEXT_END.match(self.text, found.end())
        if end is None:
            return self._unclosed(found)
        if found.group().startswith("b"):
            self._error("byte texts are not part of the language", found.start(), end.end(), "write a plain text")
        return self._add("text", found.start(), end.end(), unescape(self.text[found.end() : end.end() - 1]))

    def _unclosed(self, found: re.Match[str]) -> int:
        self._error(f"a text is not closed: `{found.group()}`", found.start(), found.end(), 'add `"` where it ends')
        return len(self.text)

    def character(self, found: re.Match[str]) -> int:
        text = found.group()
        if text.startswith("b"):
            self._error("byte characters are not part of the language", found.start(), found.end(), "write a number")
        return self._add("text", found.start(), found.end(), unescape(text[text.index("'") + 1 : -1]))

    def words(self, found: re.Match[str]) -> int:
        return self._add("text", found.start(), found.end(), found.group()[1:-1])

    def integer(self, found: re.Match[str]) -> int:
        text = found.group()
        is_hexadecimal = text[:2] in {"0x", "0X"}
        digits = text if is_hexadecimal else _SUFFIX.sub("", text)
        # A number longer than this is out of range, and Python would refuse to read it.
        value = (
            int(_SUFFIX.sub("", digits), 16)
            if is_hexadecimal
            else int(digits)
            if len(digits) < _LONGEST_NUMBER
            else 1 << 64
        )
        if value > LARGEST_INTEGER + 1:
            self._error(f"an integer is larger than {LARGEST_INTEGER}", found.start(), found.end())
            value = 0
        return self._add("integer", found.start(), found.end(), value)

    def bad_number(self, found: re.Match[str]) -> int:
        fix = "write it in decimal or as `0x...`, without `_`"
        self._error(f"this is no number of the language: `{found.group()}`", found.start(), found.end(), fix)
        return self._add("integer", found.start(), found.end(), 0)

    def decimal(self, found: re.Match[str]) -> int:
        return self._add("float", found.start(), found.end(), float(found.group()))

    def format(self, found: re.Match[str]) -> int:
        reader = _FormatReader(self.text, found.end(), self.source.base)
        try:
            pieces = reader.pieces()
        except _UnclosedError as error:
            self._error(str(error), found.start(), found.end())
            return len(self.text)
        return self._add("format", found.start(), reader.at, pieces)


_READERS = {
    "blank": _Lexer.blank,
    "comment": _Lexer.comment,
    "nested": _Lexer.nested,
    "raw": _Lexer.raw,
    "text": _Lexer.quoted,
    "character": _Lexer.character,
    "words": _Lexer.words,
    "hexadecimal": _Lexer.integer,
    "integer": _Lexer.integer,
    "badnumber": _Lexer.bad_number,
    "float": _Lexer.decimal,
    "format": _Lexer.format,
}


class _UnclosedError(Exception):
    """A format text or a hole in it does not end."""


class _FormatReader:
    """Takes a format text apart, from behind its opening quote."""

    def __init__(self, text: str, at: int, base: int) -> None:
        self.text = text
        self.at = at
        self.base = base

    def pieces(self) -> tuple[Piece, ...]:
        found: list[Piece] = []
        plain: list[str] = []
        while True:
            character = self._next()
            if character == '"':
                break
            if character in "{}" and self.text.startswith(character, self.at):
                self.at += 1
                plain.append(character)
            elif character == "{":
                if plain:
                    found.append(Piece(unescape("".join(plain)), None, None))
                    plain = []
                found.append(self._hole())
            else:
                plain.append(character + (self._next() if character == "\\" else ""))
        if plain:
            found.append(Piece(unescape("".join(plain)), None, None))
        return tuple(found)

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise _UnclosedError('a text is not closed: `f"`')
        self.at += 1
        return self.text[self.at - 1]

    def _hole(self) -> Piece:
        start, colon, depth, has_question = self.at, -1, 0, False
        while True:
            character = self._next()
            if character == "}" and not depth:
                break
            if character == '"':
                self._text()
            elif character in _OPENING:
                depth += 1
            elif character in _CLOSING:
                depth -= 1
            elif not depth:
                has_question = has_question or (character == "?" and self.text[self.at - 2] == " ")
                colon = self._colon(character, colon, is_ternary=has_question)
        stop = colon if colon >= 0 else self.at - 1
        spec = self.text[colon + 1 : self.at - 1] if colon >= 0 else None
        return Piece("", (self.base + start, self.base + stop), spec)

    def _colon(self, character: str, known: int, *, is_ternary: bool) -> int:
        """Where the spec begins: at the first colon that is neither `::` nor that of a ternary."""
        if character != ":" or known >= 0 or is_ternary:
            return known
        if self.text.startswith(":", self.at):
            self.at += 1
            return known
        return self.at - 1

    def _text(self) -> None:
        end = _TEXT_END.match(self.text, self.at)
        if end is None:
            raise _UnclosedError("a hole in a format text is not closed: `{`")
        self.at = end.end()


def unescape(text: str) -> str:
    r"""The characters that a text stands for; an unknown escape keeps its backslash.

    >>> unescape(r"a\tb\u{e9}\q")
    'a\tbé\\q'
    """
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    if found.group(2):
        code = int(found.group(2), 16)
        is_character = code <= _LARGEST_CHARACTER and code not in _SURROGATES
        return chr(code) if is_character else found.group()
    return _ESCAPES.get(found.group(1), found.group())


def lex(
    source: Source,
    findings: Findings,
    *,
    start: int = 0,
    end: int | None = None,
    comments: list[Token] | None = None,
) -> list[Token]:
    """The tokens of a text or of a stretch of it; the last one is `end`. Comments go into `comments` if that is given.

    Errors    Stopped  when a line is longer than any that a person writes, or the text holds a zero byte.
    """
    text = source.text
    if start == 0 and end is None:
        _require_text(source, findings)
    return _Lexer(source, findings, comments).run(start, len(text) if end is None else end)


def _require_text(source: Source, findings: Findings) -> None:
    zero = source.text.find("\0")
    if zero >= 0:
        at = source.base + zero
        findings.error("ruchy.syntax", "this is no text: a zero byte", (at, at + 1))
        raise Stopped
    ends = [*source.starts[1:], len(source.text) + 1]
    for line_start, line_end in zip(source.starts, ends, strict=True):
        if line_end - line_start > LONGEST_LINE:
            at = source.base + line_start
            findings.error("ruchy.limit", f"a line is longer than {LONGEST_LINE} characters", (at, at + 1))
            raise Stopped
