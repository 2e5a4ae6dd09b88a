"""What rustc says, as findings about the source that the Rust was made from.

Enters: rustc's messages as JSON, and a `SourceMap`. Leaves: one `SourceError`. Read `build.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sovereign.diagnostic import Diagnostic, Label, Level, Span
from sovereign.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SourceMap", "moved", "refused", "rejected"]

CODE = "rust.rejected"


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where Rust text came from: the source's path, and per line of Rust the line of the source, or None."""

    path: str = ""
    lines: tuple[int | None, ...] = ()

    def source_line(self, line: int) -> int | None:
        """The source line of a line of Rust, both counted from 1.

        >>> SourceMap("a.py", (None, 7)).source_line(2)
        7
        """
        return self.lines[line - 1] if 0 < line <= len(self.lines) else None


def refused(messages: Iterable[dict[str, Any]], origin: SourceMap, raw: str) -> SourceError:
    """The error for a text that rustc did not take; what it said without a form stands in for what it should say."""
    errors = [_finding(message, origin) for message in messages if message.get("level") == "error"]
    # The last error only counts the others.
    found = [each for each in errors if not each.message.startswith("aborting due to")]
    if not found:
        said = raw.strip().splitlines() or ["nothing"]
        found = [Diagnostic(CODE, Level.ERROR, said[-1])]
    return rejected(found)


def rejected(found: list[Diagnostic]) -> SourceError:
    """The error that holds some findings; its sentence is that of the first."""
    first = found[0]
    where = ""
    if isinstance(first.span, Span):
        where = f" at {first.span.path}:{first.span.line}"
        if first.labels and isinstance(first.labels[0].span, Span):
            where += f", from {first.labels[0].span.path}:{first.labels[0].span.line}"
    return SourceError("rust.rejected", f"rustc refuses the program{where}: {first.message}", diagnostics=found)


def _finding(message: dict[str, Any], origin: SourceMap) -> Diagnostic:
    code = (message.get("code") or {}).get("code")
    text = f"{message['message']} ({code})" if code else str(message["message"])
    spans = [span for span in message.get("spans", ()) if span.get("is_primary")]
    if not spans:
        return Diagnostic(CODE, Level.ERROR, text)
    span = _span(spans[0])
    labels = _labels(span, origin)
    helps = [child["message"] for child in message.get("children", ()) if child.get("level") == "help"]
    return Diagnostic(CODE, Level.ERROR, text, span, labels, helps[0] if helps else None)


def moved(finding: Diagnostic, offset: int, origin: SourceMap) -> Diagnostic:
    """The finding about a text that stands so many lines further down than where it will be read."""
    span = finding.span
    assert isinstance(span, Span)
    span = replace(span, line=span.line - offset, end_line=span.end_line - offset)
    return replace(finding, span=span, labels=_labels(span, origin))


def _labels(span: Span, origin: SourceMap) -> tuple[Label, ...]:
    line = origin.source_line(span.line)
    return () if line is None else (Label(Span(origin.path, line, 1, line, 1), "made from this line"),)


def _span(span: dict[str, Any]) -> Span:
    return Span(span["file_name"], span["line_start"], span["column_start"], span["line_end"], span["column_end"])
