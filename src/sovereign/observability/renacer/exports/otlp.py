"""A trace as spans for an OpenTelemetry collector: OTLP, protobuf over HTTP.

One trace: a span of the whole, below it one for each task (its parent the task that made it), below that one for each
call, with its own start and end. Signals and new programs are events of their task's span. Where `TRACEPARENT` is set
(W3C), the whole belongs to that trace. The messages are those of `opentelemetry-proto`, the official package.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import urllib.error
import urllib.request
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError, ParameterError
from sovereign.observability.renacer.exports.span import Tasks, nanoseconds

if TYPE_CHECKING:
    from sovereign.observability.renacer.exports.span import Event

__all__ = ["DEFAULT_ENDPOINT", "Otlp", "post"]

DEFAULT_ENDPOINT = "http://localhost:4318"
_BATCH = 512
_PATIENCE_S = 10.0
_PARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_FACTS = {
    "renacer.tool": "tool",
    "os.version": "kernel",
    "host.arch": "arch",
    "process.working_directory": "folder",
}
_SPAN_KIND_INTERNAL = 1
_STATUS_ERROR = 2


class _Open:
    """A span whose end has not come: the whole trace, or a task."""

    def __init__(self, name: str, start: int, parent: bytes) -> None:
        self.identity = os.urandom(8)
        self.name = name
        self.start = start
        self.parent = parent
        self.facts: dict[str, Any] = {}
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.is_error = False


class Otlp:
    """Spans that are sent to a collector in batches.

    Errors    ParameterError  for an endpoint that is no address of HTTP.
              DeviceError     without `opentelemetry-proto`, and where the collector refuses or cannot be reached.
    """

    def __init__(self, endpoint: str = "", service: str = "", *, parent: str | None = None) -> None:
        self._messages = _messages()
        endpoint = endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or DEFAULT_ENDPOINT
        if not endpoint.startswith(("http://", "https://")):
            message = f"an endpoint begins with `http://` or `https://`: `{endpoint}`"
            raise ParameterError("renacer.endpoint", message, name="endpoint", value=endpoint)
        self._url = endpoint.rstrip("/") + "/v1/traces"
        self._service = service or os.environ.get("OTEL_SERVICE_NAME") or ""
        found = _PARENT.fullmatch(parent if parent is not None else os.environ.get("TRACEPARENT", ""))
        self._trace = bytes.fromhex(found[1]) if found else os.urandom(16)
        self._above = bytes.fromhex(found[2]) if found else b""
        self._root: _Open | None = None
        self._tasks = Tasks()
        self._open: dict[int, _Open] = {}
        self._last = 0
        self._spans: list[Any] = []

    def take(self, event: Event) -> bytes:
        """Keep or send what an event becomes; a file gets nothing."""
        self._tasks.see(event)
        time = nanoseconds(event["start"] if "start" in event else event["time"])
        root = self._root or self._begin(event, time)
        if event["event"] == "call":
            self._call(event, time, root)
        elif "tid" in event:
            self._task(event, time, root)
        elif event["event"] == "end":
            root.facts |= {"renacer.calls": event["calls"], "renacer.lost": event["lost"]}
        self._last = max(self._last, time)
        if len(self._spans) >= _BATCH:
            self._send()
        return b""

    def end(self) -> bytes:
        """Close what is open and send the rest."""
        for tid in list(self._open):
            self._close(self._open.pop(tid), self._last)
        if self._root:
            self._close(self._root, self._last)
            self._root = None
        self._send()
        return b""

    def _begin(self, event: Event, time: int) -> _Open:
        command = event.get("command") or []
        name = " ".join(map(str, command)) or "trace"
        self._service = self._service or (str(command[0]).rsplit("/", 1)[-1] if command else "renacer")
        self._root = _Open(name, time, self._above)
        self._root.facts = {name: event[key] for name, key in _FACTS.items() if event.get(key)}
        return self._root

    def _task(self, event: Event, time: int, root: _Open) -> None:
        kind = event["event"]
        task = self._open.get(event["tid"])
        if task is None:
            maker = self._open.get(event.get("parent") or -1, root)
            task = self._open[event["tid"]] = _Open(self._tasks.name(event), time, maker.identity)
            task.facts = {"process.pid": event["pid"], "thread.id": event["tid"]}
        if kind == "exec":
            task.name = self._tasks.name(event)
            task.facts |= {"process.executable.path": event["program"], "process.command_args": event["argv"]}
            task.events.append((time, "exec", {"program": event["program"]}))
        elif kind == "signal":
            task.events.append((time, event["signal"], {"code": event["code"], "sender": event["sender"]}))
        elif kind == "exit":
            task.facts |= {"process.exit.code": event["status"], "process.exit.signal": event["signal"]}
            task.is_error = bool(event["status"] or event["signal"])
            self._close(self._open.pop(event["tid"]), time)

    def _call(self, event: Event, time: int, root: _Open) -> None:
        task = self._open.get(event["tid"], root)
        span = _Open(event["name"], time, task.identity)
        python = event.get("python") or {}
        span.facts = {f"syscall.args.{name}": value for name, value in event["args"].items()}
        span.facts |= {"syscall.result": event["result"], "error.type": event["errno"], "thread.id": event["tid"]}
        span.facts |= {"code.file.path": python.get("file"), "code.line.number": python.get("line")}
        span.facts["code.function.name"] = python.get("function")
        span.is_error = event["errno"] is not None
        self._last = max(self._last, end := time + nanoseconds(event["duration_us"], 1000))
        self._close(span, end)

    def _close(self, span: _Open, end: int) -> None:
        message = self._messages.span(
            trace_id=self._trace,
            span_id=span.identity,
            parent_span_id=span.parent,
            name=span.name,
            kind=_SPAN_KIND_INTERNAL,
            start_time_unix_nano=span.start,
            end_time_unix_nano=max(end, span.start),
        )
        self._describe(message.attributes, span.facts)
        for time, name, facts in span.events:
            self._describe(message.events.add(time_unix_nano=time, name=name).attributes, facts)
        if span.is_error:
            message.status.code = _STATUS_ERROR
        self._spans.append(message)

    def _describe(self, attributes: Any, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            if value is None:
                continue
            shown = attributes.add(key=name).value
            if isinstance(value, bool):
                shown.bool_value = value
            elif isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
                shown.int_value = value
            else:
                shown.string_value = value if isinstance(value, str) else json.dumps(value, default=str)

    def _send(self) -> None:
        if not self._spans:
            return
        request = self._messages.request()
        resource = request.resource_spans.add()
        self._describe(resource.resource.attributes, {"service.name": self._service, "telemetry.sdk.name": "renacer"})
        scope = resource.scope_spans.add()
        scope.scope.name = "sovereign.observability.renacer"
        scope.spans.extend(self._spans)
        self._spans = []
        post(self._url, request.SerializeToString())


class _Messages:
    """The classes of `opentelemetry-proto` that are used."""

    def __init__(self) -> None:
        within = "opentelemetry.proto.{}trace.v1.{}_pb2".format
        self.request: Any = import_module(within("collector.", "trace_service")).ExportTraceServiceRequest
        self.span: Any = import_module(within("", "trace")).Span


def _messages() -> _Messages:
    try:
        return _Messages()
    except ImportError as error:
        fix = "python3 -m pip install 'sovereign-stack[otlp]'"
        message = f"the package opentelemetry-proto is needed, install it with: `{fix}`"
        raise DeviceError(
            "renacer.library", message, backend="opentelemetry-proto", reason="it is not installed", fix=fix
        ) from error


def post(url: str, body: bytes) -> None:
    """Send one message of protobuf.

    Errors    DeviceError  where the collector refuses it or cannot be reached.
    """
    request = urllib.request.Request(url, body, {"Content-Type": "application/x-protobuf"})  # noqa: S310 - HTTP, checked
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
            answer.read()
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(url, f"status {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise _refused(url, (getattr(reason, "strerror", None) or str(reason)).lower()) from error


def _refused(url: str, reason: str) -> DeviceError:
    message = f"the collector did not take the spans, {reason}: `{url}`"
    return DeviceError("renacer.collector", message, backend="otlp", reason=reason)
