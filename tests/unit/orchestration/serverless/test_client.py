"""Our runtime client for Python, beside the service's own, behind the emulator and its faults.

That both give the same replies says that the emulator and our client do not share a misunderstanding.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import awslambdaric
import pytest

from runtimes import CLIENT, python_function
from sovereign.orchestration.serverless.contract import Facts, Invocation, Kind
from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.sandbox import Sandbox
from sovereign.orchestration.serverless.wire import Faults

pytestmark = pytest.mark.timeout(180)
FACTS = Facts(handler="main.handler", timeout_s=20)
OURS = (sys.executable, "-I", "-S", str(CLIENT))
THEIRS = (sys.executable, "-m", "awslambdaric")
SITE = str(Path(awslambdaric.__file__).parent.parent)
EVENTS = [
    Invocation(b'{"a": [1, 2.5, null, true, "\\u2603"]}'),
    Invocation(b'"boom"'),
    Invocation(b'"bytes"'),
    Invocation(b'"context"', trace_id="Root=1-2", tenant_id="blue", client_context='{"custom": {"k": "v"}}'),
    Invocation(b'"context"', cognito_identity='{"cognitoIdentityId": "me"}'),
    Invocation(b'"context"'),
    Invocation(b"{no JSON"),
    Invocation(b"plain", content_type="text/plain"),
    Invocation(b'"large"'),
    Invocation(b"[[" * 5_000),
    Invocation(b'"after"'),
]


def outcomes(
    folder: Path, command: tuple[str, ...], events: list[Invocation], faults: Faults | None = None
) -> list[object]:
    """What a client makes of events: kind, type, and what is equal between runs of the bodies."""
    found: list[object] = []
    with python_function(folder, FACTS, command=command, faults=faults, environment={"PYTHONPATH": SITE}) as (
        emulator,
        sandbox,
    ):
        for place, event in enumerate(events):
            given = replace(event, request_id=f"00000000-0000-0000-0000-{place:012}")
            outcome = sandbox.invoke(given)
            found.append((str(outcome.kind), outcome.error_type, plain(outcome.body)))
        assert emulator.violations == []
        assert sandbox.starts == 1
    return found


def plain(body: bytes) -> object:
    """A body without what depends on the client: where its own files stand in a trace."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    if isinstance(value, dict) and "stackTrace" in value:
        value["stackTrace"] = [line for line in value["stackTrace"] if "main.py" in line]
        value["errorMessage"] = value["errorMessage"].partition(": line")[0].partition(": Expecting")[0]
    return value


def test_both_clients_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours = outcomes(tmp_path / "ours", OURS, EVENTS[:8])
    theirs = outcomes(tmp_path / "theirs", THEIRS, EVENTS[:8])
    shown = json.loads(json.dumps(ours, default=str).replace(str(tmp_path / "ours"), "ROOT"))
    assert shown == json.loads(json.dumps(theirs, default=str).replace(str(tmp_path / "theirs"), "ROOT"))


def test_reply_that_is_too_large_is_reported_and_the_loop_goes_on(tmp_path: Path) -> None:
    found = outcomes(tmp_path, OURS, EVENTS[8:])
    kinds = [each[:2] for each in found]  # type: ignore[index]
    assert kinds[0] == ("error", "Function.ResponseSizeTooLarge")
    assert kinds[1] == ("error", "Runtime.UnmarshalError")
    assert found[2] == ("response", "", "after")


FAULTS = {
    "single bytes": Faults(pieces=1),
    "odd pieces": Faults(pieces=7, pause_s=0.0005),
    "lower case": Faults(spelling=str.lower),
    "upper case": Faults(spelling=str.upper),
    "chunks": Faults(chunked=True),
    "chunks by bytes": Faults(chunked=True, pieces=1),
    "interim replies": Faults(interim=True),
    "until the end": Faults(until_close=True),
    "closed and said so": Faults(close_after=True),
    "closed in silence": Faults(close_after=True, is_silent=True),
    "more headers": Faults(extra=(("X-Long", "x" * 65_536), ("lambda-runtime-new", "1"))),
    "fewer headers": Faults(without=frozenset({"lambda-runtime-deadline-ms", "lambda-runtime-invoked-function-arn"})),
    "refused replies": Faults(statuses={"response": [400, 403]}),
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS.keys())
def test_client_gets_along_with_every_way_to_say_it(tmp_path: Path, faults: Faults) -> None:
    events = [Invocation(b'{"number": %d, "text": "%s"}' % (place, b"y" * 300)) for place in range(4)]
    with python_function(tmp_path, replace(FACTS, timeout_s=3), faults=faults) as (emulator, sandbox):
        found = [sandbox.invoke(event) for event in events]
        kept = 2 if faults.statuses or FAULTS["refused replies"] is faults else 0
        assert [each.body for each in found[kept:]] == [event.event for event in events[kept:]]
        assert emulator.violations == []


