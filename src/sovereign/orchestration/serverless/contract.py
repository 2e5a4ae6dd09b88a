"""The names and limits of the Runtime API: what a runtime and the platform say to each other.

Enters: nothing. Leaves: paths, header names, environment variables, limits, and `Invocation` and `Outcome`, which are
what goes into a function and what comes out of it. Read `emulator.py` next.

Source    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and runtimes-extensions-api.html, and what the
          service's public runtimes and its interface emulator do.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BUFFERED_LIMIT",
    "STREAMED_LIMIT",
    "Facts",
    "Invocation",
    "Kind",
    "Marks",
    "Outcome",
    "failure",
]

BUFFERED_LIMIT = 6 * 1024 * 1024 + 100
"""Bytes that an event or a buffered reply may have."""
STREAMED_LIMIT = 200 * 1024 * 1024
"""Bytes that a streamed reply may have."""
INIT_LIMIT_S = 10.0
"""What the first start may take before the platform gives up on it."""


class Kind(StrEnum):
    """How an invocation ended."""

    RESPONSE = "response"
    ERROR = "error"
    TIMEOUT = "timeout"
    EXIT = "exit"
    INIT_ERROR = "init error"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform says about a function in the environment of its process.

    `concurrency` above 1 is that of managed instances: so many events at once, answered in any order.
    """

    name: str = "function"
    version: str = "$LATEST"
    memory_mb: int = 128
    timeout_s: float = 3.0
    handler: str = "bootstrap"
    concurrency: int = 1
    initialization: str = "on-demand"
    log_format: str = "Text"
    log_level: str = ""

    @property
    def arn(self) -> str:
        """The name under which the function is called."""
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.name}"

    def environment(self, address: str, task_root: str) -> dict[str, str]:
        """The reserved variables, with the address of the API as `host:port`."""
        found = {
            "AWS_LAMBDA_RUNTIME_API": address,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": self.version,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_mb),
            "AWS_LAMBDA_INITIALIZATION_TYPE": self.initialization,
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": f"emulated/[{self.version}]",
            "AWS_LAMBDA_LOG_FORMAT": self.log_format,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "emulated",
            "AWS_SECRET_ACCESS_KEY": "emulated",
            "AWS_SESSION_TOKEN": "emulated",
            "LAMBDA_TASK_ROOT": task_root,
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "TZ": ":UTC",
            "_HANDLER": self.handler,
        }
        if self.log_level:
            found["AWS_LAMBDA_LOG_LEVEL"] = self.log_level
        if self.concurrency > 1:
            found["AWS_LAMBDA_MAX_CONCURRENCY"] = str(self.concurrency)
        return found


@dataclass(frozen=True, slots=True)
class Invocation:
    """One event, and what the platform says beside it. What is empty is not sent."""

    event: bytes
    content_type: str = "application/json"
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    trace_id: str = ""
    client_context: str = ""
    cognito_identity: str = ""
    tenant_id: str = ""
    timeout_s: float | None = None

    def headers(self, facts: Facts, deadline_ms: int) -> list[tuple[str, str]]:
        """The headers of the reply to `next`."""
        always = [
            ("Content-Type", self.content_type),
            ("Lambda-Runtime-Aws-Request-Id", self.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(deadline_ms)),
            ("Lambda-Runtime-Invoked-Function-Arn", facts.arn),
        ]
        optional = [
            ("Lambda-Runtime-Trace-Id", self.trace_id),
            ("Lambda-Runtime-Client-Context", self.client_context),
            ("Lambda-Runtime-Cognito-Identity", self.cognito_identity),
            ("Lambda-Runtime-Aws-Tenant-Id", self.tenant_id),
        ]
        return always + [(name, value) for name, value in optional if value]


@dataclass(slots=True)
class Marks:
    """When the steps of an invocation came, in nanoseconds of the monotonic clock; 0 for what did not come."""

    asked_ns: int = 0
    given_ns: int = 0
    answered_ns: int = 0
    ended_ns: int = 0

    @property
    def reply_us(self) -> float:
        """Microseconds from the event to the whole reply."""
        return (self.answered_ns - self.given_ns) / 1000

    @property
    def cycle_us(self) -> float:
        """Microseconds from the event until the runtime asked for the next; 0 while it has not."""
        return (self.ended_ns - self.given_ns) / 1000 if self.ended_ns else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of an invocation.

    `body` is the reply, or the JSON text of the error; `headers` and `trailers` are those that the runtime sent with
    it, under lower-case names.
    """

    kind: Kind
    body: bytes
    error_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    trailers: Mapping[str, str] = field(default_factory=dict)
    is_streamed: bool = False
    request_id: str = ""
    marks: Marks = field(default_factory=Marks)
    ended: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)
    """Set when the runtime asked for the next event, or died: only then is the invocation over."""

    @property
    def is_fine(self) -> bool:
        """Whether it is a reply."""
        return self.kind is Kind.RESPONSE

    def to_json(self) -> dict[str, object]:
        """The outcome as a JSON object; a body that is no JSON is given as text."""
        try:
            body: object = json.loads(self.body)
        except ValueError:
            body = self.body.decode("utf-8", "backslashreplace")
        return {
            "kind": str(self.kind),
            "body": body,
            "error_type": self.error_type or None,
            "request_id": self.request_id,
            "reply_us": round(self.marks.reply_us, 1) if self.marks.answered_ns else None,
        }


def failure(error_type: str, message: str) -> bytes:
    """The JSON text of an error that the platform reports itself."""
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000
