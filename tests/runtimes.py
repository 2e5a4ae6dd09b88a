"""Runtimes and handlers for tests of the function service: a client that says exactly what a test wants, and ours."""

from __future__ import annotations

import http.client
import json
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sovereign.orchestration.serverless.contract import Facts
    from sovereign.orchestration.serverless.wire import Faults

RUNTIME = "/2018-06-01/runtime"
CLIENT = Path(sys.modules["sovereign.orchestration.serverless"].__file__ or "").with_name("client.py")
MAIN = """
import json, os, sys, time

def handler(event, context):
    if event == "boom":
        raise ValueError("no \\u2603 \\"quoted\\"")
    if event == "exit":
        os._exit(3)
    if event == "sleep":
        time.sleep(60)
    if event == "large":
        return "x" * (6 * 1024 * 1024 + 200)
    if event == "bytes":
        return b"\\x00\\xff"
    if event == "context":
        return {name: getattr(context, name) for name in ("aws_request_id", "function_name", "tenant_id")} | {
            "trace": os.environ.get("_X_AMZN_TRACE_ID"),
            "client": None if context.client_context is None else context.client_context.custom,
            "identity": context.identity.cognito_identity_id,
            "left": 0 < context.get_remaining_time_in_millis() <= 3000,
        }
    print("seen", event)
    return event
"""


class Talker:
    """A connection of a runtime that says what a test tells it to; all are closed when the test ends."""

    all: ClassVar[list[Talker]] = []

    def __init__(self, emulator: Emulator) -> None:
        self.line = http.client.HTTPConnection(emulator.address, timeout=20)
        self.all.append(self)

    def ask(
        self, method: str, path: str, body: bytes | str = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request and give status, headers with names in lower case, and body."""
        self.line.request(method, path, body or None, dict(headers or {}))
        reply = self.line.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()

    def next(self) -> tuple[int, dict[str, str], bytes]:
        """Ask for an event."""
        return self.ask("GET", f"{RUNTIME}/invocation/next")

    def post(self, request_id: str, what: str, body: bytes = b"{}", **headers: str) -> tuple[int, Any]:
        """Post a response or an error; words of header names are joined by `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        status, _, reply = self.ask("POST", f"{RUNTIME}/invocation/{request_id}/{what}", body, named)
        return status, json.loads(reply)

    def close(self) -> None:
        """End the connection."""
        self.line.close()


class Later:
    """A call in another thread and its result."""

    def __init__(self, call: Any, *arguments: Any) -> None:
        self.found: Any = None
        self._thread = threading.Thread(target=self._run, args=(call, *arguments), daemon=True)
        self._thread.start()

    def _run(self, call: Any, *arguments: Any) -> None:
        # A call that still waits when its connection is closed has no result, and needs none.
        with suppress(OSError, http.client.HTTPException):
            self.found = call(*arguments)

    def result(self) -> Any:
        """Wait for it."""
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self.found


@contextmanager
def python_function(
    folder: Path,
    facts: Facts,
    *,
    command: tuple[str, ...] = (sys.executable, "-I", "-S", str(CLIENT)),
    main: str = MAIN,
    faults: Faults | None = None,
    environment: Mapping[str, str] | None = None,
    frames: bool = False,
) -> Iterator[tuple[Emulator, Sandbox]]:
    """A handler in Python under a runtime client, behind an emulator."""
    (folder / "main.py").write_text(main, encoding="utf-8")
    with (
        Emulator(facts, faults=faults) as emulator,
        Sandbox(emulator, (*command, facts.handler), folder=folder, environment=environment, frames=frames) as sandbox,
    ):
        yield emulator, sandbox