def test_reply_that_the_api_cannot_take_ends_the_process(tmp_path: Path) -> None:
    with python_function(tmp_path, FACTS, faults=Faults(statuses={"response": [500]})) as (_, sandbox):
        assert sandbox.invoke(b"1").kind is Kind.EXIT
        assert sandbox.invoke(b"2").is_fine
        assert sandbox.starts == 2


@pytest.mark.parametrize(("broken", "is_told"), [(1, False), (2, True)])
def test_reply_that_may_have_been_taken_is_sent_once_more(tmp_path: Path, broken: int, *, is_told: bool) -> None:
    # The API took it and its line broke; the second one is refused, which is no news.
    with python_function(tmp_path, FACTS, faults=Faults(statuses={"response": [0] * broken})) as (_, sandbox):
        assert sandbox.invoke(b"1").is_fine
        assert sandbox.invoke(b"2").is_fine
        assert sandbox.starts == 1
    assert ("was lost" in sandbox.log.text()) == is_told
    assert "refused" not in sandbox.log.text()


def test_event_without_an_id_is_not_answered(tmp_path: Path) -> None:
    faults = Faults(without=frozenset({"lambda-runtime-aws-request-id"}))
    with python_function(tmp_path, replace(FACTS, timeout_s=1), faults=faults) as (_, sandbox):
        assert sandbox.invoke(b"1").kind is Kind.TIMEOUT
    assert "without an id" in sandbox.log.text()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "is to be `host:port`"),
        ("127.0.0.1", "is to be `host:port`"),
        ("127.0.0.1:0", "is to be `host:port`"),
        ("127.0.0.1:65536", "is to be `host:port`"),
        ("127.0.0.1:1", "cannot be reached"),
    ],
)
def test_address_that_leads_nowhere_is_said_and_ends_the_process(tmp_path: Path, address: str, said: str) -> None:
    (tmp_path / "main.py").write_text("def handler(event, context): return event\n")
    environment = {"AWS_LAMBDA_RUNTIME_API": address, "LAMBDA_TASK_ROOT": str(tmp_path)}
    finished = subprocess.run(
        [*OURS, "main.handler"], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert said in finished.stderr


BROKEN = {
    "main": ("Runtime.MalformedHandlerName", "def handler(e, c): pass"),
    "main.nobody": ("Runtime.HandlerNotFound", "def handler(e, c): pass"),
    "nobody.handler": ("Runtime.ImportModuleError", ""),
    "sys.exit": ("Runtime.BuiltInModuleConflict", ""),
    "main.handler": ("Runtime.UserCodeSyntaxError", "def handler(e, c) pass"),
    "main.other": ("ZeroDivisionError", "1 / 0"),
}


@pytest.mark.parametrize("command", [OURS, THEIRS], ids=["ours", "theirs"])
@pytest.mark.parametrize("name", BROKEN)
def test_init_error_has_its_type(tmp_path: Path, name: str, command: tuple[str, ...]) -> None:
    kind, main = BROKEN[name]
    facts = replace(FACTS, handler=name)
    with python_function(tmp_path, facts, main=main, command=command, environment={"PYTHONPATH": SITE}) as (_, sandbox):
        outcome = sandbox.invoke(b"1")
        assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, kind)


def test_generator_is_streamed_and_its_error_is_in_the_trailers(tmp_path: Path) -> None:
    main = """
def handler(event, context):
    yield "first "
    yield b"second"
    if event:
        raise RuntimeError("midst")
"""
    with python_function(tmp_path, FACTS, main=main) as (emulator, sandbox):
        outcome = sandbox.invoke(b"0")
        assert (outcome.body, outcome.is_streamed, outcome.is_fine) == (b"first second", True, True)
        failed = sandbox.invoke(b"1")
        assert (failed.kind, failed.error_type, failed.is_streamed) == (Kind.ERROR, "RuntimeError", True)
        assert json.loads(failed.body)["errorMessage"] == "midst"
        assert emulator.violations == []


LOGGING = """
import logging
def handler(event, context):
    logging.getLogger("mine").warning("one %s\\ntwo", event)
    logging.info("not shown")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.exception("caught")
"""


