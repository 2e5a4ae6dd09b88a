"""Whether a function of two sides gives the same on inputs that nobody thought of.

Enters: two sides that speak the protocol of `driver.py`, signatures, a seed. Leaves: `Fuzzed` per function: results,
exceptions, what was printed and what became of the arguments are compared; a failure is made as small as it gets.
Read `report.py` next.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.migration.equivalence.compare import Verdict
from sovereign.migration.equivalence.drive import MEMORY_BYTES, Kind, Reply, Side
from sovereign.migration.equivalence.generate import Generator, smaller
from sovereign.migration.equivalence.plain import decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sovereign.migration.equivalence.cases import Command
    from sovereign.migration.equivalence.plain import Signature

__all__ = ["Failure", "Fuzzed", "fuzz"]

INPUTS = 1000
PATIENCE_S = 2.0
BUDGET_S = 20.0
"""A function on whose inputs the original hangs again and again gets so much time; the rest is not measured."""
_AT_ONCE = 64
# A failure is made smaller by at most so many calls.
_TRIES = 2000


@dataclass(frozen=True, slots=True)
class Failure:
    """Arguments on which the sides differ, and what each of them did."""

    arguments: str
    original: str
    translated: str


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One function: how many inputs were compared, how many differed, and the smallest that does."""

    signature: Signature
    compared: int
    declined: int
    unmeasured: int
    differing: int
    failure: Failure | None = None

    @property
    def verdict(self) -> Verdict:
        """The same only where something was compared and nothing differed."""
        if self.failure:
            return Verdict.DIFFERENT
        return Verdict.SAME if self.compared else Verdict.UNMEASURED


def fuzz(
    original: Command,
    translated: Command,
    signatures: Sequence[Signature],
    *,
    inputs: int = INPUTS,
    seed: int = 0,
    timeout_s: float = PATIENCE_S,
) -> list[Fuzzed]:
    """Call each function on both sides.

    An input on which the original hangs, dies, or runs out of memory or stack is not measured; one that the translated
    side cannot take, such as an integer beyond 64 bits where it was proved that none comes, is counted as declined.

    Errors    ParameterError equivalence.no_cases   when there is no function.
              DeviceError equivalence.run           when a side does not speak the protocol.
    Cost      less than a second for 1,000 inputs of a function that takes no time itself.
    """
    if not signatures:
        text = "nothing was compared, since no function was given"
        raise ParameterError("equivalence.no_cases", text, name="signatures", value=[], allowed=[])
    more = Side(translated, timeout_s=timeout_s * _GRACE, memory_bytes=MEMORY_BYTES * _GRACE)
    with Side(original, timeout_s=timeout_s) as one, more as other:
        pair = _Pair(one, other)
        return [_fuzzed(pair, signature, inputs, seed) for signature in signatures]


_GRACE = 6
"""What the original answers with its share of time and memory, the other side has to answer with so many times that: a
difference is one of meaning, not of who was interrupted."""
_UNASKED = Reply(Kind.DECLINED)
_UNANSWERED = Reply(Kind.HUNG)
_TOO_MUCH = frozenset({"RecursionError", "MemoryError"})


@dataclass(frozen=True, slots=True)
class _Pair:
    """Both sides."""

    original: Side
    translated: Side

    def ask(self, name: str, arguments: Sequence[tuple[Any, ...]]) -> list[tuple[Reply, Reply]]:
        """The replies of both sides; where the original gives none, the other is not asked."""
        lines = [f"{name}\t{encode(each)}" for each in arguments]
        originals = self.original.call(lines)
        asked = [line for line, one in zip(lines, originals, strict=True) if not _is_lost(one)]
        others = iter(self.translated.call(asked))
        return [(one, _UNASKED if _is_lost(one) else next(others)) for one in originals]


def _fuzzed(pair: _Pair, signature: Signature, inputs: int, seed: int) -> Fuzzed:
    tried = list(Generator(seed).arguments(signature.parameters, inputs))
    replies: list[tuple[Reply, Reply]] = []
    deadline = time.monotonic() + BUDGET_S
    for start in range(0, len(tried), _AT_ONCE):
        if time.monotonic() > deadline:
            replies += [(_UNANSWERED, _UNASKED)] * (len(tried) - start)
            break
        replies += pair.ask(signature.name, tried[start : start + _AT_ONCE])
    declined = sum(other.kind is Kind.DECLINED and not _is_lost(one) for one, other in replies)
    lost = sum(_is_lost(one) for one, _ in replies)
    differing = [arguments for arguments, (one, other) in zip(tried, replies, strict=True) if _differ(one, other)]
    failure = _smallest(pair, signature, differing[0]) if differing else None
    compared = sum(not _is_lost(one) and other.kind is not Kind.DECLINED for one, other in replies)
    return Fuzzed(signature, compared, declined, lost, len(differing), failure)


def _is_lost(original: Reply) -> bool:
    """Whether the original gave no answer that another program could be held to."""
    return original.kind in {Kind.DIED, Kind.HUNG} or (
        original.kind is Kind.RAISED and original.result.partition(":")[0] in _TOO_MUCH
    )


def _differ(original: Reply, translated: Reply) -> bool:
    if _is_lost(original) or translated.kind is Kind.DECLINED:
        return False
    return original != translated


def _smallest(pair: _Pair, signature: Signature, arguments: tuple[Any, ...]) -> Failure:
    """Make a failing input simpler as long as it fails."""
    tries = _TRIES
    while tries > 0:
        better = None
        for candidates in _groups(islice(_simpler(arguments), tries)):
            tries -= len(candidates)
            replies = pair.ask(signature.name, candidates)
            better = next((each for each, both in zip(candidates, replies, strict=True) if _differ(*both)), None)
            if better is not None:
                break
        if better is None:
            break
        arguments = better
    ((one, other),) = pair.ask(signature.name, [arguments])
    shown = ", ".join(map(repr, arguments))
    return Failure(f"{signature.name}({shown})", _said(one), _said(other))


def _groups(candidates: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """A few at a time: the first often fails already, and asking one by one waits too often."""
    while group := list(islice(candidates, 8)):
        yield group


def _simpler(arguments: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    for place, value in enumerate(arguments):
        for candidate in smaller(value):
            yield (*arguments[:place], candidate, *arguments[place + 1 :])


def _said(reply: Reply) -> str:
    """A reply as a person reads it."""
    parts = [f"printed {reply.printed.decode('utf-8', 'backslashreplace')!r}"] if reply.printed else []
    if reply.kind is Kind.VALUE:
        parts.append(f"gave {_shown(reply.result)}")
    else:
        parts.append(f"{reply.kind}, {reply.result}" if reply.result else str(reply.kind))
    if reply.arguments:
        parts.append(f"left {_shown(reply.arguments)}")
    return "; ".join(parts)


def _shown(words: str) -> str:
    return repr(decode(words.replace("fnan", "f7ff8000000000000")))
