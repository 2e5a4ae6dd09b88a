"""The extensions' API: who is registered, who is told of an event, who has taken it.

Enters: requests of extensions. Leaves: replies, and for `sandbox.py` how long a shutdown may take. An extension inside
the runtime's own process, as graceful shutdown needs it, is one that takes no SHUTDOWN event. Read `emulator.py` first.

Source    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.orchestration.serverless.contract import now_ms
from sovereign.orchestration.serverless.wire import Reply, Request, Wire, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.orchestration.serverless.contract import Facts, Invocation

__all__ = ["Extension", "Extensions"]

_API = "/2020-01-01/extension"
_EVENTS = frozenset({"INVOKE", "SHUTDOWN"})
_STUBS = frozenset({"/2022-07-01/telemetry", "/2020-08-15/logs"})
_POLL_S = 0.05
_EXTERNAL_BUDGET_S = 2.0
_INTERNAL_BUDGET_S = 0.5


@dataclass(slots=True)
class Extension:
    """A registered extension; `is_external` when it runs in a process of its own, from the extensions' folder."""

    name: str
    events: frozenset[str]
    is_external: bool
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))
    queue: deque[dict[str, object]] = field(default_factory=deque)
    is_asking: bool = False
    failed: str = ""


class Extensions:
    """All extensions of one environment. `asked` is called when one of them asks for its next event."""

    def __init__(self, asked: Callable[[], None]) -> None:
        self._asked = asked
        self._lock = threading.Condition()
        self._is_closed = False
        self.external: frozenset[str] = frozenset()
        """Names of the programs in the extensions' folder; others register from inside the runtime."""
        self.registered: dict[str, Extension] = {}
        self.budget_s: float | None = None
        """What a shutdown may take where that is not the platform's own time."""

    def close(self) -> None:
        """Let those that wait for an event go."""
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()

    @property
    def shutdown_budget_s(self) -> float:
        """What the runtime gets between SIGTERM and SIGKILL; without an extension it gets no SIGTERM at all."""
        if not self.registered:
            return 0.0
        if self.budget_s is not None:
            return self.budget_s
        is_external = any(each.is_external for each in self.registered.values())
        return _EXTERNAL_BUDGET_S if is_external else _INTERNAL_BUDGET_S

    def are_idle(self) -> bool:
        """Whether all that take events of invocations asked for the next one."""
        return all(each.is_asking for each in self.registered.values() if "INVOKE" in each.events)

    def tell_invoke(self, invocation: Invocation, deadline_ms: int, facts: Facts) -> None:
        """Hand the event of an invocation to those that take it."""
        event: dict[str, object] = {
            "eventType": "INVOKE",
            "deadlineMs": deadline_ms,
            "requestId": invocation.request_id,
            "invokedFunctionArn": facts.arn,
            "tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id},
        }
        self._tell("INVOKE", event)

    def tell_shutdown(self, reason: str) -> None:
        """Hand the end to those that take it: `SPINDOWN`, `TIMEOUT` or `FAILURE`."""
        deadline_ms = now_ms() + round(self.shutdown_budget_s * 1000)
        self._tell("SHUTDOWN", {"eventType": "SHUTDOWN", "shutdownReason": reason, "deadlineMs": deadline_ms})

    def _tell(self, kind: str, event: dict[str, object]) -> None:
        with self._lock:
            for each in self.registered.values():
                if kind in each.events:
                    each.queue.append(event)
                    each.is_asking = False
            self._lock.notify_all()

    def answer(self, request: Request, wire: Wire) -> Reply | None:
        """Answer a request of this API, or None where the path is none of it."""
        path = request.path.partition("?")[0]
        if request.method == "PUT" and path in _STUBS:
            return Reply(200, b'"OK"')
        match request.method, path.removeprefix(_API) if path.startswith(_API) else "":
            case "POST", "/register":
                return self._register(request)
            case "GET", "/event/next":
                return self._next(request, wire)
            case "POST", ("/init/error" | "/exit/error"):
                return self._error(request)
        return None

    def _register(self, request: Request) -> Reply:
        name = request.headers.get("lambda-extension-name", "")
        try:
            events = frozenset(json.loads(request.body or b"{}").get("events", []))
        except (ValueError, AttributeError, TypeError):
            return refused(400, "InvalidRequestFormat", "the body is no list of events")
        is_external = name in self.external
        unknown = events - _EVENTS
        if not name or unknown:
            text = f"no such event: {min(unknown)}" if unknown else "the name of the extension is missing"
            return refused(400, "InvalidEventType" if unknown else "Extension.InvalidExtensionName", text)
        if "SHUTDOWN" in events and not is_external:
            return refused(400, "ShutdownEventNotSupportedForInternalExtension", "SHUTDOWN needs a process of its own")
        if name in {each.name for each in self.registered.values()}:
            return refused(403, "Extension.AlreadyRegistered", f"registered already: {name}")
        found = Extension(name, events, is_external)
        with self._lock:
            self.registered[found.identifier] = found
        body = {"functionName": "function", "functionVersion": "$LATEST", "handler": "bootstrap"}
        if "accountId" in request.headers.get("lambda-extension-accept-feature", ""):
            body["accountId"] = "000000000000"
        headers = (("Lambda-Extension-Identifier", found.identifier), ("Content-Type", "application/json"))
        return Reply(200, json.dumps(body).encode(), headers)

    def _known(self, request: Request) -> Extension | Reply:
        identifier = request.headers.get("lambda-extension-identifier", "")
        found = self.registered.get(identifier)
        if found is None:
            kind = "Extension.UnknownExtensionIdentifier" if identifier else "Extension.MissingExtensionIdentifier"
            return refused(403, kind, "the identifier is not that of a registered extension")
        return found

    def _next(self, request: Request, wire: Wire) -> Reply | None:
        found = self._known(request)
        if isinstance(found, Reply):
            return found
        with self._lock:
            found.is_asking = True
        self._asked()
        with self._lock:
            while not found.queue:
                self._lock.wait(_POLL_S)
                if self._is_closed or wire.is_gone():
                    # The line is closed without a reply, as the platform does it.
                    wire.close()
                    return Reply(200)
            event = found.queue.popleft()
            found.is_asking = False
        identifier = (("Lambda-Extension-Event-Identifier", str(uuid.uuid4())), ("Content-Type", "application/json"))
        return Reply(200, json.dumps(event).encode(), identifier)

    def _error(self, request: Request) -> Reply:
        found = self._known(request)
        if isinstance(found, Reply):
            return found
        found.failed = request.headers.get("lambda-extension-function-error-type", "Extension.Unknown")
        return Reply(202, b'{"status":"OK"}\n', (("Content-Type", "application/json"),))