@pytest.mark.parametrize("command", [OURS, THEIRS], ids=["ours", "theirs"])
def test_records_of_logging_are_frames_with_levels(tmp_path: Path, command: tuple[str, ...]) -> None:
    with python_function(
        tmp_path, FACTS, main=LOGGING, command=command, environment={"PYTHONPATH": SITE}, frames=True
    ) as (_, sandbox):
        outcome = sandbox.invoke(b"7")
        assert outcome.is_fine
    first, second = [each for each in sandbox.log.records if each.source == "frames"][-2:]
    assert (first.level, first.form) == ("", "text")
    assert first.text.startswith("[WARNING]\t20")
    assert first.text.rstrip("\n").endswith("one 7\ntwo")
    assert "ZeroDivisionError" in second.text


@pytest.mark.parametrize("command", [OURS, THEIRS], ids=["ours", "theirs"])
def test_records_of_logging_are_json_where_that_is_asked_for(tmp_path: Path, command: tuple[str, ...]) -> None:
    facts = replace(FACTS, log_format="JSON", log_level="INFO")
    with python_function(
        tmp_path, facts, main=LOGGING, command=command, environment={"PYTHONPATH": SITE}, frames=True
    ) as (_, sandbox):
        sandbox.invoke(Invocation(b"7", request_id="the-id", tenant_id="blue"))
    records = [each for each in sandbox.log.records if each.source == "frames"]
    first, info, error = (json.loads(each.text) for each in records[-3:])
    assert {each.form for each in records[-3:]} == {"json"}
    assert (first["level"], first["message"], first["logger"]) == ("WARNING", "one 7\ntwo", "mine")
    assert (first["requestId"], first["tenantId"]) == ("the-id", "blue")
    assert info["message"] == "not shown"
    assert (error["errorType"], error["message"]) == ("ZeroDivisionError", "caught")
    assert error["location"].endswith("main.py:handler:9")


def test_many_workers_answer_at_once(tmp_path: Path) -> None:
    main = """
import os, time
def handler(event, context):
    time.sleep(0.2)
    print("said", event)
    return os.getpid()
"""
    facts = replace(FACTS, concurrency=3)
    with python_function(tmp_path, facts, main=main) as (emulator, sandbox):
        sandbox.start()
        jobs = [emulator.submit(Invocation(str(place).encode())) for place in range(6)]
        for job in jobs:
            assert job.done.wait(20)
        bodies = {job.outcome.body for job in jobs if job.outcome is not None}
        assert 2 <= len(bodies) <= 3
    assert sorted(sandbox.log.text("worker").splitlines()) == [f"said {place}" for place in range(6)]


def test_snapshot_is_restored_before_the_first_event(tmp_path: Path) -> None:
    (tmp_path / "snapshot_restore_py.py").write_text(
        "before, after = [], []\ndef get_before_snapshot(): return before\ndef get_after_restore(): return after\n"
    )
    main = """
import snapshot_restore_py as hooks
said = []
hooks.before.append((said.append, ("before 1",), {}))
hooks.before.append((said.append, ("before 2",), {}))
hooks.after.append((said.append, ("after",), {}))
def handler(event, context):
    return said
"""
    with python_function(tmp_path, replace(FACTS, initialization="snap-start"), main=main) as (_, sandbox):
        assert sandbox.invoke(b"1").body == b'["before 2", "before 1", "after"]'


def test_start_imports_next_to_nothing(tmp_path: Path) -> None:
    main = "import sys\nloaded = set(sys.modules)\ndef handler(event, context):\n    return sorted(loaded)\n"
    with python_function(tmp_path, FACTS, main=main) as (_, sandbox):
        found = set(json.loads(sandbox.invoke(b"1").body))
    assert not {"json", "re", "socket", "logging", "traceback", "typing", "http", "site"} & found


def test_decimals_keep_their_digits(tmp_path: Path) -> None:
    main = "from decimal import Decimal\ndef handler(event, context):\n    return [Decimal('1.10'), Decimal('NaN')]\n"
    with python_function(tmp_path, FACTS, main=main) as (_, sandbox):
        assert sandbox.invoke(b"1").body == b"[1.10, NaN]"


def test_api_that_goes_away_ends_the_process_in_time(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("def handler(event, context): return event\n")
    with Emulator(FACTS) as emulator:
        sandbox = Sandbox(emulator, (*OURS, "main.handler"), folder=tmp_path)
        assert sandbox.invoke(b"1").is_fine
        pid = sandbox.pid
    assert pid is not None
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    sandbox.stop()
    assert "cannot be reached" in sandbox.log.text("stderr")
