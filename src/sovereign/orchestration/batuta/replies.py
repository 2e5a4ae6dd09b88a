"""A function of two sides on the same events: what they reply, how they fail, what they print.

Enters: a handler in Python and a native program, both as processes behind the emulated platform, and events. Leaves:
`ReplyComparison`. Compared are how an invocation ended, the type of its error, the reply or the error without what only
one side can have (the traceback of Python, the identity of the request), and the lines that the handler printed. Events
that nobody thought of are made from those that are given. Read `agreement.py` next.
"""

from __future__ import annotations

import json
import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.orchestration.serverless import Emulator, Facts, Invocation, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sovereign.orchestration.serverless import Outcome, Prepared

__all__ = ["ReplyComparison", "comparable", "compare_replies", "mutated", "running"]

PATIENCE_S = 30
_SHOWN = 10
_OF_RUNTIME = "[ERROR]"
_OWN = frozenset({"stackTrace", "requestId"})
_ODD: tuple[Any, ...] = (None, True, 0, -1, 0.5, 1e308, "", "x", " ", "ß漢", [], {}, [[]], "2024-02-30", 10**18)


class DifferenceDocument(TypedDict):
    """An event on which the sides differ, and what each of them said."""

    event: int
    text: str
    what: str
    original: str
    translated: str


class ReplyComparison(TypedDict):
    """What came of a comparison; `kinds` counts how the original ended, `differences` are the first of them."""

    events: int
    same: int
    different: int
    kinds: dict[str, int]
    printed_lines: int
    is_printed_same: bool
    differences: list[DifferenceDocument]


def compare_replies(original: Prepared, translated: Prepared, events: Sequence[bytes]) -> ReplyComparison:
    """Give each event to both sides, in turns, and hold what comes out together.

    Errors    NotFound serverless.no_program   when a side cannot be started.
    """
    found: ReplyComparison = {
        "events": len(events),
        "same": 0,
        "different": 0,
        "kinds": {},
        "printed_lines": 0,
        "is_printed_same": True,
        "differences": [],
    }
    with running(original) as one, running(translated) as other:
        for place, event in enumerate(events, 1):
            wanted, got = _answer(one, event), _answer(other, event)
            found["kinds"][wanted["kind"]] = found["kinds"].get(wanted["kind"], 0) + 1
            what = next((name for name in wanted if wanted[name] != got[name]), None)
            found["same" if what is None else "different"] += 1
            if what is not None and len(found["differences"]) < _SHOWN:
                found["differences"].append(
                    {
                        "event": place,
                        "text": event[:2000].decode("utf-8", "backslashreplace"),
                        "what": what,
                        "original": json.dumps(wanted[what])[:2000],
                        "translated": json.dumps(got[what])[:2000],
                    }
                )
    # A process is told to end before its last lines are read, so that none is missed.
    printed = [_printed(sandbox) for sandbox in (one, other)]
    found["printed_lines"], found["is_printed_same"] = len(printed[0]), printed[0] == printed[1]
    return found


@contextmanager
def running(found: Prepared) -> Iterator[Sandbox]:
    """A process behind the emulated platform."""
    with (
        Emulator(Facts(timeout_s=PATIENCE_S, handler=found.handler)) as emulator,
        Sandbox(emulator, found.command, folder=found.folder, environment=found.environment) as sandbox,
    ):
        yield sandbox


def _printed(sandbox: Sandbox) -> list[str]:
    """The lines that the handler printed; what a runtime prints about an error itself is in words of its own."""
    lines = [each.text for each in sandbox.log.records if each.source == "stdout"]
    return [each for each in lines if not each.startswith(_OF_RUNTIME)]


def _answer(sandbox: Sandbox, event: bytes) -> dict[str, Any]:
    outcome: Outcome = sandbox.cycle(Invocation(event, request_id="00000000-0000-4000-8000-000000000000"))
    return {"kind": str(outcome.kind), "error type": outcome.error_type, "reply": comparable(outcome)}


def comparable(outcome: Outcome) -> Any:
    """The reply or the error, without what only one side can have."""
    try:
        body = json.loads(outcome.body)
    except ValueError:
        return outcome.body.decode("utf-8", "backslashreplace")
    if not outcome.is_fine and isinstance(body, dict):
        return {name: value for name, value in body.items() if name not in _OWN}
    return body


def mutated(events: Sequence[bytes], count: int, seed: int) -> list[bytes]:
    """Events that nobody thought of: given ones with a value changed, gone, doubled or cut, also inside of their body.

    >>> mutated([b'{"a": 1}'], 3, 0) == mutated([b'{"a": 1}'], 3, 0)
    True
    """
    source = random.Random(seed)  # noqa: S311 - it has to repeat itself, and keeps no secret
    return [_changed(source.choice(events), source) for _ in range(count)]


def _changed(event: bytes, source: random.Random) -> bytes:
    try:
        document = json.loads(event)
    except ValueError:
        return event[: source.randrange(len(event) + 1)]
    for _ in range(source.choice((1, 1, 2))):
        document = _mutation(document, source)
    return json.dumps(document).encode()


def _mutation(value: Any, source: random.Random) -> Any:
    """The value with one place in it changed."""
    if isinstance(value, str) and value[:1] in {"{", "["} and source.random() < _INWARD:
        return _inside_text(value, source)
    if isinstance(value, dict) and value and source.random() < _INWARD:
        name = source.choice(sorted(value))
        rest = {key: each for key, each in value.items() if key != name}
        return rest if source.random() < _GONE else {**value, name: _mutation(value[name], source)}
    if isinstance(value, list) and value and source.random() < _INWARD:
        place = source.randrange(len(value))
        return [*value[:place], _mutation(value[place], source), *value[place + 1 :]]
    if isinstance(value, int | float) and not isinstance(value, bool) and source.random() < _NEAR:
        return source.choice((-value, value + 1, value * 1000, value / 1000, str(value)))
    return source.choice(_ODD)


def _inside_text(value: str, source: random.Random) -> str:
    """A text of JSON with one place in it changed, or cut where it is none."""
    try:
        return json.dumps(_mutation(json.loads(value), source))
    except ValueError:
        return value[: source.randrange(len(value) + 1)]


_INWARD, _GONE, _NEAR = 0.95, 0.15, 0.5
