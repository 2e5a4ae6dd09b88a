"""What a program is given: arguments, input, files, environment; and how a side is started.

Enters: plain data. Leaves: `Case` and `Command`. Read `observe.py` next.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Case", "Command"]


@dataclass(frozen=True, slots=True)
class Case:
    """One run: what follows the command, what stands on standard input, and the files in the working folder.

    Environment variables are added to those of `observe.py`, which are the same on every machine.
    """

    arguments: tuple[str, ...] = ()
    stdin: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    @property
    def title(self) -> str:
        """The name, or else the arguments.

        >>> Case(("--depth", "3")).title
        '--depth 3'
        """
        return self.name or " ".join(self.arguments) or "no arguments"


@dataclass(frozen=True, slots=True)
class Command:
    """One side of a comparison: a program and the arguments that come before those of a case."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, *words: str | Path) -> Command:
        """A side that is there to be started, its program and its files under absolute paths.

        A case runs in a folder of its own, so that relative paths would lead nowhere.

        Errors    NotFound equivalence.missing_side   when there is no such program.
        """
        program, *rest = words
        found = shutil.which(program) or (str(program) if Path(program).is_file() else None)
        if found is None:
            raise _missing(program)
        return cls((str(Path(found).absolute()), *(_absolute(word) for word in rest)))


def _absolute(word: str | Path) -> str:
    if not isinstance(word, Path):
        return word
    if not word.exists():
        raise _missing(word)
    return str(word.absolute())


def _missing(side: str | Path) -> NotFound:
    text = f"a side of the comparison is not there: `{side}`"
    return NotFound("equivalence.missing_side", text, name=str(side), nearest=[])
