"""The platform's side of the Runtime API: every state, every refusal, every header."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING

import pytest

from runtimes import RUNTIME, Later, Talker
from sovereign.errors import ParameterError
from sovereign.orchestration.serverless.contract import BUFFERED_LIMIT, Facts, Invocation, Kind
from sovereign.orchestration.serverless.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(Facts(timeout_s=10)) as found:
        yield found


def given(emulator: Emulator, talker: Talker, event: bytes = b"{}", **facts: str) -> tuple[Later, str]:
    later = Later(emulator.invoke, Invocation(event, **facts))  # type: ignore[arg-type]
    status, headers, body = talker.next()
    assert (status, body) == (200, event)
    return later, headers["lambda-runtime-aws-request-id"]


def test_event_comes_with_its_headers_and_the_reply_is_the_outcome(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later = Later(emulator.invoke, Invocation(b'{"a": 1}', trace_id="Root=1", tenant_id="blue", client_context="{}"))
    before = time.time() * 1000
    status, headers, body = talker.next()
    assert (status, body) == (200, b'{"a": 1}')
    assert headers["content-type"] == "application/json"
    assert headers["lambda-runtime-invoked-function-arn"].endswith(":function:function")
    assert before + 9_999 < int(headers["lambda-runtime-deadline-ms"]) <= time.time() * 1000 + 10_001
    assert headers["lambda-runtime-trace-id"] == "Root=1"
    assert headers["lambda-runtime-aws-tenant-id"] == "blue"
    assert headers["lambda-runtime-client-context"] == "{}"
    request_id = headers["lambda-runtime-aws-request-id"]
    assert talker.post(request_id, "response", b"fine") == (202, {"status": "OK"})
    outcome = later.result()
    assert (outcome.kind, outcome.body, outcome.request_id) == (Kind.RESPONSE, b"fine", request_id)
    assert outcome.is_fine
    assert emulator.violations == []


def test_optional_headers_are_left_out_when_there_is_nothing_to_say(emulator: Emulator) -> None:
    talker = Talker(emulator)
    Later(emulator.invoke, b"1")
    _, headers, _ = talker.next()
    assert {name for name in headers if name.startswith("lambda-")} == {
        "lambda-runtime-aws-request-id",
        "lambda-runtime-deadline-ms",
        "lambda-runtime-invoked-function-arn",
    }


def test_response_twice_is_an_illegal_transition(emulator: Emulator) -> None:
    talker = Talker(emulator)
    _, request_id = given(emulator, talker)
    talker.post(request_id, "response")
    status, body = talker.post(request_id, "response")
    assert (status, body["errorType"]) == (403, "InvalidStateTransition")
    assert talker.post(request_id, "error")[0] == 403


def test_unknown_and_waiting_ids_are_refused(emulator: Emulator) -> None:
    talker = Talker(emulator)
    status, body = talker.post("nobody", "response")
    assert (status, body["errorType"]) == (400, "InvalidRequestID")
    waiting = emulator.submit(Invocation(b"{}"))
    assert talker.post(waiting.invocation.request_id, "error")[0] == 400


def test_next_is_refused_while_an_event_is_unanswered(emulator: Emulator) -> None:
    talker = Talker(emulator)
    given(emulator, talker)
    status, _, body = Talker(emulator).next()
    assert (status, json.loads(body)["errorType"]) == (403, "InvalidStateTransition")


def test_events_come_in_their_order_and_end_with_the_next_question(emulator: Emulator) -> None:
    talker = Talker(emulator)
    jobs = [emulator.submit(Invocation(str(number).encode())) for number in range(3)]
    for number, job in enumerate(jobs):
        _, headers, body = talker.next()
        assert body == str(number).encode()
        talker.post(headers["lambda-runtime-aws-request-id"], "response", body)
        assert job.done.is_set()
        assert not job.ended.is_set()
    Later(talker.next)
    assert jobs[-1].ended.wait(10)
    assert jobs[-1].marks.given_ns < jobs[-1].marks.answered_ns < jobs[-1].marks.ended_ns


def test_error_is_the_outcome_with_its_type(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    report = json.dumps({"errorMessage": "no", "errorType": "ValueError", "stackTrace": []}).encode()
    assert talker.post(request_id, "error", report, Lambda_Runtime_Function_Error_Type="Runtime.Bad")[0] == 202
    outcome = later.result()
    assert (outcome.kind, outcome.body, outcome.error_type) == (Kind.ERROR, report, "Runtime.Bad")


def test_type_of_an_error_is_taken_from_its_body_when_no_header_has_it(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    talker.post(request_id, "error", b'{"errorType": "KeyError"}')
    assert later.result().error_type == "KeyError"
    later, request_id = given(emulator, talker)
    talker.post(request_id, "error", b"no JSON")
    assert later.result().error_type == "Function.Unknown"


def test_error_inside_of_a_cause_is_taken_out(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    kind = "application/vnd.aws.lambda.error.cause+json"
    talker.post(request_id, "error", b'{"error": {"errorType": "E"}, "cause": 1}', Content_Type=kind)
    outcome = later.result()
    assert (outcome.error_type, json.loads(outcome.body)) == ("E", {"errorType": "E"})


@pytest.mark.parametrize(("extra", "status"), [(0, 202), (1, 413)])
def test_reply_may_have_so_many_bytes_and_not_one_more(emulator: Emulator, extra: int, status: int) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    assert talker.post(request_id, "response", b"x" * (BUFFERED_LIMIT + extra))[0] == status
    outcome = later.result()
    assert outcome.is_fine == (status == 202)
    if status == 413:
        assert outcome.error_type == "Function.ResponseSizeTooLarge"
        # The runtime may still say itself what happened.
        assert talker.post(request_id, "error")[0] == 202
        assert later.result() == outcome


def test_event_that_is_too_large_is_not_handed_over(emulator: Emulator) -> None:
    outcome = emulator.invoke(b"x" * (BUFFERED_LIMIT + 1))
    assert (outcome.kind, outcome.error_type) == (Kind.ERROR, "RequestTooLarge")


def test_unknown_response_mode_is_refused(emulator: Emulator) -> None:
    talker = Talker(emulator)
    _, request_id = given(emulator, talker)
    status, body = talker.post(request_id, "response", Lambda_Runtime_Function_Response_Mode="buffered")
    assert (status, body["errorType"]) == (400, "Runtime.InvalidResponseModeHeader")


def streamed(emulator: Emulator, talker: Talker, request_id: str, parts: list[bytes], trailer: bytes) -> int:
    head = f"POST {RUNTIME}/invocation/{request_id}/response HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    head += "Lambda-Runtime-Function-Response-Mode: streaming\r\nContent-Type: text/x\r\n\r\n"
    talker.line.connect()
    talker.line.sock.sendall(head.encode())
    for part in parts:
        talker.line.sock.sendall(b"%x\r\n%s\r\n" % (len(part), part))
    talker.line.sock.sendall(b"0\r\n" + trailer + b"\r\n")
    return int(talker.line.sock.recv(100).split()[1])


def test_streamed_reply_is_put_together(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    assert streamed(emulator, Talker(emulator), request_id, [b"a" * 7_000_000, b"b"], b"") == 202
    outcome = later.result()
    assert outcome.is_fine
    assert outcome.is_streamed
    assert outcome.body == b"a" * 7_000_000 + b"b"
    assert outcome.headers["content-type"] == "text/x"


def test_error_in_the_trailers_of_a_stream_is_the_outcome(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    body = base64.b64encode(b'{"errorType": "Late"}')
    trailer = b"Lambda-Runtime-Function-Error-Type: Late\r\nLambda-Runtime-Function-Error-Body: %s\r\n" % body
    streamed(emulator, Talker(emulator), request_id, [b"begun"], trailer)
    outcome = later.result()
    assert (outcome.kind, outcome.error_type, outcome.body) == (Kind.ERROR, "Late", b'{"errorType": "Late"}')
    assert outcome.trailers["lambda-runtime-function-error-type"] == "Late"


def test_reply_that_is_cut_off_is_an_error(emulator: Emulator) -> None:
    talker = Talker(emulator)
    later, request_id = given(emulator, talker)
    cut = Talker(emulator)
    cut.line.connect()
    head = f"POST {RUNTIME}/invocation/{request_id}/response HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nshort"
    cut.line.sock.sendall(head.encode())
    cut.close()
    assert later.result().error_type == "Runtime.TruncatedResponse"
    assert len(emulator.violations) == 1


def test_init_error_is_kept_and_taken_once() -> None:
    with Emulator() as emulator:
        talker = Talker(emulator)
        path = f"{RUNTIME}/init/error"
        assert talker.ask("POST", path, b'{"errorType": "Runtime.X"}')[0] == 202
        assert emulator.wait_ready(1)
        assert not emulator.is_ready
        assert emulator.init_error is not None
        assert emulator.init_error.error_type == "Runtime.X"
        assert talker.ask("POST", path, b"{}")[0] == 403
        emulator.started_anew()
        assert talker.ask("POST", path, b"{}")[0] == 202


def test_init_error_after_the_first_question_is_refused(emulator: Emulator) -> None:
    talker = Talker(emulator)
    given(emulator, talker)
    assert talker.ask("POST", f"{RUNTIME}/init/error", b"{}")[0] == 403


def test_deadline_ends_an_invocation_and_its_reply_comes_too_late() -> None:
    with Emulator(Facts(timeout_s=0.3)) as emulator:
        talker = Talker(emulator)
        later, request_id = given(emulator, talker)
        outcome = later.result()
        assert (outcome.kind, outcome.error_type) == (Kind.TIMEOUT, "Sandbox.Timedout")
        assert b"Task timed out after 0.30 seconds" in outcome.body
        assert talker.post(request_id, "response")[0] == 400


def test_many_events_at_once_are_answered_in_any_order() -> None:
    with Emulator(Facts(concurrency=3, timeout_s=20)) as emulator:
        workers = [Talker(emulator) for _ in range(4)]
        laters = [Later(emulator.invoke, str(number).encode()) for number in range(3)]
        taken = []
        for worker in workers[:3]:
            _, headers, body = worker.next()
            taken.append((worker, headers["lambda-runtime-aws-request-id"], body))
        assert workers[3].next()[0] == 403
        for worker, request_id, body in reversed(taken):
            assert worker.post(request_id, "response", body * 2)[0] == 202
        assert {later.result().body for later in laters} == {b"00", b"11", b"22"}


def test_restore_is_for_snapshots_only() -> None:
    for kind, status in (("on-demand", 403), ("snap-start", 200)):
        with Emulator(Facts(initialization=kind)) as emulator:
            assert Talker(emulator).ask("GET", f"{RUNTIME}/restore/next")[0] == status


def test_other_paths_are_not_found(emulator: Emulator) -> None:
    talker = Talker(emulator)
    assert talker.ask("GET", "/2018-06-01/ping")[2] == b"pong"
    assert talker.ask("GET", f"{RUNTIME}/invocation/last")[0] == 404
    assert talker.ask("PUT", f"{RUNTIME}/invocation/next")[0] == 404


def test_what_is_no_http_is_written_down(emulator: Emulator) -> None:
    talker = Talker(emulator)
    talker.line.connect()
    talker.line.sock.sendall(b"HELLO\r\n\r\n")
    assert talker.line.sock.recv(100) == b""
    assert len(emulator.violations) == 1


def test_runtime_that_goes_away_while_it_waits_gets_no_event(emulator: Emulator) -> None:
    gone = Talker(emulator)
    gone.line.request("GET", f"{RUNTIME}/invocation/next")
    assert emulator.wait_ready(10)
    gone.close()
    time.sleep(0.2)
    later, request_id = given(emulator, Talker(emulator))
    Talker(emulator).post(request_id, "response", b"yes")
    assert later.result().body == b"yes"


def test_end_of_the_process_ends_what_it_had(emulator: Emulator) -> None:
    later, _ = given(emulator, Talker(emulator))
    emulator.runtime_ended("with exit status: 3")
    outcome = later.result()
    assert (outcome.kind, outcome.error_type) == (Kind.EXIT, "Runtime.ExitError")
    assert b"Runtime exited with exit status: 3" in outcome.body
    assert not emulator.is_ready


@pytest.mark.parametrize(("mode", "status"), [("RequestResponse", 200), ("Event", 202), ("DryRun", 204)])
def test_callers_invoke_over_http(emulator: Emulator, mode: str, status: int) -> None:
    path = "/2015-03-31/functions/function/invocations"
    context = base64.b64encode(b'{"custom":{}}').decode()
    headers = {"X-Amz-Invocation-Type": mode, "X-Amz-Client-Context": context}
    later = Later(Talker(emulator).ask, "POST", path, b'"event"', headers)
    if mode != "DryRun":
        talker = Talker(emulator)
        _, found, body = talker.next()
        assert (body, found["lambda-runtime-client-context"]) == (b'"event"', '{"custom":{}}')
        talker.post(found["lambda-runtime-aws-request-id"], "response", b'"reply"')
    got, _, body = later.result()
    assert got == status
    assert body == (b'"reply"' if mode == "RequestResponse" else b"")


def test_caller_is_told_of_an_error(emulator: Emulator) -> None:
    later = Later(Talker(emulator).ask, "POST", "/2015-03-31/functions/function/invocations", b"1")
    talker = Talker(emulator)
    _, found, _ = talker.next()
    talker.post(found["lambda-runtime-aws-request-id"], "error", b'{"errorType": "E"}')
    status, headers, body = later.result()
    assert (status, headers["x-amz-function-error"], body) == (200, "Unhandled", b'{"errorType": "E"}')


def test_port_that_is_in_use_is_refused(emulator: Emulator) -> None:
    with pytest.raises(ParameterError) as caught:
        Emulator(port=int(emulator.address.rpartition(":")[2]))
    assert caught.value.code == "serverless.port"
