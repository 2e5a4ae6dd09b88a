"""A function behind HTTP: events as a gateway makes them, replies as a gateway sends them."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any

import pytest

from sovereign.orchestration.serverless.contract import Invocation, Kind, Outcome
from sovereign.orchestration.serverless.web import event_of, front, reply_of
from sovereign.orchestration.serverless.wire import Request


def event(method: str = "GET", path: str = "/", body: bytes = b"", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    found: dict[str, Any] = json.loads(event_of(Request(method, path, named, body)))
    return found


def test_event_has_the_parts_of_the_request() -> None:
    found = event("PUT", "/a%20b/c?x=1&y=2&x=3&z=", b'{"k": 1}', content_type="application/json", cookie="a=1; b=2")
    assert found["version"] == "2.0"
    assert (found["rawPath"], found["rawQueryString"]) == ("/a b/c", "x=1&y=2&x=3&z=")
    assert found["queryStringParameters"] == {"x": "1,3", "y": "2", "z": ""}
    assert found["cookies"] == ["a=1", "b=2"]
    assert found["headers"] == {"content-type": "application/json"}
    assert found["requestContext"]["http"]["method"] == "PUT"
    assert (found["body"], found["isBase64Encoded"]) == ('{"k": 1}', False)


def test_body_that_is_no_text_comes_as_base64() -> None:
    found = event("POST", "/", b"\x00\xff", content_type="image/png")
    assert (base64.b64decode(found["body"]), found["isBase64Encoded"]) == (b"\x00\xff", True)


def test_optional_parts_are_left_out() -> None:
    assert not {"body", "cookies", "queryStringParameters"} & set(event())


def reply(value: object) -> tuple[int, dict[str, str], bytes]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    found = reply_of(Outcome(Kind.RESPONSE, body))
    return found.status, {name.lower(): each for name, each in found.headers}, found.body


def test_object_with_a_status_is_a_reply() -> None:
    value = {"statusCode": 201, "headers": {"X-A": "1", "X-B": True}, "cookies": ["c=1"], "body": "made"}
    assert reply(value) == (
        201,
        {"x-a": "1", "x-b": "true", "set-cookie": "c=1", "content-type": "text/plain; charset=utf-8"},
        b"made",
    )


def test_several_values_of_a_header_are_several_headers() -> None:
    body = json.dumps({"statusCode": 200, "multiValueHeaders": {"X-A": ["1", "2"]}}).encode()
    found = reply_of(Outcome(Kind.RESPONSE, body))
    assert [value for name, value in found.headers if name == "X-A"] == ["1", "2"]


def test_base64_is_taken_apart() -> None:
    assert reply({"statusCode": 200, "body": "AP8=", "isBase64Encoded": True})[2] == b"\x00\xff"


@pytest.mark.parametrize("value", ["text", 1, [1], {"status": 1}, None])
def test_other_json_means_ok(value: object) -> None:
    assert reply(value) == (200, {"content-type": "application/json"}, json.dumps(value).encode())


@pytest.mark.parametrize(
    "value",
    [
        b"no JSON",
        {"statusCode": "200"},
        {"statusCode": 99},
        {"statusCode": True},
        {"statusCode": 200, "body": {"k": 1}},
        {"statusCode": 200, "headers": [1]},
        {"statusCode": 200, "body": "!", "isBase64Encoded": True},
    ],
)
def test_malformed_replies_are_a_bad_gateway(value: object) -> None:
    assert reply(value)[0] == 502


def test_errors_are_a_bad_gateway() -> None:
    assert reply_of(Outcome(Kind.ERROR, b"{}")).status == 502


def test_prelude_of_a_stream_is_the_head() -> None:
    kind = "application/vnd.awslambda.http-integration-response"
    body = b'{"statusCode": 418, "headers": {"X-A": "1"}}' + b"\0" * 8 + b"pay\0load"
    found = reply_of(Outcome(Kind.RESPONSE, body, headers={"content-type": kind}))
    assert (found.status, found.body, found.headers[0]) == (418, b"pay\0load", ("X-A", "1"))


def test_server_hands_requests_to_the_function() -> None:
    def answer(invocation: Invocation) -> Outcome:
        asked = json.loads(invocation.event)
        body = f"{asked['requestContext']['http']['method']} {asked['rawPath']} {asked.get('body')}"
        return Outcome(Kind.RESPONSE, json.dumps({"statusCode": 299, "body": body}).encode())

    with front(answer) as server:
        line = http.client.HTTPConnection(server.address, timeout=20)
        for method, body in (("POST", "x"), ("DELETE", None)):
            line.request(method, "/p?q", body, {"Content-Type": "text/plain"})
            found = line.getresponse()
            assert (found.status, found.read()) == (299, f"{method} /p {body}".encode())
        line.close()
