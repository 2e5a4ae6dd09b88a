"""Handlers as programs of their own, in the hands of the platform: whatever either of them does."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import textwrap
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from natives import ECHO, MANNERS, built, native_function
from sovereign.errors import ParameterError, SourceError
from sovereign.orchestration.serverless.coldstart.candidates import OUR_SOURCES
from sovereign.orchestration.serverless.contract import Facts, Invocation, Kind
from sovereign.orchestration.serverless.elf import read_program
from sovereign.orchestration.serverless.native import build
from sovereign.orchestration.serverless.wire import Faults

if TYPE_CHECKING:
    from sovereign.orchestration.serverless.sandbox import Sandbox

pytestmark = [pytest.mark.timeout(240), pytest.mark.requires("rust", "x86_64-unknown-linux-gnu", "x86_64")]
FACTS = Facts(timeout_s=60, memory_mb=256)
ECHO_LIMIT_BYTES = 16 * 1024
ROUTER_LIMIT_BYTES = 48 * 1024
ARM = pytest.mark.requires("aarch64-unknown-linux-gnu", "qemu-aarch64")
QEMU = "qemu-aarch64-static"


@pytest.fixture(scope="session")
def manners() -> Path:
    """The program that does what the event says."""
    return built(MANNERS)


# what it is


@pytest.mark.parametrize("arch", ["x86_64", pytest.param("arm64", marks=ARM)])
def test_program_is_small_static_and_nothing_of_it_is_both_written_and_run(arch: str) -> None:
    path = built(ECHO, arch)
    assert path.stat().st_size <= ECHO_LIMIT_BYTES
    program = read_program(path.read_bytes())
    assert program.machine == arch
    assert not program.needs_loader
    assert not program.has_executable_stack
    assert not program.has_writable_code


@pytest.mark.parametrize("arch", ["x86_64", pytest.param("arm64", marks=ARM)])
def test_routes_and_json_are_small_too(arch: str) -> None:
    program = built((OUR_SOURCES / "router.rs").read_text(), arch)
    assert program.stat().st_size <= ROUTER_LIMIT_BYTES
    before = () if arch == "x86_64" else (shutil.which(QEMU) or QEMU,)
    with native_function(program, FACTS, before=before) as (emulator, sandbox):
        order = {"items": [{"price": 20, "count": 9}], "é": "\n"}
        for method, path, body, status in [
            ("GET", "/health", None, 200),
            ("POST", "/orders", json.dumps(order), 201),
            ("POST", "/orders", "{", 400),
            ("PUT", "/x", "", 404),
        ]:
            event = {"httpMethod": method, "path": path, "requestContext": {"stage": "s"}, "body": body}
            reply = json.loads(sandbox.invoke(json.dumps(event).encode()).body)
            assert reply["statusCode"] == status
            assert json.loads(reply["body"])
        assert sandbox.invoke(b"[1").error_type == "Runtime.UnmarshalError"
        assert (sandbox.starts, emulator.violations) == (1, [])


def test_paths_of_the_machine_that_built_it_are_not_in_it(manners: Path) -> None:
    assert str(Path.home()).encode() not in manners.read_bytes()
    assert str(Path.cwd()).encode() not in manners.read_bytes()


def test_same_source_gives_the_same_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = built(ECHO).read_bytes()
    handler = tmp_path / "other.rs"
    handler.write_text(ECHO)
    again = build(handler, output=tmp_path / "again")
    assert again.is_cached
    monkeypatch.setattr("sovereign.orchestration.serverless.native.cache_folder", lambda: tmp_path / "cache")
    fresh = build(handler, output=tmp_path / "fresh")
    assert not fresh.is_cached
    assert first == (tmp_path / "again").read_bytes() == (tmp_path / "fresh").read_bytes()


@pytest.mark.requires("strace")
def test_few_calls_of_the_kernel_lead_to_the_first_wait_and_all_of_them_are_old(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with native_function(built(ECHO), FACTS, before=(shutil.which("strace") or "strace", "-f", "-o", str(trace))) as (
        emulator,
        sandbox,
    ):
        sandbox.start()
        assert emulator.wait_ready(30)
        time.sleep(0.2)
        before = _calls(trace)
        assert sandbox.invoke(b"{}").body == b"{}"
        time.sleep(0.2)
        after = _calls(trace)
    assert before[0] == "execve"
    assert before[-1] == "recvfrom"
    assert len(before) <= 8
    # One invocation: the event is there, a stack for the worst case the first time, the answer, and the next wait.
    assert len(after) - len(before) <= 8
    assert set(after) <= {"execve", "rt_sigaction", "sigaltstack", "socket", "connect", "writev", "recvfrom"}


def _calls(trace: Path) -> list[str]:
    return re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE)


def test_little_memory_is_used() -> None:
    with native_function(built(ECHO), FACTS) as (_, sandbox):
        for _ in range(30):
            assert sandbox.cycle(b'{"a": 1}', timeout_s=20).is_fine
        assert _memory_kb(sandbox.pid) <= 128


def _memory_kb(pid: int | None, line: str = "Rss") -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(rf"^{line}: +(\d+) kB", rollup, re.MULTILINE)
    assert found
    return int(found[1])


def test_neither_memory_nor_descriptors_grow(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        for event in (b"x" * 5_000_000, b"context", b"error"):
            sandbox.cycle(event, timeout_s=20)
        descriptors = len(list(Path(f"/proc/{sandbox.pid}/fd").iterdir()))
        memory = _memory_kb(sandbox.pid)
        for number in range(600):
            sandbox.invoke(b"error" if number % 3 else b"context")
        sandbox.invoke(b"y" * 5_000_000)
        sandbox.cycle(b"context", timeout_s=20)
        assert len(list(Path(f"/proc/{sandbox.pid}/fd").iterdir())) == descriptors
        assert _memory_kb(sandbox.pid) <= memory + 16
        assert sandbox.starts == 1


# what it is told


def test_context_has_what_the_platform_says_and_nothing_of_the_invocation_before(manners: Path) -> None:
    with native_function(manners, FACTS) as (emulator, sandbox):
        full = Invocation(
            b"context",
            request_id="r-1",
            trace_id="Root=1-2",
            client_context='{"custom": {}}',
            cognito_identity="{bad",
            tenant_id="t",
        )
        said = sandbox.invoke(full).body.decode()
        facts = "function=function;version=$LATEST;memory=256;group=/aws/lambda/function;stream=emulated/[$LATEST];"
        assert said == (
            f"id=r-1;{facts}arn={emulator.facts.arn};tenant=t;trace=Root=1-2;"
            'client={"custom": {}};identity={bad;type=application/json;left=fine;'
        )
        bare = sandbox.invoke(Invocation(b"context", request_id="r-2")).body.decode()
        assert bare.startswith("id=r-2;")
        assert "tenant=;trace=;client=;identity=;" in bare


@pytest.mark.parametrize(
    "faults",
    [
        Faults(pieces=1),
        Faults(chunked=True),
        Faults(chunked=True, pieces=7),
        Faults(interim=True),
        Faults(interim=True, pieces=3),
        Faults(until_close=True),
        Faults(close_after=True),
        Faults(close_after=True, is_silent=True),
        Faults(spelling=str.upper),
        Faults(extra=(("X-Long", "v" * 65_536), ("Lambda-Runtime-Client-Context", "c" * (1 << 20)))),
        Faults(read_bytes_s=200_000),
    ],
    ids=lambda each: str(each)[:60],
)
def test_every_way_of_the_platform_to_speak_http_is_understood(faults: Faults) -> None:
    with native_function(built(ECHO), FACTS, faults) as (emulator, sandbox):
        for size in (2, 3000, 90_000):
            event = b"[" + b"1" * size + b"]"
            assert sandbox.invoke(event).body == event
        assert emulator.violations == []
        assert sandbox.starts == 1


def test_largest_event_comes_back_and_larger_replies_are_errors(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        event = b"e" * (6 * 1024 * 1024 + 100)
        assert sandbox.invoke(event).body == event
        outcome = sandbox.invoke(b"large")
        assert (outcome.kind, outcome.error_type) == (Kind.ERROR, "Function.ResponseSizeTooLarge")
        assert sandbox.invoke(b"1").body == b"1"
        assert sandbox.starts == 1


@pytest.mark.parametrize("status", [400, 403])
def test_refused_answers_do_not_end_the_loop(status: int) -> None:
    with native_function(built(ECHO), Facts(timeout_s=1), Faults(statuses={"response": [status]})) as (_, sandbox):
        assert sandbox.invoke(b"1").kind is Kind.TIMEOUT
        assert sandbox.invoke(b"2").body == b"2"


def test_platform_that_cannot_go_on_ends_the_process() -> None:
    with native_function(built(ECHO), FACTS, Faults(statuses={"response": [500]})) as (_, sandbox):
        assert sandbox.invoke(b"1").kind is Kind.EXIT
        assert sandbox.invoke(b"2").body == b"2"
        assert sandbox.starts == 2


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "[::1]:80", "name:80", "1.2.3.4.5:80", "127.0.0.1:x"]
)
def test_wrong_addresses_are_named_and_end_the_process(address: str) -> None:
    ended = _started({"AWS_LAMBDA_RUNTIME_API": address})
    assert ended.returncode == 2
    assert "AWS_LAMBDA_RUNTIME_API has to be" in ended.stdout
    assert address in ended.stdout


def test_missing_platform_is_waited_for_and_given_up() -> None:
    before = os.times()
    started = time.monotonic()
    ended = _started({"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"})
    assert ended.returncode == 1
    assert 1 < time.monotonic() - started < 30
    assert "cannot be reached" in ended.stdout
    assert ended.stdout.count("\n") < 20
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.3


def _started(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([built(ECHO)], env=environment, capture_output=True, text=True, check=False, timeout=60)


# what a handler does


@pytest.mark.parametrize(
    ("event", "kind", "message"),
    [
        (b"panic", "Runtime.Panic", "place 5 of 3 at handler/src/source.rs:"),
        (b"index", "Runtime.Panic", "range start index 0"),
        (b"overflow", "Runtime.StackOverflow", "the stack is exhausted"),
        (b"memory", "Runtime.OutOfMemory", "there is no more memory"),
        (b"segfault", "Runtime.SegmentationFault", "memory that is not there"),
    ],
)
def test_crash_is_reported_before_the_process_ends_and_a_new_one_goes_on(
    manners: Path, event: bytes, kind: str, message: str
) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        assert sandbox.invoke(b"1").is_fine
        outcome = sandbox.invoke(event)
        told = json.loads(outcome.body)
        assert (outcome.kind, outcome.error_type, told["errorType"]) == (Kind.ERROR, kind, kind)
        if event != b"index":
            assert message in told["errorMessage"]
        assert told["requestId"] == outcome.request_id
        assert _ended(sandbox)
        assert sandbox.invoke(b"2").body == b"2"
        assert sandbox.starts == 2
    assert f"{kind}: " in sandbox.log.text("stdout")


def test_exit_of_a_handler_is_the_end_of_the_process(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        outcome = sandbox.invoke(b"exit")
        assert outcome.kind is Kind.EXIT
        assert b"exit status: 7" in outcome.body


def test_error_of_a_handler_is_told_with_its_cause_and_the_loop_lives(manners: Path) -> None:
    with native_function(manners, FACTS) as (emulator, sandbox):
        outcome = sandbox.invoke(b"error")
        assert outcome.error_type == "ValueError"
        told = json.loads(outcome.body)
        assert told == {
            "errorMessage": 'no ☃ "quoted"\n\x01',
            "errorType": "ValueError",
            "requestId": outcome.request_id,
            "stackTrace": [],
        }
        cause = json.loads(outcome.headers["lambda-runtime-function-xray-error-cause"])
        assert cause["exceptions"] == [{"message": 'no ☃ "quoted"\n\x01', "type": "ValueError", "stack": []}]
        assert sandbox.invoke(b"\xff").error_type == "Runtime.Encoding"
        assert sandbox.invoke(b"a\0b").body == b"a\0b"
        assert (sandbox.starts, emulator.violations) == (1, [])


@pytest.mark.parametrize(("how", "kind"), [("fail", "Runtime.NoLuck"), ("panic", "Runtime.Panic")])
def test_init_that_fails_is_reported_and_ends_the_process(manners: Path, how: str, kind: str) -> None:
    with native_function(manners, FACTS, environment={"TEST_INIT": how}) as (_, sandbox):
        outcome = sandbox.invoke(b"1")
        assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, kind)
        assert json.loads(outcome.body)["errorType"] == kind
        assert sandbox.pid is None


def test_deadline_ends_the_process_and_the_next_event_starts_another(manners: Path) -> None:
    with native_function(manners, Facts(timeout_s=1)) as (_, sandbox):
        assert sandbox.invoke(b"sleep").kind is Kind.TIMEOUT
        assert sandbox.invoke(b"1").body == b"1"
        assert sandbox.starts == 2


# what it says


def test_output_of_a_handler_comes_through_as_it_is(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        for event in (b"print", b"complain", b"log"):
            assert sandbox.invoke(event).is_fine
    text = sandbox.log.text("stdout")
    assert text.startswith("without an end[TRACE]\t20")
    assert re.search(r"\[FATAL\]\t[-\d]+T[:\d]+\.\d{3}Z\t[-0-9a-f]{36}\ttwo\nlines\n", text)
    assert "y" * 300_000 in text
    assert sandbox.log.text("stderr") == "z" * 300_000


def test_records_are_objects_of_the_wanted_levels_where_json_is_asked_for(manners: Path) -> None:
    facts = Facts(timeout_s=60, log_format="JSON", log_level="ERROR")
    with native_function(manners, facts) as (_, sandbox):
        outcome = sandbox.invoke(Invocation(b"log", tenant_id="t"))
        sandbox.invoke(b"error")
    lines = [json.loads(line) for line in sandbox.log.text("stdout").splitlines()]
    assert [line["level"] for line in lines] == ["ERROR", "FATAL", "ERROR"]
    assert lines[0]["message"] == "two\nlines"
    assert (lines[0]["requestId"], lines[0]["tenantId"]) == (outcome.request_id, "t")
    assert lines[2]["errorType"] == "ValueError"
    assert lines[2]["errorMessage"] == 'no ☃ "quoted"\n\x01'


def test_frames_keep_records_whole(manners: Path) -> None:
    with native_function(manners, FACTS, frames=True) as (_, sandbox):
        assert sandbox.invoke(b"log").is_fine
    framed = [each for each in sandbox.log.records if each.source == "frames"]
    assert [each.level for each in framed] == ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "INFO"]
    assert framed[0].text.endswith("\ttwo\nlines")
    assert len(framed[-1].text) > 300_000
    assert all(abs(each.time_us / 1e6 - time.time()) < 200 for each in framed)


# streams


def test_reply_is_streamed_with_its_head(manners: Path) -> None:
    with native_function(manners, FACTS) as (emulator, sandbox):
        outcome = sandbox.invoke(b"stream " + b"z" * 400)
        assert outcome.is_streamed
        assert outcome.headers["content-type"] == "application/vnd.awslambda.http-integration-response"
        head, _, body = outcome.body.partition(b"\0" * 8)
        assert json.loads(head) == {"statusCode": 201, "headers": {"X-A": "b"}}
        assert body == b"0123456789abcdef" * 400_000
        assert emulator.violations == []


@pytest.mark.parametrize(("how", "kind", "starts"), [(b"error", "Function.Broken", 1), (b"panic", "Runtime.Panic", 2)])
def test_error_in_the_middle_of_a_stream_is_a_trailer(manners: Path, how: bytes, kind: str, starts: int) -> None:
    with native_function(manners, FACTS) as (emulator, sandbox):
        outcome = sandbox.invoke(b"stream " + how)
        assert (outcome.kind, outcome.error_type) == (Kind.ERROR, kind)
        assert outcome.trailers["lambda-runtime-function-error-type"] == kind
        assert "in the middle" in json.loads(outcome.body)["errorMessage"]
        assert starts == 1 or _ended(sandbox)
        assert sandbox.invoke(b"1").body == b"1"
        assert sandbox.starts == starts
        assert emulator.violations == []


def test_stream_waits_for_a_slow_listener(manners: Path) -> None:
    with native_function(manners, FACTS, Faults(read_bytes_s=4_000_000)) as (_, sandbox):
        outcome = sandbox.invoke(b"stream " + b"z" * 200)
        assert outcome.body.endswith(b"0123456789abcdef" * 200_000)


# life


def test_idle_process_ends_at_once_when_it_is_asked_to(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        sandbox.cycle(b"1", timeout_s=20)
        assert _status_after(sandbox.pid, signal.SIGTERM) == (0, False)


def test_handler_that_runs_may_end_when_the_process_is_asked_to(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        sandbox.start()
        pid = sandbox.pid
        threading.Timer(0.05, os.kill, (pid, signal.SIGTERM)).start()
        assert sandbox.invoke(b"nap").is_fine
        assert _gone(pid, 2)


def test_handler_that_runs_too_long_is_ended(manners: Path) -> None:
    with native_function(manners, Facts(timeout_s=30)) as (_, sandbox):
        sandbox.start()
        pid = sandbox.pid
        assert pid is not None
        threading.Timer(0.1, os.kill, (pid, signal.SIGTERM)).start()
        started = time.monotonic()
        outcome = sandbox.invoke(b"sleep")
        assert time.monotonic() - started < 5
        assert outcome.kind is Kind.EXIT
        assert b"exit status: 0" in outcome.body


def _status_after(pid: int | None, number: signal.Signals) -> tuple[int, bool]:
    assert pid is not None
    os.kill(pid, number)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), False
        time.sleep(0.01)
    return -1, True


def _ended(sandbox: Sandbox) -> bool:
    """Whether the process ends soon: an event that comes before that would be given to nobody."""
    deadline = time.monotonic() + 20
    while sandbox.pid is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    return sandbox.pid is None


def _gone(pid: int | None, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while pid is not None and time.monotonic() < deadline:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or ") Z " in state.read_text():
            return True
        time.sleep(0.02)
    return pid is None


def test_frozen_process_goes_on_when_it_is_thawed(manners: Path) -> None:
    with native_function(manners, FACTS) as (_, sandbox):
        sandbox.cycle(b"1", timeout_s=20)
        assert sandbox.pid is not None
        for event in (b"2", b"nap"):
            os.kill(sandbox.pid, signal.SIGSTOP)
            threading.Timer(0.3, os.kill, (sandbox.pid, signal.SIGCONT)).start()
            assert sandbox.invoke(event).is_fine
        assert sandbox.starts == 1


def test_process_needs_no_input_no_rights_and_nothing_that_it_may_write(tmp_path: Path) -> None:
    folder = tmp_path / "task"
    folder.mkdir()
    program = folder / "bootstrap"
    shutil.copy2(built(ECHO), program)
    program.chmod(0o555)
    folder.chmod(0o555)
    with native_function(program, FACTS, before=("/bin/sh", "-c", 'exec "$0" <&-')) as (_, sandbox):
        assert sandbox.invoke(b"1").body == b"1"
    folder.chmod(0o755)


# several at once


def test_workers_answer_at_once_and_each_knows_its_own_invocation(manners: Path) -> None:
    facts = Facts(timeout_s=60, concurrency=4, log_format="")
    with native_function(manners, facts) as (emulator, sandbox):
        assert sandbox.start() is None
        jobs = [emulator.submit(Invocation(b"nap", trace_id=f"t{number}")) for number in range(8)]
        started = time.monotonic()
        assert all(job.done.wait(60) for job in jobs)
        assert time.monotonic() - started < 1.5
        for number in range(12):
            said = sandbox.invoke(Invocation(b"context", trace_id=f"t{number}", request_id=f"r{number}")).body
            assert f"id=r{number};".encode() in said
            assert f"trace=t{number};".encode() in said
        sandbox.invoke(b"log")
        assert emulator.violations == []
    worker = [each for each in sandbox.log.records if each.source == "worker"]
    assert [json.loads(each.text)["level"] for each in worker][:2] == ["TRACE", "DEBUG"]


def test_worker_that_crashes_is_replaced_while_the_others_go_on(manners: Path) -> None:
    with native_function(manners, Facts(timeout_s=60, concurrency=2)) as (emulator, sandbox):
        for number in range(6):
            assert emulator.invoke(b"1").body == b"1" if number else sandbox.start() is None
            assert sandbox.invoke(b"panic").error_type == "Runtime.Panic"
        assert sandbox.invoke(b"2").body == b"2"
        assert sandbox.starts == 1
        assert _status_after(sandbox.pid, signal.SIGTERM) == (0, False)


def test_workers_that_cannot_begin_report_it_once(manners: Path) -> None:
    facts = Facts(timeout_s=60, concurrency=3)
    with native_function(manners, facts, environment={"TEST_INIT": "fail"}) as (_, sandbox):
        outcome = sandbox.invoke(b"1")
        assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, "Runtime.NoLuck")
        assert sandbox.pid is None


# the other machine


@ARM
def test_arm64_keeps_the_same_contract() -> None:
    program = built(MANNERS, "arm64")
    with native_function(program, FACTS, before=(shutil.which(QEMU) or QEMU,)) as (emulator, sandbox):
        assert b"tenant=t;trace=T;" in sandbox.invoke(Invocation(b"context", tenant_id="t", trace_id="T")).body
        event = b"e" * 3_000_000
        assert sandbox.invoke(event).body == event
        assert sandbox.invoke(b"error").error_type == "ValueError"
        assert sandbox.invoke(b"stream " + b"z" * 20).body.endswith(b"0123456789abcdef" * 20_000)
        for event, kind in [(b"panic", "Runtime.Panic"), (b"overflow", "Runtime.StackOverflow")]:
            assert sandbox.invoke(event).error_type == kind
            assert _ended(sandbox)
            assert sandbox.invoke(b"1").body == b"1"
        assert emulator.violations == []


# Python


PYTHON = textwrap.dedent('''
    """A small service."""

    import json
    import os

    asked = 0


    def handler(event, context):
        global asked
        asked += 1
        if event == "trace":
            return [os.environ.get("_X_AMZN_TRACE_ID"), os.environ.get("NOTHING", "-"), os.environ["AWS_REGION"]]
        if event == "file":
            with open("/nothing/here") as file:
                return file.read()
        print("asked", asked)
        values = json.loads(event["body"])["values"]
        return {"statusCode": 200, "mean": sum(values) / len(values), "by": context.function_name, "é": None}
''')


@pytest.fixture(scope="session")
def scores() -> Path:
    """A handler in Python as a program."""
    return built(PYTHON, suffix=".py")


def test_handler_in_python_answers_as_under_python(scores: Path) -> None:
    with native_function(scores, FACTS) as (emulator, sandbox):
        outcome = sandbox.invoke(json.dumps({"body": json.dumps({"values": [1, 2, 4]})}).encode())
        assert outcome.body.decode() == '{"statusCode": 200, "mean": 2.3333333333333335, "by": "function", "é": null}'
        for event, kind, message in [
            (b'{"body": "{\\"values\\": []}"}', "ZeroDivisionError", "division by zero"),
            (b"{", "JSONDecodeError", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            (b"{}", "KeyError", "'body'"),
            (b'"file"', "FileNotFoundError", "[Errno 2] No such file or directory: '/nothing/here'"),
            (b"\xff", "UnicodeDecodeError", None),
        ]:
            outcome = sandbox.invoke(event)
            told = json.loads(outcome.body)
            assert (outcome.error_type, told["errorType"]) == (kind, kind)
            assert message is None or told["errorMessage"] == message
        traced = Invocation(b'"trace"', trace_id="Root=1-2")
        assert json.loads(sandbox.invoke(traced).body) == ["Root=1-2", "-", "us-east-1"]
        assert json.loads(sandbox.invoke(b'"trace"').body)[0] is None
        packed = Invocation(b'\x81\xa4body\xb5{"values": [1, 2, 6]}', content_type="application/msgpack")
        assert json.loads(sandbox.invoke(packed).body)["mean"] == 3
        assert sandbox.invoke(replace(packed, event=b"\x81")).error_type == "Runtime.UnmarshalError"
        assert (sandbox.starts, emulator.violations) == (1, [])
    assert "asked 1\nasked 2" in sandbox.log.text("stdout")


# Ruchy

RUCHY = """# handler.ruchy - Simple HTTP API handler
fun create_user(user) { 7 }

