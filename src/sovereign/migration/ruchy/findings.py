"""What was found wrong in a program, collected, so that one run reports all of it.

Enters: findings of every file of the room, by place. Leaves: `Diagnostic`s in source order, or `SourceError`.
Read `lexer.py` next.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.ruchy.sources import Sources
    from sovereign.migration.ruchy.tree import Place

__all__ = ["MOST_FINDINGS", "Findings", "Stopped"]

MOST_FINDINGS = 20
"""More errors than this help nobody; the rest is not reported."""


class Stopped(Exception):  # noqa: N818 - not an error of its own: the finding that it ends with is kept
    """Reading cannot go on, because a limit was met or too much was found."""


class Findings:
    """The findings of one program."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.found: list[Diagnostic] = []
        self._starts: set[tuple[str, int]] = set()

    def error(
        self, code: str, message: str, place: Place, *, labels: Iterable[tuple[Place, str]] = (), fix: str | None = None
    ) -> None:
        """Add an error; a second one of that code at the same place says nothing new.

        Errors    Stopped  when there are as many as anybody reads.
        """
        self._add("error", code, message, place, labels=labels, fix=fix)
        if len(self.errors) >= MOST_FINDINGS:
            raise Stopped

    def warning(
        self, code: str, message: str, place: Place, *, labels: Iterable[tuple[Place, str]] = (), fix: str | None = None
    ) -> None:
        """Add a warning."""
        self._add("warning", code, message, place, labels=labels, fix=fix)

    def _add(
        self,
        level: str,
        code: str,
        message: str,
        place: Place,
        *,
        labels: Iterable[tuple[Place, str]],
        fix: str | None,
    ) -> None:
        from sovereign.diagnostic import Diagnostic, Label, Level  # a program without findings does not pay for it

        if (code, place[0]) in self._starts:
            return
        self._starts.add((code, place[0]))
        shown = tuple(Label(self.sources.span(at), text) for at, text in labels)
        self.found.append(Diagnostic(code, Level(level), message, self.sources.span(place), shown, fix))

    @property
    def errors(self) -> list[Diagnostic]:
        """Those that keep a program from running."""
        return [each for each in self.found if each.level == "error"]

    def require_none(self) -> None:
        """Go on only when there is no error.

        Errors    SourceError  with every finding.
        """
        if self.errors:
            from sovereign.errors import SourceError

            count = len(self.errors)
            message = f"the program has {count} error{'s' * (count > 1)}"
            raise SourceError("ruchy.refused", message, diagnostics=self.ordered())

    def ordered(self) -> list[Diagnostic]:
        """All findings in source order."""
        return sorted(self.found, key=lambda each: (each.span.line, each.span.column) if each.span else (0, 0))  # type: ignore[union-attr] # a finding here is about text
