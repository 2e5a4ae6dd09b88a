"""The one place where a `Diagnostic` becomes text.

Enters: diagnostics of any room, and the files they speak of where those can be had. Leaves: lines as editors
and people read them: `path:line:column: level: message [code]`, the source line, a caret underline, labels, help.
`--json` prints `Diagnostic.to_json()` instead. Read `console.py` next.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sovereign.diagnostic import ByteRange, Diagnostic, Level, Span
from sovereign.errors import SourceError, SovereignError
from sovereign.shell.text import cells, clip, visible

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["as_diagnostic", "diagnostics_of", "render"]

_TAB_CELLS = 4
_HEX_BYTES = 16
_PRINTABLE = range(0x20, 0x7F)
_CONTEXT_CELLS = 12
_WINDOW = 4000
_COLOURS = {Level.ERROR: "1;31", Level.WARNING: "1;33", Level.NOTE: "1;36"}


def render(
    diagnostic: Diagnostic,
    *,
    read: Callable[[str], bytes] | None = None,
    part: Callable[[str, int, int], tuple[bytes, int]] | None = None,
    prog: str = "",
    width: int = 80,
    colour: bool = False,
) -> str:
    """One diagnostic as text, ending in a line break.

    Units     `width` in terminal cells; long source lines are cut round the place that is meant.
    `read`    hands out the bytes of a file by its path; without it, or when it fails, no excerpt is shown.
    `part`    hands out bytes at an offset, and the size of the file, so that a large one is not read as a whole.
    """
    paint = _paint if colour else _plain
    where = f"{_place(diagnostic.span)}: " if diagnostic.span else f"{prog}: " if prog else ""
    level = paint(f"{diagnostic.level}:", _COLOURS[diagnostic.level])
    lines = [f"{paint(where, '1')}{level} {visible(diagnostic.message)} [{diagnostic.code}]"]
    lines += _excerpt(diagnostic.span, read, part, width, paint, _COLOURS[diagnostic.level])
    for label in diagnostic.labels:
        lines.append(f"{paint(_place(label.span) + ':', '1')} {visible(label.text)}")
        lines += _excerpt(label.span, read, part, width, paint, _COLOURS[Level.NOTE])
    if diagnostic.help:
        lines.append(f"  {paint('help:', '1;32')} {visible(diagnostic.help)}")
    return "\n".join(lines) + "\n"


def diagnostics_of(error: SovereignError) -> tuple[Diagnostic, ...]:
    """An error as findings: those that it carries, else itself."""
    if isinstance(error, SourceError):
        found = tuple(each for each in error.diagnostics if isinstance(each, Diagnostic))
        return found or (as_diagnostic(error),)
    return (as_diagnostic(error),)


def as_diagnostic(error: SovereignError) -> Diagnostic:
    """An error as one finding; `path` and `offset` of its detail give the place, `fix` and `nearest` the help."""
    path, offset = error.detail.get("path"), error.detail.get("offset")
    span = None
    if isinstance(path, str | os.PathLike) and isinstance(offset, int):
        span = ByteRange(os.fsdecode(path), offset, offset + 1)
    return Diagnostic(error.code, Level.ERROR, str(error), span, help=_help(error))


def _help(error: SovereignError) -> str | None:
    near, fix = error.detail.get("nearest"), error.detail.get("fix")
    meant = " or ".join(f"`{name}`" for name in near) if isinstance(near, list | tuple) else ""
    known = [f"did you mean {meant}?" if meant else "", str(fix) if fix else ""]
    return " ".join(filter(None, known)) or None


def _place(span: Span | ByteRange) -> str:
    if isinstance(span, ByteRange):
        return f"{visible(span.path)}: byte {span.start}"
    return f"{visible(span.path)}:{span.line}:{span.column}"


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""


def _plain(text: str, _code: str) -> str:
    return text


def _excerpt(  # noqa: PLR0917 - one place to look, two ways to read, three of how it is shown
    span: Span | ByteRange | None,
    read: Callable[[str], bytes] | None,
    part: Callable[[str, int, int], tuple[bytes, int]] | None,
    width: int,
    paint: Callable[[str, str], str],
    code: str,
) -> list[str]:
    if span is None or read is None:
        return []
    try:
        if isinstance(span, ByteRange):
            start = span.start - span.start % _HEX_BYTES
            if part is not None:
                return _bytes_excerpt(span, *part(span.path, start, _HEX_BYTES), paint, code)
            content = read(span.path)
            return _bytes_excerpt(span, content[start : start + _HEX_BYTES], len(content), paint, code)
        return _text_excerpt(span, read(span.path), width, paint, code)
    except (OSError, SovereignError):  # the finding stands without its excerpt
        return []


def _bytes_excerpt(span: ByteRange, row: bytes, size: int, paint: Callable[[str, str], str], code: str) -> list[str]:
    start = span.start - span.start % _HEX_BYTES
    if span.start >= size:
        return [f"  the file ends at byte {size}"]
    gutter = f"  {start:08x} | "
    shown = "".join(chr(byte) if byte in _PRINTABLE else "." for byte in row)
    first, last = span.start - start, min(max(span.end, span.start + 1) - start, len(row))
    under = "^" * (3 * (last - first) - 1)
    return [
        f"{gutter}{row.hex(' '):<{3 * _HEX_BYTES - 1}}  {shown}",
        " " * (len(gutter) - 2) + "| " + " " * (3 * first) + paint(under, code),
    ]


def _text_excerpt(span: Span, content: bytes, width: int, paint: Callable[[str, str], str], code: str) -> list[str]:
    source = content.decode("utf-8", "backslashreplace").split("\n")
    digits = len(str(span.end_line))
    lines: list[str] = []
    for number in dict.fromkeys((span.line, span.end_line)):
        if not 1 <= number <= len(source):
            continue
        text = source[number - 1].removesuffix("\r")
        start = span.column - 1 if number == span.line else len(text) - len(text.lstrip())
        end = span.end_column - 1 if number == span.end_line else len(text)
        text, start, end = _window(text, start, end)
        shown, before, under = _measured(text, start, end, max(width - digits - 5, 2 * _CONTEXT_CELLS))
        if lines and span.end_line - span.line > 1:
            lines.append("  " + "." * digits)
        lines.append(f"  {number:>{digits}} | {shown}")
        lines.append(f"  {'':>{digits}} | {' ' * before}{paint('^' * under, code)}")
    return lines


def _window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """What of a very long line can be seen round the place that is meant; the rest need not be measured."""
    first = max(start - _WINDOW, 0)
    return text[first : start + _WINDOW], start - first, min(end - first, start - first + _WINDOW)


def _measured(text: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The line as shown, the cells before the underline and those of the underline, at least one."""
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    before, meant, after = _expanded((text[:start], text[start:end], text[end:]))
    wanted = max(cells(meant), 1)
    room = max(width - wanted - min(cells(after), _CONTEXT_CELLS), _CONTEXT_CELLS)
    before = clip(before[::-1], room)[::-1]  # the end of it, by cutting its mirror
    shown = clip(before + meant + after, width).rstrip()
    return shown, cells(before), min(wanted, width - cells(before))


def _expanded(parts: tuple[str, str, str]) -> tuple[str, str, str]:
    """The three stretches of a line with tabs as spaces and control characters as escapes."""
    shown: list[str] = []
    column = 0
    for stretch in parts:
        text = ""
        for character in stretch:
            piece = " " * (_TAB_CELLS - column % _TAB_CELLS) if character == "\t" else visible(character)
            text += piece
            column += cells(piece)
        shown.append(text)
    return shown[0], shown[1], shown[2]
