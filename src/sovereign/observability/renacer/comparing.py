"""Whether two programs did the same to the world: a Python program and its translation, or two versions of one.

Enters: two traces. Leaves: a `Verdict`: equal, or different at an effect, or not comparable for a reason. A trace that
is missing, cut or empty is an error and never a pass. Read `portrait.py` for what is compared.

| compared | not compared |
|---|---|
| the bytes that each file was given, and where, how it was opened, its mode | memory, threads, how bytes were cut |
| renames, links, removals, folders, times, locks | how often was looked for something that is there |
| what stands on standard output and standard error | imports, byte code, locales, /proc and /sys |
| what was looked at, and what was looked for and is not there | what was computed and never told |
| the peers of sockets, and the bytes that were sent | the bytes that were received, name services |
| what was started, with its arguments and how it ended; signals sent | the order between different things |
| the status or signal at the end | what is written through memory; that ends the comparison |
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.checking import Difference
from sovereign.observability.renacer.effects import world_of
from sovereign.observability.renacer.events import events_of, read_events
from sovereign.observability.renacer.portrait import Deed, portrait_of
from sovereign.shell.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sovereign.observability.renacer.portrait import Portrait

__all__ = ["Answer", "Verdict", "compare"]

_TRACEBACK = b"Traceback (most recent call last):\n"
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf)")
_CLASS = re.compile(rb"(?:[\w.]*\.)?(\w+)")
_SHOWN = 60


class Answer(StrEnum):
    """The three answers."""

    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer, with every difference, or with the reason why there is none."""

    answer: Answer
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """It in one line."""
        if self.answer is Answer.DIFFERS:
            return f"differs at {self.differences[0].sentence}"
        if self.answer is Answer.NOT_COMPARABLE:
            return f"not comparable ({'; '.join(self.reasons)})"
        return "equal"

    def to_json(self) -> dict[str, object]:
        """It as data."""
        return {
            "verdict": str(self.answer),
            "sentence": self.sentence,
            "differences": [each.to_json() for each in self.differences],
            "reasons": list(self.reasons),
        }


