"""What a message about somebody's source or file consists of, as plain data.

Enters: findings of any room. Leaves: `Diagnostic`, which `sovereign.shell` renders once with a caret and
which `--json` prints as it is. This module imports nothing of ours. Read `shell/render.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ByteRange", "Diagnostic", "Label", "Level", "Span"]


class Level(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text file; lines and columns count from 1, columns in code points, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def to_json(self) -> dict[str, object]:
        """The span as a JSON object."""
        return {
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
        }


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A place in a binary file, in bytes from its start; the end is exclusive."""

    path: str
    start: int
    end: int

    def to_json(self) -> dict[str, object]:
        """The range as a JSON object."""
        return {"path": self.path, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Label:
    """A further place that explains the finding, with a word on why."""

    span: Span | ByteRange
    text: str

    def to_json(self) -> dict[str, object]:
        """The label as a JSON object."""
        return {"span": self.span.to_json(), "text": self.text}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a stable code, one sentence, where, what else explains it, and what to do."""

    code: str
    level: Level
    message: str
    span: Span | ByteRange | None = None
    labels: tuple[Label, ...] = field(default=())
    help: str | None = None

    def to_json(self) -> dict[str, object]:
        """The object that `--json` prints, with the same keys whether or not they hold something."""
        return {
            "code": self.code,
            "level": str(self.level),
            "message": self.message,
            "span": self.span.to_json() if self.span else None,
            "labels": [label.to_json() for label in self.labels],
            "help": self.help,
        }
