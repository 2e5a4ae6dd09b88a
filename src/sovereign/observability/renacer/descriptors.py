"""What the numbers of a process stand for: open files, pipes, sockets, streams.

Enters: the calls that make, copy and close descriptors. Leaves: for a number the thing behind it, shared between copies
as the kernel shares it, so that an offset moves for all of them. Read `world.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["STREAMS", "Opened", "Table", "Thing", "number_of"]

Thing = tuple[str, ...] | tuple[str | int, ...]
"""What effects are done to: `("file", path)`, `("stream", "stdout")`, `("pipe", task, n)`, `("socket", task, n)`."""

STREAMS = ("stdin", "stdout", "stderr")
_LAST = (1 << 31) - 1


@dataclass(slots=True)
class Opened:
    """An open file description: one thing, one offset, however many numbers lead to it."""

    thing: Thing
    path: str | None = None
    offset: int = 0
    is_append: bool = False
    is_quiet: bool = False
    """Whether what is done through it is nobody's business: terminals, counters, the loader's own files."""

    @property
    def has_offset(self) -> bool:
        """Whether bytes have places in it."""
        return self.thing[0] == "file"


@dataclass(slots=True)
class Table:
    """The descriptors of one process."""

    opened: dict[int, Opened] = field(default_factory=dict)
    closing: set[int] = field(default_factory=set)
    """Numbers that are closed when another program is started."""

    @classmethod
    def of_a_command(cls) -> Table:
        """The three streams that a command starts with."""
        return cls({number: Opened(("stream", name)) for number, name in enumerate(STREAMS)})

    def copy(self) -> Table:
        """The table of a child."""
        return Table(dict(self.opened), set(self.closing))

    def put(self, number: int, opened: Opened, *, is_closing: bool = False) -> None:
        """Let a number stand for something."""
        self.opened[number] = opened
        (self.closing.add if is_closing else self.closing.discard)(number)

    def close(self, first: int, last: int | None = None) -> None:
        """Forget one number, or a range of them."""
        for number in [first] if last is None else [each for each in self.opened if first <= each <= last]:
            self.opened.pop(number, None)
            self.closing.discard(number)

    def close_for_program(self) -> None:
        """Forget what a new program does not inherit."""
        for number in tuple(self.closing):
            self.close(number)


def number_of(value: Any) -> int | None:
    """The number of a descriptor argument, however it is written.

    >>> number_of({"fd": 3, "is": "/etc/hosts"}), number_of(4), number_of("AT_FDCWD")
    (3, 4, -100)
    """
    if isinstance(value, dict):
        value = value.get("fd")
    if value == "AT_FDCWD":
        return -100
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value - (1 << 32) if _LAST < value < (1 << 32) else value
