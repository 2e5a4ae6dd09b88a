"""A handler in Ruchy by the interpreter, beside the same handler compiled.

Enters: the handler's file, a native program, events. Leaves: a `ReplyComparison`. The interpreter runs the handler's
own text with one line below it, which calls the handler with the event and prints the reply as JSON; the other files of
its folder lie beside it. The context that it gets holds facts of the emulated platform. Read `replies.py` for Python.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError
from sovereign.orchestration.batuta.replies import ReplyComparison, comparable, running
from sovereign.orchestration.serverless import Facts, Invocation, Prepared

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["as_program", "compare_with_interpreter", "interpreted", "interpreter", "laid_out"]

_PATIENCE_S = 60
_RUN = "import sys; from sovereign.migration.ruchy.cli import main; sys.exit(main())"
_REQUEST = "00000000-0000-4000-8000-000000000000"


def interpreter(place: Path) -> list[str]:
    """The command that interprets a file; modules of the folder it runs in are none of its own."""
    return [sys.executable, "-P", "-c", _RUN, "run", str(place)]


def as_program(path: Path, folder: Path) -> Path:
    """A program of Ruchy as a file that runs: a script that calls the interpreter, in a folder."""
    words = shlex.join(interpreter(path.resolve()))
    script = folder / f"{path.stem}.sh"
    script.write_text(f'#!/bin/sh\nexport RUCHY_BUILD=off\nexec {words} "$@"\n')
    script.chmod(0o755)
    return script


def laid_out(handler: Path, function: str, events: Sequence[bytes], folder: Path) -> Path:
    """Put the handler into a folder, with a line below it for each event that prints the reply as JSON."""
    facts = Facts()
    context = {
        "aws_request_id": _REQUEST,
        "function_name": facts.name,
        "function_version": facts.version,
        "invoked_function_arn": facts.arn,
    }
    calls = []
    for event in events:
        words = [_literal(each) for each in (json.loads(event), context)]
        calls.append(f"println(json_stringify({function}(parse_json({words[0]}), parse_json({words[1]}))))\n")
    for path in handler.parent.glob("*.ruchy"):
        shutil.copy2(path, folder)
    place = folder / handler.name
    place.write_text(handler.read_text(encoding="utf-8") + "\n\n" + "".join(calls), encoding="utf-8")
    return place


def _literal(value: Any) -> str:
    """JSON as a text in Ruchy."""
    return json.dumps(json.dumps(value, ensure_ascii=False), ensure_ascii=False)


def interpreted(handler: Path, function: str, event: bytes) -> dict[str, Any]:
    """How the interpreter answers one event: `kind` and `reply`, or `kind` alone where the handler fails.

    Errors    DeviceError equivalence.run   when the interpreter gives neither an answer nor an error in time.
    """
    with tempfile.TemporaryDirectory(prefix="ruchy") as name:
        place = laid_out(handler, function, [event], Path(name))
        command = interpreter(place)
        try:
            finished = subprocess.run(
                command, env={**os.environ, "RUCHY_BUILD": "off"}, capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired as error:
            text = f"the interpreter does not end on an event: `{event[:80].decode('utf-8', 'replace')}`"
            raise DeviceError("equivalence.run", text, backend="ruchy", reason="time") from error
    if finished.returncode:
        return {"kind": "error"}
    return {"kind": "response", "reply": json.loads(finished.stdout.splitlines()[-1])}


def compare_with_interpreter(
    handler: Path, function: str, native: Prepared, events: Sequence[bytes]
) -> ReplyComparison:
    """Give each event to the interpreter and to the native program, and hold the replies together.

    Errors    as `interpreted`; NotFound serverless.no_program   when the program cannot be started.
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
    with running(native) as sandbox:
        for place, event in enumerate(events, 1):
            wanted = interpreted(handler, function, event)
            outcome = sandbox.cycle(Invocation(event, request_id=_REQUEST))
            got: dict[str, Any] = {"kind": "response" if outcome.is_fine else "error"}
            if outcome.is_fine:
                got["reply"] = comparable(outcome)
            found["kinds"][wanted["kind"]] = found["kinds"].get(wanted["kind"], 0) + 1
            found["same" if wanted == got else "different"] += 1
            if wanted != got:
                found["differences"].append(
                    {
                        "event": place,
                        "text": event[:2000].decode("utf-8", "backslashreplace"),
                        "what": "reply",
                        "original": json.dumps(wanted)[:2000],
                        "translated": json.dumps(got)[:2000],
                    }
                )
    return found