def compare(
    original: str | Path | Iterable[Mapping[str, Any]],
    translation: str | Path | Iterable[Mapping[str, Any]],
    *,
    tolerance: float | None = None,
    leave_out: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Verdict:
    """Hold two traces against each other; each is a file of JSON lines, or the objects that `record` yields.

    `leave_out` names things that are not compared, as patterns of file names such as `*.ruchy`. `tolerance` lets
    numbers in texts differ by that share; without it every byte counts. `environment` says where HOME and TMPDIR were,
    this process's when left out.

    Errors    NotFound shell.not_found        when a file is missing.
              FormatError renacer.trace       when a line is not what schema 1 says.
              IntegrityError renacer.cut      when a trace was cut off.
              FormatError renacer.empty       when a trace holds no call.
    """
    sides = [portrait_of(_world(each), environment) for each in (original, translation)]
    first, second = sides
    reasons = [
        f"{reason}, in the {which}"
        for which, side in zip(("first", "second"), sides, strict=True)
        for reason in dict.fromkeys(side.reasons)
    ]
    if reasons:
        return Verdict(Answer.NOT_COMPARABLE, reasons=tuple(reasons))
    found = [*_endings(first, second), *_children(first, second)]
    for name in sorted({*first.deeds, *second.deeds}, key=_place):
        if any(fnmatchcase(name, pattern) for pattern in leave_out):
            continue
        found += _thing(name, first, second, tolerance)
    unseen = [each for each in found if each.what.startswith(_UNSEEN)]
    if found and len(unseen) == len(found):
        return Verdict(Answer.NOT_COMPARABLE, reasons=tuple(each.sentence for each in unseen))
    return Verdict(Answer.DIFFERS if found else Answer.EQUAL, tuple(found))


def _world(trace: str | Path | Iterable[Mapping[str, Any]]) -> Any:
    if isinstance(trace, str | Path):
        path = str(trace)
        return world_of(read_events(read_bytes(path).splitlines(keepends=True), path), path)
    return world_of(events_of(trace))


def _place(name: str) -> tuple[int, str]:
    """Standard output first, since a person looks there first."""
    return (0 if name == "stdout" else 1 if name == "stderr" else 2, name)


# how they ended, and what they started


def _endings(first: Portrait, second: Portrait) -> Iterator[Difference]:
    one, two = (_ending(each) for each in (first, second))
    if one != two:
        yield Difference("exit", "", (one,), (two,), f"the first ended with {one}, the second with {two}")


def _ending(side: Portrait) -> str:
    return side.signal if side.signal is not None else f"status {side.status}"


def _children(first: Portrait, second: Portrait) -> Iterator[Difference]:
    one, two = ([" ".join(each) for each in side.children] for side in (first, second))
    if one != two:
        at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
        was = one[at] if at < len(one) else "nothing"
        now = two[at] if at < len(two) else "nothing"
        yield Difference("children", "", tuple(one), tuple(two), f"number {at + 1} is `{was}` and `{now}`")


# things


def _thing(name: str, first: Portrait, second: Portrait, tolerance: float | None) -> Iterator[Difference]:
    one, two = first.deeds.get(name, []), second.deeds.get(name, [])
    if name == "stderr":
        one, two = _without_tracebacks(one, two)
    if name in first.unordered or name in second.unordered:
        if _lines(one) == _lines(two):
            return
    elif len(one) == len(two) and all(_same(a, b, tolerance) for a, b in zip(one, two, strict=True)):
        return
    at = next(
        (at for at, (a, b) in enumerate(zip(one, two, strict=False)) if not _same(a, b, tolerance)),
        min(len(one), len(two)),
    )
    told = [tuple(map(_shown, side)) for side in (one, two)]
    yield Difference(name, "", told[0], told[1], _what(one[at : at + 1], two[at : at + 1]))


def _same(one: Deed, two: Deed, tolerance: float | None) -> bool:
    if one._replace(content=None, length=0) != two._replace(content=None, length=0):
        return False
    if one.content is None or two.content is None:
        return one.content == two.content and one.length == two.length
    return one.content == two.content or (tolerance is not None and _close(one.content, two.content, tolerance))


def _close(one: bytes, two: bytes, tolerance: float) -> bool:
    """Whether two texts are the same but for numbers that lie within a share of each other."""
    try:
        texts = one.decode(), two.decode()
    except UnicodeDecodeError:
        return False
    between = [_NUMBER.split(text) for text in texts]
    numbers = [[float(each) for each in _NUMBER.findall(text)] for text in texts]
    return between[0] == between[1] and all(
        a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= tolerance * max(abs(a), abs(b))
        for a, b in zip(*numbers, strict=True)
    )


def _lines(deeds: Sequence[Deed]) -> Counter[bytes]:
    """What was done in no certain order: the lines that were written, however they were mixed, and the rest."""
    found: Counter[bytes] = Counter()
    for deed in deeds:
        if deed.content is None:
            found[repr(deed).encode()] += 1
        else:
            found.update(deed.content.splitlines(keepends=True))
    return found


_UNSEEN = "the kernel copied bytes"


def _what(one: Sequence[Deed], two: Sequence[Deed]) -> str:
    if not one or not two:
        side, deed = ("first", one[0]) if one else ("second", two[0])
        return f"only the {side} does `{_shown(deed)}`"
    a, b = one[0], two[0]
    if {a.verb, b.verb} == {"copy", "write"} and a.length == b.length:
        return f"{_UNSEEN} on one side only, and no call shows them"
    if a.content is not None and b.content is not None and a._replace(content=b.content, length=b.length) == b:
        return _bytes(a.content, b.content)
    return f"the first does `{_shown(a)}`, the second `{_shown(b)}`"


def _bytes(one: bytes, two: bytes) -> str:
    """Where two streams part."""
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    line = one[:at].count(b"\n") + 1
    start = one.rfind(b"\n", 0, at) + 1
    shown = [_text(side[start:].split(b"\n")[0]) for side in (one, two)]
    return f"byte {at + 1}, in line {line}, `{shown[0]}` and `{shown[1]}`, of {len(one)} and {len(two)} bytes"


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "backslashreplace")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."


def _shown(deed: Deed) -> str:
    words = [deed.verb, *(" ".join(fact) if isinstance(fact, tuple) else str(fact) for fact in deed.facts)]
    if deed.content is not None or deed.verb == "copy":
        words.append(f"{deed.length} bytes")
        if deed.offset:
            words.append(f"at {deed.offset}")
    if deed.content is not None:
        words.append(_text(deed.content))
    return " ".join(words)


# what an uncaught exception says


def _without_tracebacks(one: list[Deed], two: list[Deed]) -> tuple[list[Deed], list[Deed]]:
    """Both sides with the last words of an uncaught exception reduced to its class, where one has a traceback."""
    texts = [b"".join(deed.content or b"" for deed in side if deed.verb == "write") for side in (one, two)]
    if not any(_TRACEBACK in text for text in texts):
        return one, two
    reduced = [_reduced(text) for text in texts]
    return [Deed("write", content=reduced[0])], [Deed("write", content=reduced[1])]


def _reduced(text: bytes) -> bytes:
    head, found, _ = text.partition(_TRACEBACK)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(b" ")]
    if not found:
        head = text[: text.rstrip().rfind(b"\n") + 1]
    last = lines[-1] if lines else b""
    name = _CLASS.match(last.partition(b":")[0].strip())
    return head + b"<" + (name[1] if name is not None else b"") + b">\n"
