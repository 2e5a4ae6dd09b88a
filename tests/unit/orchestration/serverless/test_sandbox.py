"""The process of a function: started by the first event, killed at its deadline, started anew."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from runtimes import python_function
from sovereign.errors import NotFound
from sovereign.orchestration.serverless.contract import Facts, Kind
from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)
FACTS = Facts(handler="main.handler", timeout_s=20)


def test_first_event_starts_the_process_and_the_next_ones_find_it(tmp_path: Path) -> None:
    with python_function(tmp_path, FACTS) as (emulator, sandbox):
        assert sandbox.pid is None
        assert sandbox.invoke(b"[1]").body == b"[1]"
        pid = sandbox.pid
        outcome = sandbox.cycle(b'{"a": 2}', timeout_s=20)
        assert outcome.body == b'{"a": 2}'
        assert 0 < outcome.marks.reply_us < outcome.marks.cycle_us
        assert (sandbox.pid, sandbox.starts) == (pid, 1)
        assert emulator.violations == []
    assert sandbox.log.text("stdout") == "seen [1]\nseen {'a': 2}"
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_process_that_ends_is_an_error_and_the_next_event_starts_another(tmp_path: Path) -> None:
    with python_function(tmp_path, FACTS) as (_, sandbox):
        outcome = sandbox.invoke(b'"exit"')
        assert (outcome.kind, outcome.error_type) == (Kind.EXIT, "Runtime.ExitError")
        assert b"with exit status: 3" in outcome.body
        assert sandbox.invoke(b"1").is_fine
        assert sandbox.starts == 2


def test_process_is_killed_at_the_deadline(tmp_path: Path) -> None:
    with python_function(tmp_path, Facts(handler="main.handler", timeout_s=2)) as (_, sandbox):
        sandbox.start()
        pid = sandbox.pid
        started = time.monotonic()
        outcome = sandbox.invoke(b'"sleep"')
        assert outcome.kind is Kind.TIMEOUT
        assert 2 <= time.monotonic() - started < 15
        assert sandbox.pid is None
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_init_that_fails_is_the_outcome_each_time_it_is_tried(tmp_path: Path) -> None:
    with python_function(tmp_path, Facts(handler="main.nobody")) as (_, sandbox):
        for _ in range(2):
            outcome = sandbox.cycle(b"1")
            assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, "Runtime.HandlerNotFound")
            assert outcome.ended.is_set()
        assert sandbox.starts == 2


def test_process_that_ends_before_it_asks_is_an_init_error(tmp_path: Path) -> None:
    with Emulator() as emulator, Sandbox(emulator, [sys.executable, "-c", "exit(7)"], folder=tmp_path) as sandbox:
        outcome = sandbox.invoke(b"1")
    assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, "Runtime.ExitError")
    assert b"with exit status: 7" in outcome.body


def test_init_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sovereign.orchestration.serverless.sandbox.INIT_LIMIT_S", 0.5)
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with Emulator() as emulator, Sandbox(emulator, command, folder=tmp_path) as sandbox:
        outcome = sandbox.invoke(b"1")
    assert (outcome.kind, outcome.error_type) == (Kind.INIT_ERROR, "Sandbox.Timedout")


def test_program_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with Emulator() as emulator, pytest.raises(NotFound) as caught:
        Sandbox(emulator, [str(tmp_path / "nobody")], folder=tmp_path).invoke(b"1")
    assert caught.value.code == "serverless.no_program"


def test_process_gets_the_reserved_environment_and_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_OURS", "secret")
    main = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    given = {"STAGE": "test", "AWS_REGION": "mine"}
    with python_function(tmp_path, FACTS, main=main, environment=given) as (emulator, sandbox):
        found = sandbox.invoke(b"1").to_json()["body"]
    assert isinstance(found, dict)
    assert found.pop("STAGE") == "test"
    assert found.pop("LC_CTYPE", "C.UTF-8") == "C.UTF-8"
    assert found == emulator.facts.environment(f"{found['AWS_LAMBDA_RUNTIME_API']}", str(tmp_path))
    assert found["AWS_REGION"] == "us-east-1"


RUNTIME = """
import json, signal, sys, time, urllib.request, os
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"]
def stop(*_):
    print("stopped", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
if len(sys.argv) > 1:
    headers = {"Lambda-Extension-Name": "inner"}
    urllib.request.urlopen(urllib.request.Request(
        base + "/2020-01-01/extension/register", json.dumps({"events": []}).encode(), headers))
while True:
    with urllib.request.urlopen(base + "/2018-06-01/runtime/invocation/next") as reply:
        event = reply.read()
        name = reply.headers["Lambda-Runtime-Aws-Request-Id"]
    path = f"/2018-06-01/runtime/invocation/{name}/response"
    urllib.request.urlopen(urllib.request.Request(base + path, event))
"""


def test_event_that_a_dying_process_did_not_take_gets_a_new_one(tmp_path: Path) -> None:
    dying = RUNTIME + "    if event == b'die':\n        time.sleep(0.5)\n        os._exit(5)\n"
    with Emulator(Facts(timeout_s=20)) as emulator:
        with Sandbox(emulator, [sys.executable, "-c", dying], folder=tmp_path) as sandbox:
            assert sandbox.invoke(b"die").is_fine
            assert sandbox.invoke(b"next").body == b"next"
            assert sandbox.starts == 2


@pytest.mark.parametrize(("words", "status", "said"), [([], -9, ""), (["extension"], 0, "stopped")])
def test_only_a_runtime_with_an_extension_is_asked_to_end(
    tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    with Emulator(Facts(timeout_s=20)) as emulator:
        # Without the platform's short budgets: this machine may be busy.
        emulator.extensions.budget_s = 20.0
        with Sandbox(emulator, [sys.executable, "-c", RUNTIME, *words], folder=tmp_path) as sandbox:
            assert sandbox.invoke(b"1").body == b"1"
            assert sandbox.stop() == status
            assert sandbox.log.text("stdout") == said


def test_extension_in_its_own_process_sees_events_and_the_end(tmp_path: Path) -> None:
    program = tmp_path / "watcher"
    program.write_text(f"""#!{sys.executable}
import json, os, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2020-01-01/extension"
ask = urllib.request.Request(base + "/register", json.dumps({{"events": ["INVOKE", "SHUTDOWN"]}}).encode(),
                             {{"Lambda-Extension-Name": "watcher"}})
identifier = urllib.request.urlopen(ask).headers["Lambda-Extension-Identifier"]
while True:
    ask = urllib.request.Request(base + "/event/next", headers={{"Lambda-Extension-Identifier": identifier}})
    event = json.loads(urllib.request.urlopen(ask).read())
    print(event["eventType"], event.get("shutdownReason", ""), flush=True)
    if event["eventType"] == "SHUTDOWN":
        break
""")
    program.chmod(0o755)
    (tmp_path / "task").mkdir()
    with Emulator(Facts(timeout_s=20)) as emulator:
        emulator.extensions.budget_s = 20.0
        command = [sys.executable, "-c", RUNTIME, "too"]
        with Sandbox(emulator, command, folder=tmp_path / "task", extensions=[program]) as sandbox:
            sandbox.start()
            deadline = time.monotonic() + 20
            while len(emulator.extensions.registered) < 2 and time.monotonic() < deadline:
                time.sleep(0.02)
            outcome = sandbox.cycle(b"1", timeout_s=20)
            assert outcome.ended.is_set()
            sandbox.stop()
            said = sandbox.log.text("stdout").splitlines()
    assert sorted(said) == ["INVOKE ", "SHUTDOWN SPINDOWN", "stopped"]