fun handler(event, context):
    # Parse API Gateway event
    let method = event.httpMethod
    let path = event.path
    let body = event.body

    # Route request
    match (method, path):
        ("GET", "/health"):
            return {
                "statusCode": 200,
                "body": "{\\"status\\": \\"healthy\\"}"
            }

        ("POST", "/users"):
            let user = parse_json(body)
            let id = create_user(user)
            return {
                "statusCode": 201,
                "body": f"{{\\"id\\": \\"{id}\\"}}"
            }

        _:
            return {
                "statusCode": 404,
                "body": "{\\"error\\": \\"Not found\\"}"
            }
"""


def test_handler_of_the_specification_answers() -> None:
    with native_function(built(RUCHY, suffix=".ruchy"), FACTS) as (emulator, sandbox):
        for event, status, body in [
            ({"httpMethod": "GET", "path": "/health", "body": ""}, 200, {"status": "healthy"}),
            # What a gateway sends where there is no body.
            ({"httpMethod": "GET", "path": "/health", "body": None}, 200, {"status": "healthy"}),
            ({"httpMethod": "GET", "path": "/health"}, 200, {"status": "healthy"}),
            ({"httpMethod": "POST", "path": "/users", "body": '{"name": "Ada"}'}, 201, {"id": "7"}),
            ({"httpMethod": "PUT", "path": "/x", "body": ""}, 404, {"error": "Not found"}),
        ]:
            reply = json.loads(sandbox.invoke(json.dumps(event).encode()).body)
            assert (reply["statusCode"], json.loads(reply["body"])) == (status, body)
        outcome = sandbox.invoke(b"{")
        assert outcome.error_type == "RuchyError"
        assert sandbox.starts == 1
        # An error of the program ends it, as it ends a program.
        outcome = sandbox.invoke(json.dumps({"httpMethod": "POST", "path": "/users", "body": "{"}).encode())
        assert "this is no JSON" in json.loads(outcome.body)["errorMessage"]
        assert _ended(sandbox)
        assert sandbox.invoke(b'{"httpMethod": "GET", "path": "/health", "body": ""}').is_fine
        assert (sandbox.starts, emulator.violations) == (2, [])


# refusals


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("a.rs", "pub fn other() {}\n", "serverless.handler", "pub fn handle"),
        ("a.rs", "pub fn handle(\n", "rust.rejected", "this file contains an unclosed delimiter"),
        ("a.rs", ECHO.replace("out.write(event)", "out.print(event)"), "rust.rejected", "no method named `print`"),
        ("a.ruchy", "fun other(event, context) { 1 }\n", "ruchy.not_compiled", "fun handler(event, context)"),
        ("a.ruchy", "fun handler(e, c) { try { 1 } catch x { 2 } }\n", "ruchy.not_compiled", "operating system"),
        ("a.ruchy", 'fun handler(e, c) { read_file("x") }\n', "ruchy.not_compiled", "operating system"),
        ("a.py", "def other(event, context): pass\n", "depyler.refused", "no function `handler"),
        ("a.py", "def handler(event, context):\n    return eval(event)\n", "depyler.refused", "eval"),
        ("a.py", "import subprocess\ndef handler(e, c):\n    subprocess.run(['ls'])\n", "depyler.refused", "operating"),
    ],
)
def test_what_cannot_be_built_is_refused_with_reasons(
    tmp_path: Path, name: str, text: str, code: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError) as raised:
        build(tmp_path / name, output=tmp_path / "bootstrap")
    assert raised.value.code == code
    assert any(said in each.message for each in raised.value.diagnostics)
    if code == "rust.rejected":
        spans = [each.span for each in raised.value.diagnostics]
        assert any(getattr(span, "path", "") == str(tmp_path / name) for span in spans)
    assert not (tmp_path / "bootstrap").exists()


def test_unknown_languages_and_machines_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.go").write_text("package main\n")
    with pytest.raises(ParameterError, match="a handler is a file that ends with"):
        build(tmp_path / "a.go", output=tmp_path / "bootstrap")
    (tmp_path / "a.rs").write_text(ECHO)
    with pytest.raises(ParameterError) as raised:
        build(tmp_path / "a.rs", arch="sparc", output=tmp_path / "bootstrap")
    assert raised.value.code == "serverless.arch"
