"""How a command ends, the same for every command."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """The three answers that a shell script can tell apart; a reader that went away counts as fine."""

    OK = 0
    """It was done, or the answer is yes."""
    NO = 1
    """It was done and the answer is no: a gate failed, traces differ, a file is not valid."""
    CANNOT = 2
    """It could not be done: usage, a missing file or tool, something that was not measured."""
