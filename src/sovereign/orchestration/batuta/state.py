"""What was done with a project so far: one record per stage, kept so that the next call goes on from there.

Enters: the working folder. Leaves: `State`, which lies in `.batuta/state.json` there and is written whole or not at
all. A record holds the fingerprint of what the stage depended on; another fingerprint makes it void. A stage that was
begun and has no end was interrupted. Read `line.py` next.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sovereign.errors import FormatError
from sovereign.shell.files import read_text, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FOLDER", "Ending", "Record", "State", "load", "now", "reset", "save", "state_path"]

FOLDER = ".batuta"
_FORMAT = 1


class Ending(StrEnum):
    """How a stage stands."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Record:
    """One stage: how it ended, what it depended on, when it began, how long it took, what it found, why it failed.

    `command` is what does the same by hand, `project` the fingerprint of the project at that time.
    """

    ending: Ending
    key: str
    began: str
    seconds: float = 0.0
    document: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    command: str = ""
    project: str = ""


@dataclass(slots=True)
class State:
    """The stages of one project; `source` and `output` are absolute paths, empty while nobody named them."""

    source: str = ""
    output: str = ""
    stages: dict[str, Record] = field(default_factory=dict)

    def of_source(self, source: Path) -> State:
        """The state for this source: itself, or an empty one where the records are about another project."""
        resolved = str(source.resolve())
        return self if self.source in {"", resolved} else State()


def state_path(folder: Path) -> Path:
    """Where the state of a working folder lies."""
    return folder / FOLDER / "state.json"


def load(folder: Path) -> State:
    """The state of a working folder; an empty one where there is none.

    Errors    FormatError batuta.state   when the file is there and is no state.
    """
    path = state_path(folder)
    if not path.is_file():
        return State()
    try:
        found = json.loads(read_text(path))
        if found["format"] != _FORMAT:
            raise ValueError(found["format"])  # noqa: TRY301 - one sentence for all that can be wrong
        stages = {name: Record(**{**each, "ending": Ending(each["ending"])}) for name, each in found["stages"].items()}
        return State(str(found["source"]), str(found["output"]), stages)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"the state of the project cannot be read, `batuta reset` begins anew: `{path}`"
        fields = {"path": str(path), "offset": 0, "field": "state", "expected": f"format {_FORMAT}", "got": str(error)}
        raise FormatError("batuta.state", text, **fields) from error


def save(state: State, folder: Path) -> None:
    """Write the state, whole or not at all."""
    path = state_path(folder)
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({"format": _FORMAT, **asdict(state)}, indent=1)
    write_atomically(path, text + "\n", force=True)


def reset(folder: Path) -> bool:
    """Forget what was done; the project and what was made of it stay. Says whether there was something to forget."""
    path = state_path(folder)
    if not path.exists():
        return False
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
    return True


def now() -> str:
    """The time as it is written into records."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(fixed), UTC) if fixed.isdecimal() else datetime.now(UTC)
    return moment.isoformat(timespec="seconds")
