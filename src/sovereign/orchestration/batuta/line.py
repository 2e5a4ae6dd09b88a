"""The line of stages: each runs once for what it depends on, and the first that fails stops the line.

Enters: a working folder, and stages as functions with their fingerprints. Leaves: what each stage found, from now or
from its record, and the state on the disk after each step, so that a run that was broken off goes on where it was.
Read `state.py` for the records, `stages.py` for the stages.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import GateFailed, SovereignError
from sovereign.orchestration.batuta.state import Ending, Record, State, load, now, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["ORDER", "Line", "Ran"]

ORDER = ("analyze", "train", "transpile", "validate", "effects", "build", "bundle", "invoke", "ruchy")
"""The stages in the order in which one stops those after it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a stage found, how long that took, and whether it was taken from its record."""

    document: dict[str, Any]
    seconds: float
    is_kept: bool


class Line:
    """The line of one working folder and one project."""

    def __init__(self, folder: Path, source: Path, *, is_fresh: bool = False) -> None:
        self.folder = folder
        self.state: State = load(folder).of_source(source)
        self.state.source = str(source.resolve())
        self.project = ""
        """The fingerprint of the project as it lies there now, which goes into the records."""
        if is_fresh:
            self.state.stages.clear()

    def run(
        self,
        name: str,
        key: str,
        action: Callable[[], dict[str, Any]],
        *,
        command: str = "",
        judge: Callable[[dict[str, Any]], None] = lambda _document: None,
        holds: Callable[[dict[str, Any]], bool] = lambda _document: True,
    ) -> Ran:
        """Run a stage, or take what it found from its record.

        `key` is the fingerprint of all that it depends on; `judge` raises when what was found is a failure; `holds`
        says whether what it made is still there; `command` is what does the same by hand.

        Errors    what `action` and `judge` raise, after the record says so.
        """
        kept = self.state.stages.get(name)
        if kept is not None and kept.ending is Ending.DONE and kept.key == key and holds(kept.document):
            return Ran(kept.document, kept.seconds, is_kept=True)
        began, started = now(), time.monotonic()
        # Whoever is killed leaves a record without an end.
        self._note(name, Record(Ending.INTERRUPTED, key, began, command=command, project=self.project))
        document: dict[str, Any] = {}
        try:
            document = action()
            judge(document)
        except SovereignError as error:
            seconds = time.monotonic() - started
            text = f"{error} [{error.code}]"
            self._note(name, Record(Ending.FAILED, key, began, seconds, document, text, command, self.project))
            raise
        seconds = time.monotonic() - started
        self._forget_failures(name)
        self._note(name, Record(Ending.DONE, key, began, seconds, document, command=command, project=self.project))
        return Ran(document, seconds, is_kept=False)

    def _forget_failures(self, name: str) -> None:
        """What failed after a stage that was done anew failed on something else."""
        for each in ORDER[ORDER.index(name) + 1 :]:
            record = self.state.stages.get(each)
            if record is not None and record.ending is not Ending.DONE:
                del self.state.stages[each]

    def _note(self, name: str, record: Record) -> None:
        self.state.stages[name] = record
        save(self.state, self.folder)

    def require_open(self, name: str) -> None:
        """See that no stage before this one failed.

        Errors    GateFailed batuta.stopped   when one did; the sentence says which, and what it said.
        """
        for each in ORDER[: ORDER.index(name)]:
            record = self.state.stages.get(each)
            if record is not None and record.ending is Ending.FAILED:
                text = f"the line stands still since `{each}` failed, mend that and call it again: {record.error}"
                fix = f"`batuta {each}` after the change, or `batuta reset` to begin anew"
                raise GateFailed(
                    "batuta.stopped", text, rule="no stage before it failed", measured=each, required="done", fix=fix
                )
