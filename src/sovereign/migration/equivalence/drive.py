"""A side of a fuzzed comparison: a process that answers calls line by line.

Enters: a `Command` whose process speaks the protocol of `driver.py`. Leaves: a `Reply` per call. Calls go out in
batches, since a thousand turns of asking and waiting would take longer than all of the work. A process that dies or
hangs is started anew, and the call on which it did so is found; each call that hangs halves the patience with the next,
down to a quarter of a second. A side gets two gigabytes of memory, so that a huge argument ends that side and not the
machine. Read `fuzz.py` next.
"""

from __future__ import annotations

import contextlib
import os
import resource
import select
import subprocess
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Self

from sovereign.errors import DeviceError
from sovereign.migration.equivalence.plain import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from sovereign.migration.equivalence.cases import Command

__all__ = ["MEMORY_BYTES", "Kind", "Reply", "Side"]

# Less than a pipe holds, so that a side may answer while it is still being asked.
_BATCH_BYTES = 16_000
_READ_BYTES = 1 << 16
_MARK = b"\x01"
START_S = 30.0
_LEAST_PATIENCE_S = 0.25
MEMORY_BYTES = 1 << 30
"""What a side may take, unless it is told otherwise."""


class Kind(StrEnum):
    """How a call ended."""

    VALUE = "value"
    RAISED = "exception"
    DECLINED = "declined"
    DIED = "died"
    HUNG = "hung"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call gave: words of its result or name and text of its exception, its arguments afterwards, its output."""

    kind: Kind
    result: str = ""
    arguments: str = ""
    printed: bytes = b""


class Side:
    """One process that answers; used as a context, at whose end it is gone."""

    def __init__(self, command: Command, *, timeout_s: float, memory_bytes: int = MEMORY_BYTES) -> None:
        self.command = command
        self.timeout_s = timeout_s
        self.memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._kept = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        self._process = None
        self._kept = b""

    def call(self, lines: Sequence[str]) -> list[Reply]:
        """The replies to some calls, in their order.

        Errors    DeviceError equivalence.run   when the process does not start.
        """
        replies: list[Reply] = []
        for batch in _batches(lines):
            answered = self._ask(batch)
            while len(answered) < len(batch):
                # The first call without a reply is the one that ended the process, or on which it hangs.
                ending = self._ending()
                answered.append(ending)
                answered += self._ask(batch[len(answered) :])
            replies += answered
        return replies

    def _ask(self, batch: Sequence[str]) -> list[Reply]:
        """The replies that come until the process ends or time runs out; fewer than were asked for then."""
        if not batch:
            return []
        process = self._started()
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write("".join([f"{line}\n" for line in batch]).encode())
            process.stdin.flush()
        return [_read(printed, words) for printed, words in self._answers(len(batch))]

    def _answers(self, count: int) -> Iterator[tuple[bytes, bytes]]:
        """What was printed before each reply, and the reply."""
        deadline = time.monotonic() + self.timeout_s
        while count:
            printed, mark, rest = self._kept.partition(_MARK)
            words, end, after = rest.partition(b"\n")
            if mark and end:
                self._kept = after
                yield printed, words
                count -= 1
                deadline = time.monotonic() + self.timeout_s
            elif not self._more(deadline):
                return

    def _more(self, deadline: float) -> bool:
        assert self._process is not None
        assert self._process.stdout is not None
        pipe: IO[bytes] = self._process.stdout
        ready, _, _ = select.select([pipe], [], [], max(deadline - time.monotonic(), 0))
        found = os.read(pipe.fileno(), _READ_BYTES) if ready else b""
        self._kept += found
        return bool(found)

    def _ending(self) -> Reply:
        """How the process is: dead, or alive and silent."""
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.05)
        code = self._process.returncode
        printed = self._kept
        self.close()
        if code is None:
            self.timeout_s = max(self.timeout_s / 2, min(self.timeout_s, _LEAST_PATIENCE_S))
            return Reply(Kind.HUNG, printed=printed)
        return Reply(Kind.DIED, f"exit code {code}", printed=printed)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        try:
            process = subprocess.Popen(
                self.command.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise self._silent(str(error)) from error
        self._process = process
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_DATA, (self.memory_bytes, self.memory_bytes))
        patience, self.timeout_s = self.timeout_s, START_S
        greetings = list(self._answers(1))
        self.timeout_s = patience
        if not greetings or greetings[0][1] != b"ready":
            self.close()
            raise self._silent(_no_greeting(greetings[0][1] if greetings else b""))
        return process

    def _silent(self, reason: str) -> DeviceError:
        text = f"a side of the comparison does not answer calls, {reason}: `{self.command.words[0]}`"
        return DeviceError("equivalence.run", text, backend=self.command.words[0], reason=reason)


def _no_greeting(words: bytes) -> str:
    """Why a side is not ready, by what it said in place of that."""
    match words.decode("utf-8", "replace").split("\t"):
        case ["x", name, text]:
            with contextlib.suppress(ValueError):
                told = bytes.fromhex(text).decode("utf-8", "replace")
                return f"its statements outside of functions do not run without a case: {name}: {told}"
    return "it does not say that it is ready"


def _batches(lines: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line) + 1
    if batch:
        yield batch


def _read(printed: bytes, words: bytes) -> Reply:
    kind, *rest = words.decode("utf-8", "replace").split("\t")
    if kind == "r" and len(rest) == 2:  # noqa: PLR2004 - result and arguments
        return Reply(Kind.VALUE, canonical(rest[0]), canonical(rest[1]), printed)
    if kind == "x" and len(rest) == 3:  # noqa: PLR2004 - name, text and arguments
        # How deep calls go, and the words for it, differ between runs of CPython itself.
        text = "" if rest[0] == "RecursionError" else bytes.fromhex(rest[1]).decode("utf-8", "replace")
        return Reply(Kind.RAISED, f"{rest[0]}: {text}" if text else rest[0], canonical(rest[2]), printed)
    if kind == "u":
        return Reply(Kind.DECLINED)
    raise DeviceError(
        "equivalence.run",
        f"a side of the comparison replies what is no reply: `{kind[:40]}`",
        backend="fuzz",
        reason="protocol",
    )
