"""A function behind HTTP: a request as the event of an HTTP API, its reply as HTTP again.

Enters: a request. Leaves: the event of API Gateway's payload 2.0, which function URLs have too; and from what the
handler gave back, the status, headers and body that the gateway would send. Read `emulator.py` for who calls it.

Source    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from sovereign.orchestration.serverless.contract import Invocation
from sovereign.orchestration.serverless.wire import Reply, Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.orchestration.serverless.contract import Outcome
    from sovereign.orchestration.serverless.wire import Request, Wire

__all__ = ["event_of", "front", "reply_of"]

_BAD_GATEWAY = Reply(502, b'{"message":"Internal Server Error"}', (("Content-Type", "application/json"),))
_TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "application/x-www-form-urlencoded")


def front(invoke: Callable[[Invocation], Outcome], port: int = 0) -> Server:
    """A server that hands every request to a function and its reply to the client."""

    def serve_one(request: Request, wire: Wire) -> bool:
        outcome = invoke(Invocation(event_of(request, request.headers.get("host", "localhost"))))
        return wire.reply("web", reply_of(outcome))

    return Server(serve_one, port=port)


def event_of(request: Request, domain: str = "localhost") -> bytes:
    """The event of a request, as JSON."""
    path, _, query = request.path.partition("?")
    headers = {name: value for name, value in request.headers.items() if name != "cookie"}
    values: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values[name] = f"{values[name]},{value}" if name in values else value
    is_text = not request.body or headers.get("content-type", "").startswith(_TEXTS)
    now = time.time()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "emulated",
            "domainName": domain,
            "domainPrefix": "emulated",
            "http": {
                "method": request.method,
                "path": unquote(path),
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
            "timeEpoch": int(now * 1000),
        },
        "isBase64Encoded": not is_text,
    }
    if query:
        event["queryStringParameters"] = values
    if cookies := request.headers.get("cookie"):
        event["cookies"] = [each.strip() for each in cookies.split(";")]
    if request.body:
        event["body"] = request.body.decode() if is_text else base64.b64encode(request.body).decode()
    return json.dumps(event).encode()


def reply_of(outcome: Outcome) -> Reply:
    """What a gateway sends for what a handler gave back: an object with a status code, or any JSON, which means 200."""
    if not outcome.is_fine:
        return _BAD_GATEWAY
    if outcome.headers.get("content-type") == "application/vnd.awslambda.http-integration-response":
        prelude, _, payload = outcome.body.partition(b"\0" * 8)
        return _answer(json.loads(prelude or b"{}"), payload)
    try:
        value = json.loads(outcome.body)
        if isinstance(value, dict) and "statusCode" in value:
            body = value.get("body") or ""
            return _answer(
                value, base64.b64decode(body, validate=True) if value.get("isBase64Encoded") else body.encode()
            )
    except (ValueError, AttributeError, TypeError):
        return _BAD_GATEWAY
    return Reply(200, outcome.body, (("Content-Type", "application/json"),))


def _answer(value: dict[str, Any], body: bytes) -> Reply:
    """A reply from its parts; a status that is none is the gateway's own failure."""
    status = value.get("statusCode", 200)
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:  # noqa: PLR2004 - HTTP
        return _BAD_GATEWAY
    headers = [(name, _plain(each)) for name, each in (value.get("headers") or {}).items()]
    for name, several in (value.get("multiValueHeaders") or {}).items():
        headers += [(name, _plain(each)) for each in several]
    headers += [("Set-Cookie", str(each)) for each in value.get("cookies") or []]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "text/plain; charset=utf-8"))
    return Reply(status, body, tuple(headers))


def _plain(value: object) -> str:
    """A header's value as text; Booleans as JSON has them."""
    return json.dumps(value) if isinstance(value, bool) else str(value)
