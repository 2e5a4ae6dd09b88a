"""The function runtime for handlers that stay Python: one file, the standard library alone, a script.

Enters: the environment of a function. Leaves: replies to the Runtime API, until the process is ended. The file is
packed beside a handler by `bundle.py` and runs as `python -I -S client.py MODULE.FUNCTION`; nothing of Sovereign is
imported. What a start does not need is imported when it is needed: `json` while the first event is awaited,
`traceback` for the first error, `logging` never, unless the handler did.

Source    https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html; the context's attributes and the texts of
          errors are those of the service's own Python runtime, so that a handler and its logs need no change.
"""

from __future__ import annotations

import _socket  # `socket` costs three milliseconds more
import os
import sys
import time

TYPE_CHECKING = False  # `typing` has no part in a start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, NoReturn

API = "/2018-06-01/runtime/"
LIMIT_BYTES = 6 * 1024 * 1024 + 100
CAUSE_LIMIT_BYTES = 1 << 20
TRIES = 5
FINE, EMPTY, REFUSED, TOO_LARGE, BROKEN = 200, 204, 400, 413, 500
FRAME_TEXT, FRAME_ERROR = 0xA55A0003, 0xA55A0017
_STATE = {"request_id": "", "tenant_id": None}


class Fault(Exception):  # noqa: N818 - it is posted under a type of its own
    """An error of the runtime's own: its type and its text."""

    def __init__(self, kind: str, text: str, trace: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.kind, self.text, self.trace = kind, text, list(trace)


class Line:
    """The connection to the API: one that is kept, opened anew when the other side closed it."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
            sys.exit(f"AWS_LAMBDA_RUNTIME_API is to be `host:port`: `{address}`")
        self.host, self.place, self.address = address, (host.strip("[]"), int(port)), address
        self.socket: _socket.socket | None = None
        self.held = b""

    def open(self) -> None:
        """Connect, with a bounded number of tries; without success the process ends."""
        family = _socket.AF_INET6 if ":" in self.place[0] else _socket.AF_INET
        for attempt in range(TRIES):
            opened = _socket.socket(family, _socket.SOCK_STREAM)
            try:
                opened.connect(self.place)
                opened.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            except OSError as error:
                opened.close()
                if attempt == TRIES - 1:
                    sys.exit(f"the runtime API cannot be reached at {self.address}: {error.strerror}")
                time.sleep(0.01 * 4**attempt)
            else:
                self.socket = opened
                return

    def close(self) -> None:
        """Give up the connection and what was read of it."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.held = None, b""

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Iterable[str] = ()
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request and give status, headers and body; a GET is sent again on a line that was closed meanwhile."""
        self.send(method, path, body, headers)
        try:
            return self.reply()
        except ConnectionError:
            self.close()
            if method != "GET":
                raise
            self.send(method, path, body, headers)
            return self.reply()

    def send(self, method: str, path: str, body: bytes = b"", headers: Iterable[str] = ()) -> None:
        """Send a request."""
        lines = [f"{method} {API}{path} HTTP/1.1", f"Host: {self.host}", "User-Agent: sovereign-python/1", *headers]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        if self.socket is None or self.is_closed():
            self.open()
        self.write(head + body)

    def is_closed(self) -> bool:
        """Whether the other side closed the line since the last reply."""
        assert self.socket is not None
        try:
            closed = not self.socket.recv(1, _socket.MSG_PEEK | _socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            closed = True
        if closed:
            self.close()
        return closed

    def write(self, data: bytes) -> None:
        """Send all of the bytes."""
        assert self.socket is not None
        view = memoryview(data)
        while view:
            view = view[self.socket.send(view) :]

    def read(self) -> bytes:
        """Some bytes; their end is a ConnectionError."""
        assert self.socket is not None
        data: bytes = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError
        return data

    def line(self) -> str:
        """A line without its end."""
        while (end := self.held.find(b"\n")) < 0:
            if len(self.held) > 4 * CAUSE_LIMIT_BYTES:
                raise ConnectionError
            self.held += self.read()
        found, self.held = self.held[:end], self.held[end + 1 :]
        return found.strip().decode("latin-1")

    def take(self, size: int) -> bytes:
        """So many bytes."""
        parts, have = [self.held], len(self.held)
        while have < size:
            parts.append(self.read())
            have += len(parts[-1])
        data = b"".join(parts)
        self.held = data[size:]
        return data[:size]

    def head(self) -> tuple[int, dict[str, str]]:
        """Status and headers, their names in lower case."""
        version, _, rest = self.line().partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
            raise ConnectionError
        headers = {}
        while line := self.line():
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return int(rest[:3]), headers

    def reply(self) -> tuple[int, dict[str, str], bytes]:
        """A reply: status, headers, body."""
        status, headers = self.head()
        while status < FINE:
            status, headers = self.head()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = self.chunks()
        elif (size := headers.get("content-length", "")).isdecimal():
            body = self.take(int(size))
        elif status == EMPTY:
            body = b""
        else:
            body = self.rest()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body

    def chunks(self) -> bytes:
        """A body in chunks."""
        parts = []
        while size := int(self.line().partition(";")[0], 16):
            parts.append(self.take(size))
            self.line()
        while self.line():
            pass
        return b"".join(parts)

    def rest(self) -> bytes:
        """A body that ends with the connection."""
        parts = [self.held]
        try:
            while True:
                parts.append(self.read())
        except ConnectionError:
            self.close()
        return b"".join(parts)


class Record:
    """What a JSON object of the platform says, by attributes; what it does not say is None."""

    def __init__(self, values: Mapping[str, object] | None, names: Iterable[str] = ()) -> None:
        self.__dict__ = {**dict.fromkeys(names), **(values or {})}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


class LambdaContext:
    """What a handler is told about its invocation."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        facts = os.environ.get
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.function_name = facts("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = facts("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = facts("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = facts("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = facts("AWS_LAMBDA_LOG_STREAM_NAME")
        self.client_context = _client_context(headers.get("lambda-runtime-client-context"))
        cognito = _object(headers.get("lambda-runtime-cognito-identity"))
        self.identity = Record(
            {
                "cognito_identity_id": cognito.get("cognitoIdentityId"),
                "cognito_identity_pool_id": cognito.get("cognitoIdentityPoolId"),
            }
        )
        deadline = headers.get("lambda-runtime-deadline-ms", "")
        self._deadline_ms = int(deadline) if deadline.isdecimal() else 0

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the invocation times out; never negative."""
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message: object) -> None:
        """Write a message as it is."""
        sys.stdout.write(str(message))


def _object(text: str | None) -> dict[str, Any]:
    import json

    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _client_context(text: str | None) -> Record | None:
    if text is None:
        return None
    names = "installation_id app_title app_version_name app_version_code app_package_name".split()
    found = Record(_object(text), ("custom", "env", "client"))
    client = vars(found)["client"]
    vars(found)["client"] = Record(client if isinstance(client, dict) else {}, names)
    return found


def find_handler(name: str) -> Callable[[Any, LambdaContext], Any]:
    """The function that `_HANDLER` names, such as `folder/module.function`."""
    module, dot, function = name.rpartition(".")
    if not dot:
        raise Fault(
            "Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        )
    if module.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module} as a handler module")
    try:
        loaded = __import__(module.replace("/", "."), fromlist=["*"])
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module}': {error}") from None
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {error}", trace) from None
    if not hasattr(loaded, function):
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module}'")
    found: Callable[[Any, LambdaContext], Any] = getattr(loaded, function)
    return found


def encode(value: object) -> tuple[bytes, str]:
    """A handler's result as the body of a reply, and its type."""
    if isinstance(value, bytes):
        return value, "application/unknown"
    import json

    kept: dict[str, str] = {}

    def other(each: Any) -> object:
        # A Decimal keeps its digits: it stands in the text as a name that no string of the result has.
        if type(each).__name__ == "Decimal" and type(each).__module__ in {"decimal", "_decimal"}:
            if each.is_nan():
                return float("nan")
            name = f"\0decimal{len(kept)}\0"
            kept[json.dumps(name)] = str(each)
            return name
        raise TypeError(f"Object of type {type(each).__name__} is not JSON serializable")

    # Of managed runtimes those up to 3.11 write ASCII only; everything since writes characters as they are.
    old = os.environ.get("AWS_EXECUTION_ENV", "") in {f"AWS_Lambda_python3.{minor}" for minor in (8, 9, 10, 11)}
    try:
        text = json.dumps(value, default=other, ensure_ascii=old)
    except Exception as error:  # noqa: BLE001 - whatever a result does when it is written
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    for name, digits in kept.items():
        text = text.replace(name, digits)
    return text.encode("utf-8", "surrogatepass"), "application/json"


def decode(body: bytes, content_type: str) -> object:
    """An event; what is no JSON is handed on as bytes."""
    if content_type != "application/json":
        return body
    import json

    try:
        return json.loads(body)
    except Exception as error:  # noqa: BLE001 - nesting without end is a RecursionError
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def describe(error: BaseException, request_id: str) -> tuple[dict[str, Any], str, str]:
    """An exception as the body of an error, its type, and its cause for X-Ray."""
    import json

    frames: list[dict[str, Any]] = []
    if isinstance(error, Fault):
        kind, text, trace = error.kind, error.text, error.trace
    else:
        import traceback

        kind, text = type(error).__name__, str(error)
        found = [each for each in traceback.extract_tb(error.__traceback__) if each.filename != __file__]
        trace = traceback.format_list(found)
        frames = [{"label": each.name, "path": each.filename, "line": each.lineno} for each in found]
    body = {"errorMessage": text, "errorType": kind, "requestId": request_id, "stackTrace": trace}
    cause = {
        "working_directory": os.getcwd(),  # noqa: PTH109 - `pathlib` has no part in a start
        "exceptions": [{"message": text, "type": kind, "stack": frames}],
        "paths": sorted({each["path"] for each in frames}),
    }
    return body, kind, json.dumps(cause)


class Log:
    """Where records go: the framed descriptor that the platform hands over, or standard output."""

    def __init__(self) -> None:
        number = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", "")
        self.descriptor = int(number) if number.isdecimal() else None
        self.is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"

    def write(self, text: str, frame: int) -> None:
        """Write one record."""
        data = text.encode("utf-8", "backslashreplace")
        if self.descriptor is None:
            sys.stdout.flush()
            # One record is one line of a pipe, so its own lines are parted by what is no end of a line there.
            data = data.replace(b"\n", b"\r") + b"\n"
        else:
            data = b"%s%s%s" % (frame.to_bytes(4, "big"), len(data).to_bytes(4, "big"), _stamp()) + data
        while data:
            data = data[os.write(1 if self.descriptor is None else self.descriptor, data) :]

    def error(self, body: Mapping[str, Any]) -> None:
        """Write what `describe` gave."""
        import json

        if self.is_json:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            return self.write(json.dumps({"timestamp": stamp, "log_level": "ERROR", **body}), FRAME_ERROR - 1)
        trace = "".join(["\nTraceback (most recent call last):\n", *body["stackTrace"]]) if body["stackTrace"] else ""
        return self.write(f"[ERROR] {body['errorType']}: {body['errorMessage']}{trace}".rstrip("\n"), FRAME_ERROR)

    def serve_logging(self) -> None:
        """Give the handler's `logging` a place to write to, if it imported that at all."""
        logging = sys.modules.get("logging")
        if logging is None or logging.getLogger().handlers:
            return
        log = self

        class Handler(logging.Handler):  # type: ignore[misc, name-defined] # the module is found at run time
            def emit(self, record: Any) -> None:
                # Records of text say their level themselves; only those of JSON have it in the frame too.
                level = min(50, record.levelno // 10 * 10) // 10 * 4 + 4 if log.is_json and record.levelno else 0
                frame = FRAME_TEXT - log.is_json + level
                log.write(log.as_json(record) if log.is_json else self.format(record), frame)

        handler = Handler()
        text = "[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s\n"
        formatter = logging.Formatter(text.rstrip("\n"), "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
        handler.addFilter(_named)
        root = logging.getLogger()
        root.addHandler(handler)
        level = {"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(name := os.environ.get("AWS_LAMBDA_LOG_LEVEL", ""), name)
        if self.is_json and level:
            root.setLevel(level)

    def as_json(self, record: Any) -> str:
        """A record of `logging` as a line of JSON."""
        import json
        import traceback

        error = record.exc_info or (None, None, None)
        body = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.msg if isinstance(record.msg, dict) and not record.args else record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if error[0] is not None:
            body["stackTrace"] = traceback.format_tb(error[2])
            body["errorType"], body["errorMessage"] = error[0].__name__, str(error[1])
            body["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        if record.tenant_id is not None:
            body["tenantId"] = record.tenant_id
        return json.dumps(body, ensure_ascii=False, default=str)


def _named(record: Any) -> bool:
    record.aws_request_id, record.tenant_id = _STATE["request_id"], _STATE["tenant_id"]
    return True


def _stamp() -> bytes:
    return (time.time_ns() // 1000).to_bytes(8, "big")


class Runtime:
    """The loop: an event, the handler, a reply."""

    def __init__(self, line: Line, log: Log, *, is_worker: bool) -> None:
        self.line, self.log, self.is_worker = line, log, is_worker

    def init_error(self, error: BaseException) -> NoReturn:
        """Report that there will be no handler, and end."""
        body, kind, _ = describe(error, "")
        self.log.error(body)
        self.post("init/error", encode(body)[0], [f"Lambda-Runtime-Function-Error-Type: {kind}"])
        raise SystemExit(1)

    def post(self, path: str, body: bytes, headers: Iterable[str]) -> int:
        """Post, and give whether it was taken. What the API cannot recover from ends the process."""
        try:
            status, _, reply = self.line.ask("POST", path, body, headers)
        except OSError:
            # Nobody knows whether it was taken. The API takes one reply of an id, so a second one cannot answer twice.
            try:
                status, _, reply = self.line.ask("POST", path, body, headers)
            except OSError as error:
                self.log.write(f"[WARNING] the reply to {path} was lost: {error}", FRAME_TEXT)
                return 0
            if REFUSED <= status < TOO_LARGE:
                return FINE
        if status >= BROKEN:
            sys.exit(f"the runtime API cannot go on, it answered {status}: {reply.decode('utf-8', 'replace')}")
        if status >= REFUSED and not (self.is_worker and path == "init/error"):
            self.log.write(f"[WARNING] the runtime API refused {path} ({status}): {reply.decode()}", FRAME_TEXT)
        return status

    def next(self) -> tuple[int, dict[str, str], bytes]:
        """Wait for an event. While the API has nothing to give, what will be needed is imported."""
        self.line.send("GET", "invocation/next")
        import json  # noqa: F401 - in the idle time before the first event

        try:
            return self.line.reply()
        except ConnectionError:
            self.line.close()
            return self.line.ask("GET", "invocation/next")

    def serve(self, handler: Callable[[Any, LambdaContext], Any]) -> NoReturn:
        """Answer events until the process is ended."""
        while True:
            status, headers, body = self.next()
            if status >= BROKEN or status < FINE:
                sys.exit(f"the runtime API gives no events, it answered {status}")
            if "lambda-runtime-aws-request-id" not in headers:
                # Without an id there is nothing that a reply could belong to.
                self.log.write(f"[ERROR] the runtime API gave an event without an id ({status})", FRAME_ERROR)
                time.sleep(0.1)
                continue
            self.serve_one(handler, headers, body)
            sys.stdout.flush()

    def serve_one(self, handler: Callable[[Any, LambdaContext], Any], headers: Mapping[str, str], body: bytes) -> None:
        """Answer one event."""
        request_id = headers["lambda-runtime-aws-request-id"]
        _STATE["request_id"], _STATE["tenant_id"] = request_id, headers.get("lambda-runtime-aws-tenant-id")
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            event = decode(body, headers.get("content-type", "application/json"))
            result = handler(event, LambdaContext(headers))
            if type(result).__name__ == "generator":
                return self.stream(request_id, result)
            reply, kind = encode(result)
        except Exception as error:  # noqa: BLE001 - the handler's errors are what is reported
            return self.fail(request_id, error)
        status = self.post(f"invocation/{request_id}/response", reply, [f"Content-Type: {kind}"])
        if status == TOO_LARGE:
            size = f"Response payload size ({len(reply)} bytes)"
            text = f"{size} exceeded maximum allowed payload size ({LIMIT_BYTES} bytes)."
            self.fail(request_id, Fault("Function.ResponseSizeTooLarge", text))
        return None

    def fail(self, request_id: str, error: BaseException) -> None:
        """Report that an event got no reply."""
        body, kind, cause = describe(error, request_id)
        self.log.error(body)
        headers = ["Content-Type: application/json", f"Lambda-Runtime-Function-Error-Type: {_ascii(kind)}"]
        if len(cause) <= CAUSE_LIMIT_BYTES:
            headers.append(f"Lambda-Runtime-Function-XRay-Error-Cause: {cause}")
        self.post(f"invocation/{request_id}/error", encode(body)[0], headers)

    def stream(self, request_id: str, parts: Iterable[object]) -> None:
        """Send what a generator gives, as it gives it; an error in its midst goes into the trailers."""
        import base64

        lines = [
            f"POST {API}invocation/{request_id}/response HTTP/1.1",
            f"Host: {self.line.host}",
            "Content-Type: application/octet-stream",
            "Lambda-Runtime-Function-Response-Mode: streaming",
            "Transfer-Encoding: chunked",
            "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body",
        ]
        if self.line.socket is None or self.line.is_closed():
            self.line.open()
        self.line.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        trailer = b""
        try:
            for part in parts:
                data = part if isinstance(part, bytes) else str(part).encode()
                if data:
                    self.line.write(b"%X\r\n%s\r\n" % (len(data), data))
        except Exception as error:  # noqa: BLE001 - as above
            body, kind, _ = describe(error, request_id)
            self.log.error(body)  # noqa: TRY400 - a log of ours
            told = base64.b64encode(encode(body)[0]).decode()
            name = "Lambda-Runtime-Function-Error"
            trailer = f"{name}-Type: {_ascii(kind)}\r\n{name}-Body: {told}\r\n".encode()
        self.line.write(b"0\r\n" + trailer + b"\r\n")
        status, _, _ = self.line.reply()
        if status >= BROKEN:
            sys.exit(f"the runtime API cannot go on, it answered {status}")


def _ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode()


def restore(runtime: Runtime) -> None:
    """A snapshot is taken here: hooks before, hooks after."""
    hooks = sys.modules.get("snapshot_restore_py")
    try:
        for each, given, named in reversed(hooks.get_before_snapshot() if hooks else []):
            each(*given, **named)
    except Exception as error:  # noqa: BLE001 - the hooks are the user's
        runtime.init_error(Fault("Runtime.BeforeSnapshotError", str(error)))
    runtime.line.ask("GET", "restore/next")
    try:
        for each, given, named in hooks.get_after_restore() if hooks else []:
            each(*given, **named)
    except Exception as error:  # noqa: BLE001 - as above
        body, _, _ = describe(Fault("Runtime.AfterRestoreError", str(error)), "")
        runtime.post(
            "restore/error", encode(body)[0], ["Lambda-Runtime-Function-Error-Type: Runtime.AfterRestoreError"]
        )
        raise SystemExit(1) from None


def work(name: str, *, is_worker: bool) -> None:
    """One worker: its line, its log, its handler."""
    path = os.environ.get("_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET")
    if is_worker and path:
        for stream in (1, 2):
            told = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
            told.connect(path)
            os.dup2(told.detach(), stream)
    runtime = Runtime(Line(os.environ.get("AWS_LAMBDA_RUNTIME_API", "")), Log(), is_worker=is_worker)
    try:
        handler = find_handler(name)
    except Exception as error:  # noqa: BLE001 - what a module does when it is imported
        runtime.init_error(error)
    runtime.log.serve_logging()
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        restore(runtime)
    runtime.serve(handler)


def main() -> None:
    """Serve until the process is ended; with many events at once a process each."""
    root = os.environ.get("LAMBDA_TASK_ROOT") or os.getcwd()  # noqa: PTH109 - `pathlib` has no part in a start
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    # Lines are whole in the log even if the process is killed while the handler runs.
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream of files
    optional = ["/opt/python", f"/opt/python/lib/{version}/site-packages", "/var/runtime"]
    # Without `site` these are the folders that it would have added, and those of the managed runtimes.
    sys.path[:0] = [root, *optional, f"{sys.prefix}/lib/{version}/site-packages"]
    sys.path += filter(None, os.environ.get("PYTHONPATH", "").split(":"))
    name = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("_HANDLER", "")
    many = os.environ.get("AWS_LAMBDA_MAX_CONCURRENCY", "")
    if not many.isdecimal() or int(many) == 1:
        return work(name, is_worker=False)
    workers = []
    for _ in range(int(many)):
        child = os.fork()
        if not child:
            try:
                work(name, is_worker=True)
            finally:
                sys.stdout.flush()
                os._exit(1)
        workers.append(child)
    for _ in workers:
        os.wait()
    return None


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        os._exit(0)
