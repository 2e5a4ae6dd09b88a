"""The texts of a program, laid end to end, so that one number says file, line and column.

Enters: paths and texts. Leaves: offsets for the tree and `Span`s for messages. Lines count through all files too,
which is how a running program says where it is. Read `findings.py` next.
"""

from __future__ import annotations

import os
from _bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.diagnostic import Span
    from sovereign.migration.ruchy.tree import Place

__all__ = ["Source", "Sources", "read_source"]


_KIND, _REGULAR = 0o170000, 0o100000


def read_source(path: str) -> str:
    """The text of a file.

    Errors    as `read_text` of the shell.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            facts = os.fstat(handle)
            if facts.st_mode & _KIND == _REGULAR:
                content = os.read(handle, facts.st_size + 1)
                if len(content) == facts.st_size:
                    return content.decode()
        finally:
            os.close(handle)
    except (OSError, ValueError):
        pass
    from sovereign.shell.files import read_text  # for what is no plain file, and for the words of a refusal

    return read_text(path)


class Source:
    """One text: where it came from, and where its offsets and lines begin."""

    def __init__(self, path: str, text: str, base: int, first_line: int) -> None:
        self.path = path
        self.text = text
        self.base = base
        self.first_line = first_line
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in this text, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


class Sources:
    r"""All texts of one program.

    >>> sources = Sources()
    >>> source = sources.add("a.ruchy", "let x = 1\nlet y = 2")
    >>> sources.span((14, 15)).line, sources.span((14, 15)).column
    (2, 5)
    """

    def __init__(self) -> None:
        self.files: list[Source] = []
        self._bases: list[int] = []
        self._lines: list[int] = []

    def add(self, path: str, text: str) -> Source:
        """Take a text in behind the others."""
        last = self.files[-1] if self.files else None
        base = last.base + len(last.text) + 1 if last else 0
        line = last.first_line + len(last.starts) if last else 1
        source = Source(path, text, base, line)
        self.files.append(source)
        self._bases.append(base)
        self._lines.append(line)
        return source

    def source(self, offset: int) -> Source:
        """The text that holds an offset."""
        return self.files[max(bisect_right(self._bases, offset) - 1, 0)]

    def span(self, place: Place) -> Span:
        """A place as lines and columns of its file."""
        from sovereign.diagnostic import Span  # only a message needs it

        source = self.source(place[0])
        line, column = source.position(place[0] - source.base)
        end_line, end_column = source.position(max(place[1], place[0]) - source.base)
        return Span(source.path, line, column, end_line, end_column)

    def line(self, offset: int) -> int:
        """The line of an offset, counted through all files."""
        source = self.source(offset)
        return source.first_line + source.position(offset - source.base)[0] - 1

    def line_span(self, line: int) -> Span:
        """A whole line, given by its number through all files."""
        from sovereign.diagnostic import Span  # as above

        source = self.files[max(bisect_right(self._lines, line) - 1, 0)]
        index = min(line - source.first_line, len(source.starts) - 1)
        end = source.starts[index + 1] - 1 if index + 1 < len(source.starts) else len(source.text)
        text = source.text[source.starts[index] : end]
        first = len(text) - len(text.lstrip()) + 1
        return Span(source.path, index + 1, first, index + 1, max(len(text.rstrip()), first) + 1)
