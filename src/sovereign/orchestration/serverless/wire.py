"""HTTP between a runtime and the emulator: requests read strictly, replies written as they are or spoiled on purpose.

Enters: a connected socket. Leaves: `Request`s, each whole or known to be cut off; `Reply`s go out as `Faults` asks for
it, so that a runtime can be held against a server that is slow, old, broken or malicious. h11 does the parsing.
Read `emulator.py` for what is said.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

import h11

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["JSON", "Faults", "Reply", "Request", "Server", "Wire", "refused"]

JSON = (("Content-Type", "application/json"),)

_HEADER_LIMIT = 2 * 1024 * 1024
"""A client context alone may have a mebibyte."""
_READ = 1 << 18
_T = TypeVar("_T")


class Request(NamedTuple):
    """What a client asked; names of headers and trailers are in lower case. `is_whole` is false when it was cut off."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    trailers: Mapping[str, str] = {}
    is_whole: bool = True


class Reply(NamedTuple):
    """What the server says."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def refused(status: int, kind: str, text: str) -> Reply:
    """What the API says to a call that it does not take."""
    return Reply(status, json.dumps({"errorMessage": text, "errorType": kind}).encode() + b"\n", JSON)


@dataclass(slots=True)
class Faults:
    """What is done to replies. The default does nothing.

    `pieces` writes so many bytes at a time, `pause_s` apart; `spelling` turns the names of headers; `extra` and
    `without` add and leave out headers of the reply to `next`; `chunked`, `interim` and `until_close` are other ways to
    frame a body that every client has to know; `close_after` closes after each reply, and says so unless `is_silent`;
    `statuses` and `raw` replace replies, in their order, by the name of the call: `next`, `response`, `error`; a status
    of 0 closes the connection without a reply. `read_bytes_s` is how fast a body is taken.
    """

    pieces: int = 0
    pause_s: float = 0.0
    spelling: Callable[[str], str] | None = None
    extra: tuple[tuple[str, str], ...] = ()
    without: frozenset[str] = frozenset()
    chunked: bool = False
    interim: bool = False
    until_close: bool = False
    close_after: bool = False
    is_silent: bool = False
    statuses: dict[str, list[int]] = field(default_factory=dict)
    raw: dict[str, list[bytes]] = field(default_factory=dict)
    read_bytes_s: float = 0.0


class Wire:
    """One connection, on the server's side; what the client does against HTTP is added to `violations`."""

    def __init__(self, connected: socket.socket, faults: Faults, violations: list[str]) -> None:
        self._socket = connected
        self._faults = faults
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEADER_LIMIT)
        self._violations = violations
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def requests(self) -> Iterator[Request]:
        """The requests of the connection, until one side closes it. Each is answered before the next is read."""
        with contextlib.suppress(OSError):
            while (request := self._request()) is not None:
                yield request
                if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                    return
                self._http.start_next_cycle()

    def _request(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        try:
            while True:
                event = self._event()
                if isinstance(event, h11.Request):
                    head = event
                elif isinstance(event, h11.Data):
                    body += event.data
                elif isinstance(event, h11.EndOfMessage):
                    assert head is not None
                    return _request(head, bytes(body), _pairs(event.headers))
                else:
                    return None
        except (h11.RemoteProtocolError, ConnectionError) as error:
            self._violations.append(str(error))
            return None if head is None else _request(head, bytes(body), {}, is_whole=False)

    def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            read = self._socket.recv(_READ)
            if self._faults.read_bytes_s:
                time.sleep(len(read) / self._faults.read_bytes_s)
            self._http.receive_data(read)
        return event

    def _send(self, event: h11.Event) -> None:
        self._socket.sendall(self._http.send(event) or b"")

    def reply(self, call: str, reply: Reply) -> bool:
        """Answer a request; false when the client could not be told.

        `call` is the name of what was asked, by which `Faults` replaces replies.
        """
        faults = self._faults
        raw = _take(faults.raw, call)
        status = _take(faults.statuses, call)
        if status is not None and status != reply.status:
            reply = Reply(status, b'{"errorMessage":"a planted fault","errorType":"Planted"}')
        if status == 0:
            self.close()
            return False
        data = raw if raw is not None else self._rendered(call, reply)
        try:
            for piece in _pieces(data, faults.pieces):
                self._socket.sendall(piece)
                if faults.pause_s:
                    time.sleep(faults.pause_s)
        except OSError:
            return False
        if faults.close_after or faults.until_close or raw is not None:
            self.close()
        return True

    def _rendered(self, call: str, reply: Reply) -> bytes:
        """The bytes of a reply, with its faults."""
        faults = self._faults
        headers = [*reply.headers]
        if call == "next":
            headers = [each for each in headers if each[0].lower() not in faults.without] + list(faults.extra)
        if faults.spelling is not None:
            headers = [(faults.spelling(name), value) for name, value in headers]
        if faults.close_after and not faults.is_silent:
            headers.append(("Connection", "close"))
        framed = [] if faults.chunked or faults.until_close else [("Content-Length", str(len(reply.body)))]
        reason = _reason(reply.status)
        head = h11.Response(status_code=reply.status, reason=reason.encode(), headers=[*headers, *framed])
        # h11 keeps account of the exchange in any case; what it would send is taken where nothing is to be spoiled.
        sent = self._http.send(head) or b""
        plain = sent + (self._http.send(h11.Data(reply.body)) or b"") + (self._http.send(h11.EndOfMessage()) or b"")
        if not (faults.chunked or faults.until_close or faults.interim or faults.spelling):
            return plain
        lines = [f"HTTP/1.1 {reply.status} {reason}", *(f"{name}: {value}" for name, value in [*headers, *framed])]
        text = "\r\n".join([*lines, *(["Transfer-Encoding: chunked"] if faults.chunked else [])]) + "\r\n\r\n"
        interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" if faults.interim else b""
        body = _chunks(reply.body) if faults.chunked else reply.body
        return interim + text.encode("latin-1") + body

    def is_gone(self) -> bool:
        """Whether the client closed the connection while it waited for a reply."""
        try:
            readable, _, _ = select.select([self._socket], [], [], 0)
            return bool(readable) and not self._socket.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):
            return True

    def close(self) -> None:
        """Close the connection, so that the client sees the end of what was sent."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Server:
    """A listener on the loopback interface with a thread for each connection.

    `serve_one` answers a request over its wire, and gives false when the connection is of no more use. `violations` is
    what clients did against HTTP.
    """

    def __init__(
        self,
        serve_one: Callable[[Request, Wire], bool],
        *,
        faults: Faults | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        self.violations: list[str] = []
        self._serve_one = serve_one
        self._faults = faults or Faults()
        self._wires: set[Wire] = set()
        try:
            self._listener = socket.create_server((host, port), backlog=1024)
        except OSError as error:
            text = f"the port cannot be listened on ({error.strerror}): `{port}`"
            raise ParameterError("serverless.port", text, name="port", value=port, allowed=[]) from error
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that sleeps in `accept` is woken by the shutdown, not by the close.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in list(self._wires):
            wire.close()
        self._thread.join()

    @property
    def address(self) -> str:
        """Where it listens, as `host:port`."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()

    def _serve(self, connected: socket.socket) -> None:
        wire = Wire(connected, self._faults, self.violations)
        self._wires.add(wire)
        try:
            for request in wire.requests():
                if not self._serve_one(request, wire):
                    return
        finally:
            self._wires.discard(wire)
            wire.close()


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unnamed"


def _request(head: h11.Request, body: bytes, trailers: Mapping[str, str], *, is_whole: bool = True) -> Request:
    return Request(head.method.decode(), head.target.decode(), _pairs(head.headers), body, trailers, is_whole)


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _take(planned: dict[str, list[_T]], call: str) -> _T | None:
    return planned[call].pop(0) if planned.get(call) else None


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    if not size:
        yield data
        return
    for start in range(0, len(data), size):
        yield data[start : start + size]


def _chunks(body: bytes) -> bytes:
    """A body in chunks of growing size, with an extension and a trailer, which a client has to pass over."""
    found, start, size = b"", 0, 1
    while start < len(body):
        part = body[start : start + size]
        found += b"%X;ext=1\r\n%s\r\n" % (len(part), part)
        start, size = start + size, size * 7
    return found + b"0\r\nX-Trailer: passed over\r\n\r\n"
