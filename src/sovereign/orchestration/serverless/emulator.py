"""The platform's side of the Runtime API on the loopback interface: events in, replies out, every rule of it kept.

Enters: `Invocation`s from the caller, and the HTTP of a runtime that was started with `environment()`. Leaves:
`Outcome`s. A real server with the states, limits and refusals of the service, and with faults on demand; what it does
not do is measure or limit memory and processor, freeze a process, or send traces anywhere. `sandbox.py` starts and
watches the process; `wire.py` is the HTTP.

>>> with Emulator() as emulator:
...     emulator.address.startswith("127.0.0.1:")
True
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol, Self

from sovereign.orchestration.serverless.contract import (
    BUFFERED_LIMIT,
    STREAMED_LIMIT,
    Facts,
    Invocation,
    Kind,
    Marks,
    Outcome,
    failure,
    now_ms,
)
from sovereign.orchestration.serverless.extensions import Extensions
from sovereign.orchestration.serverless.wire import JSON, Faults, Reply, Request, Server, Wire, refused

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Emulator", "Job"]

_RUNTIME = "/2018-06-01/runtime"
_POSTED = re.compile(rf"{_RUNTIME}/invocation/([^/]+)/(response|error)")
_INVOKED = re.compile(r"/2015-03-31/functions/[^/]+/invocations")
_ERROR_TYPE = "lambda-runtime-function-error-type"
_ERROR_BODY = "lambda-runtime-function-error-body"
_MODE = "lambda-runtime-function-response-mode"
_CAUSE = "application/vnd.aws.lambda.error.cause+json"
_POLL_S = 0.05


class State(Enum):
    """Where an invocation stands."""

    WAITING = auto()
    GIVEN = auto()
    ANSWERED = auto()


@dataclass(slots=True, eq=False)
class Job:
    """An invocation on its way; `done` is set when `outcome` is there."""

    invocation: Invocation
    state: State = State.WAITING
    outcome: Outcome | None = None
    marks: Marks = field(default_factory=Marks)
    done: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def settle(self, kind: Kind, body: bytes, **facts: object) -> None:
        """Give the outcome; whoever comes first decides."""
        if self.outcome is None:
            self.outcome = Outcome(
                kind,
                body,
                request_id=self.invocation.request_id,
                marks=self.marks,
                ended=self.ended,
                **facts,  # type: ignore[arg-type] # the fields of `Outcome`
            )
            self.done.set()


class Invoke(Protocol):
    """What answers the events of callers over HTTP: the emulator itself, or a sandbox that also starts the process."""

    def __call__(self, invocation: Invocation) -> Outcome: ...


class Emulator:
    """A server of the Runtime API and of the extensions' API, and of the call that invokes a function."""

    def __init__(
        self,
        facts: Facts | None = None,
        *,
        faults: Faults | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.facts = facts or Facts()
        self.faults = faults or Faults()
        self.extensions = Extensions(self._extension_asked)
        self.init_error: Outcome | None = None
        self.user_agent = ""
        self.invoker: Invoke = self.invoke
        self._lock = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._jobs: dict[str, Job] = {}
        self._is_ready = False
        self._is_closed = False
        self._server = Server(self._serve_one, faults=self.faults, port=port, host=host)
        self._routes: dict[tuple[str, str], tuple[str, Callable[[Request, Wire], Reply | None]]] = {
            ("GET", f"{_RUNTIME}/invocation/next"): ("next", self._next),
            ("POST", f"{_RUNTIME}/init/error"): ("init error", self._init_error),
            ("GET", f"{_RUNTIME}/restore/next"): ("restore", self._restore),
            ("POST", f"{_RUNTIME}/restore/error"): ("restore error", self._init_error),
            ("GET", "/2018-06-01/ping"): ("ping", lambda _request, _wire: Reply(200, b"pong")),
        }

    # life

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """End: runtimes find their connections closed, and what waits gets no reply."""
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()
        self.extensions.close()
        self._server.__exit__()

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`."""
        return self._server.address

    @property
    def violations(self) -> list[str]:
        """What runtimes did against HTTP, in the order in which it was seen."""
        return self._server.violations

    def environment(self, task_root: str = "/var/task") -> dict[str, str]:
        """What the process of a runtime is started with."""
        return self.facts.environment(self.address, task_root)

    @property
    def is_ready(self) -> bool:
        """Whether a runtime asked for an event since the last start: its init is over."""
        return self._is_ready

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until a runtime asks for its first event or reports that it cannot start."""
        with self._lock:
            return self._lock.wait_for(lambda: self._is_ready or self.init_error is not None, timeout_s)

    # the caller's side

    def submit(self, invocation: Invocation) -> Job:
        """Put an event in the queue."""
        job = Job(invocation)
        if len(invocation.event) > BUFFERED_LIMIT:
            text = f"an event has at most {BUFFERED_LIMIT:,} bytes: {len(invocation.event):,}"
            job.settle(Kind.ERROR, failure("RequestTooLarge", text), error_type="RequestTooLarge")
            return job
        with self._lock:
            self._jobs[invocation.request_id] = job
            self._waiting.append(job)
            self._lock.notify_all()
        return job

    def invoke(self, invocation: Invocation | bytes) -> Outcome:
        """Give an event to the runtime and wait for what comes out, at most until its deadline."""
        job = self.submit(Invocation(invocation) if isinstance(invocation, bytes) else invocation)
        limit = self.timeout_s(job)
        if not job.done.wait(limit):
            self.expire(job)
        assert job.outcome is not None
        return job.outcome

    def timeout_s(self, job: Job) -> float:
        """What an invocation may take, in seconds."""
        return job.invocation.timeout_s or self.facts.timeout_s

    def expire(self, job: Job) -> None:
        """The deadline is over: whatever the runtime still says about this invocation is refused."""
        with self._lock:
            limit = self.timeout_s(job)
            text = f"RequestId: {job.invocation.request_id} Error: Task timed out after {limit:.2f} seconds"
            job.settle(Kind.TIMEOUT, failure("Sandbox.Timedout", text), error_type="Sandbox.Timedout")
            self._forget(job)

    def runtime_ended(self, reason: str) -> None:
        """The process is gone: what it had in its hands ends as an error, and the next start is a cold one."""
        with self._lock:
            self._is_ready = False
            for job in [each for each in self._jobs.values() if each.state is not State.WAITING]:
                request = job.invocation.request_id
                text = f"RequestId: {request} Error: Runtime exited {reason}"
                job.settle(Kind.EXIT, failure("Runtime.ExitError", text), error_type="Runtime.ExitError")
                self._forget(job)

    def started_anew(self) -> None:
        """A process is about to start: it may report an init error again."""
        with self._lock:
            self.init_error = None
            self._is_ready = False

    def fail_waiting(self, outcome: Outcome) -> None:
        """Nothing will ask for events: those in the queue end with this outcome."""
        with self._lock:
            while self._waiting:
                job = self._waiting.popleft()
                job.settle(outcome.kind, outcome.body, error_type=outcome.error_type, headers=outcome.headers)
                self._forget(job)

    def _forget(self, job: Job) -> None:
        self._jobs.pop(job.invocation.request_id, None)
        if job in self._waiting:
            self._waiting.remove(job)
        job.ended.set()

    # the server

    def _serve_one(self, request: Request, wire: Wire) -> bool:
        """Answer one request; false when the connection is of no more use."""
        path = request.path.partition("?")[0]
        posted = _POSTED.fullmatch(path)
        call, act = self._routes.get((request.method, path), ("", None))
        planned = self.faults.statuses.get(posted[2] if posted else call)
        if planned and planned[0] >= 300:  # noqa: PLR2004 - HTTP: not a success
            reply: Reply | None = Reply(planned[0])
        elif posted and request.method == "POST":
            reply = self._posted(posted[1], posted[2], request)
        elif act is not None:
            reply = act(request, wire)
        elif _INVOKED.fullmatch(path) and request.method == "POST":
            reply = self._invoked(request)
        else:
            reply = self.extensions.answer(request, wire) or refused(404, "NotFound", f"no such call: {path}")
        if reply is None:
            return False
        return wire.reply(posted[2] if posted else call, reply)

    # the runtime's side

    def _next(self, request: Request, wire: Wire) -> Reply | None:
        self.user_agent = request.headers.get("user-agent", "")
        with self._lock:
            given = [job for job in self._jobs.values() if job.state is State.GIVEN]
            if len(given) >= self.facts.concurrency:
                return _transition("an event is unanswered")
            self._is_ready = True
            self._end_answered()
            self._lock.notify_all()
            asked = time.monotonic_ns()
            while not self._waiting:
                self._lock.wait(_POLL_S)
                if self._is_closed or wire.is_gone():
                    return None
            job = self._waiting.popleft()
            job.state = State.GIVEN
        deadline_ms = now_ms() + round(self.timeout_s(job) * 1000)
        self.extensions.tell_invoke(job.invocation, deadline_ms, self.facts)
        job.marks.asked_ns = asked
        job.marks.given_ns = time.monotonic_ns()
        return Reply(200, job.invocation.event, tuple(job.invocation.headers(self.facts, deadline_ms)))

    def _extension_asked(self) -> None:
        with self._lock:
            if self._is_ready and not any(job.state is State.GIVEN for job in self._jobs.values()):
                self._end_answered()

    def _end_answered(self) -> None:
        """An invocation is over when its reply is there and the runtime and the extensions asked for the next."""
        if not self.extensions.are_idle():
            return
        for job in [each for each in self._jobs.values() if each.state is State.ANSWERED]:
            job.marks.ended_ns = time.monotonic_ns()
            self._forget(job)

    def _posted(self, request_id: str, what: str, request: Request) -> Reply:
        with self._lock:
            job = self._jobs.get(request_id)
            if job is None or job.state is State.WAITING:
                return refused(400, "InvalidRequestID", "Invalid request ID")
            if job.state is State.ANSWERED:
                return _transition("the event is answered")
            return self._response(job, request) if what == "response" else self._error(job, request)

    def _response(self, job: Job, request: Request) -> Reply:
        mode = request.headers.get(_MODE, "")
        if mode not in {"", "streaming"}:
            text = "Invalid response mode header"
            job.settle(Kind.ERROR, failure("Runtime.InvalidResponseModeHeader", text), error_type=text)
            return refused(400, "Runtime.InvalidResponseModeHeader", text)
        job.marks.answered_ns = time.monotonic_ns()
        facts = {"headers": request.headers, "trailers": request.trailers, "is_streamed": bool(mode)}
        if not request.is_whole:
            kind = "Runtime.TruncatedResponse"
            job.settle(Kind.ERROR, failure(kind, "the reply was cut off"), error_type=kind, **facts)
            job.state = State.ANSWERED
            return refused(400, "TruncatedHTTPRequest", "HTTP request detected as truncated")
        limit = STREAMED_LIMIT if mode else BUFFERED_LIMIT
        if len(request.body) > limit:
            kind, size = "Function.ResponseSizeTooLarge", len(request.body)
            text = f"Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
            job.settle(Kind.ERROR, failure(kind, text), error_type=kind, **facts)
            return refused(413, "RequestEntityTooLarge", text)
        failed = request.trailers.get(_ERROR_TYPE, "")
        if failed:
            told = base64.b64decode(request.trailers.get(_ERROR_BODY, "")) or failure(failed, "the stream failed")
            job.settle(Kind.ERROR, told, error_type=failed, **facts)
        else:
            job.settle(Kind.RESPONSE, request.body, **facts)
        job.state = State.ANSWERED
        return _accepted()

    def _error(self, job: Job, request: Request) -> Reply:
        job.marks.answered_ns = time.monotonic_ns()
        body, kind = _reported(request)
        job.settle(Kind.ERROR, body, error_type=kind, headers=request.headers)
        job.state = State.ANSWERED
        return _accepted()

    def _init_error(self, request: Request, _wire: Wire) -> Reply:
        with self._lock:
            if self.init_error is not None or (self._is_ready and not request.path.endswith("restore/error")):
                return _transition("the init is over")
            body, kind = _reported(request)
            self.init_error = Outcome(Kind.INIT_ERROR, body, error_type=kind, headers=request.headers)
            self._lock.notify_all()
        return _accepted()

    def _restore(self, _request: Request, _wire: Wire) -> Reply:
        if self.facts.initialization != "snap-start":
            return _transition("the function is not restored from a snapshot")
        return Reply(200)

    # the call that invokes

    def _invoked(self, request: Request) -> Reply:
        mode = request.headers.get("x-amz-invocation-type", "RequestResponse")
        if mode == "DryRun":
            return Reply(204)
        context = request.headers.get("x-amz-client-context", "")
        invocation = Invocation(
            request.body,
            trace_id=request.headers.get("x-amzn-trace-id", ""),
            client_context=base64.b64decode(context).decode() if context else "",
            tenant_id=request.headers.get("x-amz-tenant-id", ""),
        )
        if mode == "Event":
            threading.Thread(target=self.invoker, args=(invocation,), daemon=True).start()
            return Reply(202)
        outcome = self.invoker(invocation)
        failed = () if outcome.is_fine else (("X-Amz-Function-Error", "Unhandled"),)
        named = (("X-Amzn-RequestId", invocation.request_id), ("X-Amz-Executed-Version", self.facts.version))
        return Reply(200, outcome.body, (*JSON, *named, *failed))


def _reported(request: Request) -> tuple[bytes, str]:
    """The body and the type of an error that a runtime reports."""
    kind = request.headers.get(_ERROR_TYPE, "")
    body = request.body
    if request.headers.get("content-type") == _CAUSE:
        try:
            body = json.dumps(json.loads(body)["error"]).encode()
        except (ValueError, KeyError, TypeError):
            body = b""
    if not kind:
        try:
            kind = str(json.loads(body)["errorType"])
        except (ValueError, KeyError, TypeError):
            kind = "Function.Unknown"
    return body, kind


def _accepted() -> Reply:
    return Reply(202, b'{"status":"OK"}\n', JSON)


def _transition(why: str) -> Reply:
    return refused(403, "InvalidStateTransition", f"Transition from the current state is not allowed: {why}")
