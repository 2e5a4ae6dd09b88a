"""The handler in Ruchy against its golden traces, one for each mode: what it does to the world, kept and checked.

Enters: the handler's file, its native program, events that it replies to. Leaves: what differs from the golden files
that lie beside the handler. `run` is the handler's text under `ruchy run` with a line for each event below it, so that
its standard output holds all replies; `function` is the native program behind the emulated platform, which is killed at
the end, as the platform does it. `tools/handler_traces.py` records them anew. Read `interpreted.py` and `effects.py`.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import ParameterError
from sovereign.observability.renacer import check, events_of, form_of, learn, portable, read_golden, record
from sovereign.orchestration.batuta.effects import trace_function
from sovereign.orchestration.batuta.interpreted import interpreter, laid_out
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.observability.renacer import Form, Golden
    from sovereign.orchestration.serverless import Prepared

__all__ = ["FEWEST", "MODES", "TraceDocument", "check_traces", "differing", "golden_path", "learned", "traced"]

MODES = ("run", "function")
FEWEST = 5
"""So many recordings tell what differs by luck from what does not."""
_HOST, _PORT, _PATIENCE_S = "127.83.79.86", 9001, 20
_MEASURED = "COVERAGE_"
"""Where coverage is measured, Python reads and writes files of its own."""


class TraceDocument(TypedDict):
    """One mode: its golden file, events given, things that it touches, and what differs from the file."""

    mode: str
    golden: str
    events: int
    things: int
    differences: list[str]


def golden_path(handler: Path, mode: str) -> Path:
    """Where the golden file of a mode lies."""
    return handler.with_name(f"{handler.stem}.{mode}.golden")


def traced(handler: Path, function: str, native: Prepared, events: Sequence[bytes], mode: str) -> Form:
    """What the handler does to the world in a mode, in its normal form.

    Errors    TraceError                          when the kernel refuses.
              ParameterError renacer.recordings   when not all that it did was seen.
    """
    found = _interpreted(handler, function, events) if mode == "run" else _native(native, events)
    if found.reasons:
        text = f"a trace does not tell all that the handler did, {found.reasons[0]}: `{mode}`"
        raise ParameterError("renacer.recordings", text, name="mode", value=mode, allowed=[])
    return portable(found)


def _native(native: Prepared, events: Sequence[bytes]) -> Form:
    """The requests of a function name the platform's address, so that one of this trace's own makes them repeat."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return form_of(events_of(trace_function(native, events, host=_HOST, port=_PORT)))
        except ParameterError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _interpreted(handler: Path, function: str, events: Sequence[bytes]) -> Form:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_MEASURED)}
    places = environment.get("PYTHONPATH", "").split(os.pathsep)
    environment["PYTHONPATH"] = os.pathsep.join(str(Path(each).absolute()) for each in places if each)
    environment |= {"RUCHY_BUILD": "off", "LANG": "C.UTF-8"}
    environment |= {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory(prefix="trace") as name:
        laid_out(handler, function, events, Path(name))
        trace = record(
            interpreter(Path(handler.name)),
            folder=name,
            environment=environment,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        return form_of(events_of(list(trace)), environment=environment)


def check_traces(handler: Path, function: str, native: Prepared, events: Sequence[bytes]) -> list[TraceDocument]:
    """Both modes against their golden files.

    Errors    as `traced` and `differing`.
    """
    found: list[TraceDocument] = []
    for mode in MODES:
        form = traced(handler, function, native, events, mode)
        found.append(
            {
                "mode": mode,
                "golden": golden_path(handler, mode).name,
                "events": len(events),
                "things": len(form.effects),
                "differences": differing(handler, form, mode),
            }
        )
    return found


def learned(forms: Sequence[Form], mode: str) -> Golden:
    """The golden file of a mode, from several traces of it."""
    return learn(forms, command=["batuta", "demo", mode], settings={"portable": True})


def differing(handler: Path, form: Form, mode: str) -> list[str]:
    """In what a trace is not what its golden file says, each in one sentence; nothing where it still holds.

    Errors    NotFound shell.not_found         when there is no golden file.
              FormatError renacer.golden       when it is none.
    """
    path = golden_path(handler, mode)
    golden = read_golden(read_text(path).splitlines(), str(path))
    return [each.sentence for each in check(golden, form)]
