"""`batuta bundle`, `invoke`, `emulate` and `bench-cold` as a user calls them."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workdir import Workdir

pytestmark = pytest.mark.timeout(240)
HANDLER = '''"""Counts words."""


def handler(event, context):
    if event is None:
        raise ValueError("nothing to count")
    return {"words": len(event["text"].split()), "id": context.aws_request_id != ""}
'''
EVENTS = '{"text": "one two"}\nnull\n{"text": ""}\n'


@pytest.fixture
def written(workdir: Workdir) -> Workdir:
    workdir.write("handler.py", HANDLER)
    workdir.write("events.jsonl", EVENTS)
    workdir.write("event.json", '{"text": "one two three"}')
    return workdir


def bodies(answer: object) -> list[object]:
    return [each["body"] for each in answer["outcomes"]]  # type: ignore[index]


def test_both_styles_answer_the_same_events_the_same(written: Workdir) -> None:
    for style in ("native", "python"):
        made = written.run(f"batuta bundle handler.py -o {style}.zip --runtime {style}")
        assert made.status == 0, made.err
    found = [written.run(f"batuta invoke {style}.zip --events events.jsonl --json") for style in ("native", "python")]
    for each in found:
        assert each.status == 1
        assert [outcome["kind"] for outcome in each.json["outcomes"]] == ["response", "error", "response"]
        assert each.json["starts"] == 1
    native, python = (bodies(each.json) for each in found)
    assert native[0] == python[0] == {"words": 2, "id": True}
    assert native[2] == python[2]
    for one in (native[1], python[1]):
        assert isinstance(one, dict)
        assert (one["errorType"], one["errorMessage"]) == ("ValueError", "nothing to count")


def test_archive_is_the_same_each_time_and_says_what_is_in_it(written: Workdir) -> None:
    first = written.run("batuta bundle handler.py -o first.zip --json --sam t.yaml --cdk s.py --manifest m.json")
    again = written.run("batuta bundle handler.py -o again.zip --json")
    assert first.status == again.status == 0, first.err
    assert first.json["sha256"] == again.json["sha256"]
    assert written.files() == sorted(
        ["again.zip", "event.json", "events.jsonl", "first.zip", "handler.py", "m.json", "s.py", "t.yaml"]
    )
    parts = {each["name"]: each["size_bytes"] for each in first.json["parts"]}
    with zipfile.ZipFile(written.path / "first.zip") as file:
        assert file.namelist() == ["bootstrap"]
        assert sum(parts.values()) == file.getinfo("bootstrap").file_size == first.json["unpacked_bytes"]
    assert json.loads((written.path / "m.json").read_text()) == first.json["manifest"]
    assert str(written.path).encode() not in (written.path / "first.zip").read_bytes()


def test_one_event_prints_its_reply(written: Workdir) -> None:
    answer = written.run("batuta invoke handler.py --runtime python -e event.json")
    assert (answer.status, json.loads(answer.out)) == (0, {"words": 3, "id": True})


def test_cold_starts_a_process_for_each_event(written: Workdir) -> None:
    answer = written.run("batuta invoke handler.py --runtime python --events events.jsonl --cold --json")
    assert answer.json["starts"] == 3


def test_variables_and_time_limit_reach_the_function(workdir: Workdir) -> None:
    workdir.write(
        "handler.py", "import os, time\ndef handler(e, c):\n    time.sleep(e)\n    return os.environ['STAGE']\n"
    )
    workdir.write("events.jsonl", "0\n30\n")
    answer = workdir.run(
        "batuta invoke handler.py --runtime python --events events.jsonl --json --env STAGE=test --timeout 2"
    )
    first, second = answer.json["outcomes"]
    assert (first["body"], second["kind"]) == ("test", "timeout")


def test_what_cannot_be_compiled_is_refused_with_every_reason(workdir: Workdir) -> None:
    workdir.write(
        "handler.py", "import os\nimport socket\ndef handler(e, c):\n    os.fork()\n    return socket.socket()\n"
    )
    answer = workdir.run("batuta bundle handler.py -o f.zip")
    assert answer.status == 2
    assert "handler.py:4" in answer.err
    assert "socket" in answer.err
    assert workdir.files() == ["handler.py"]


def test_archive_that_is_there_is_kept(written: Workdir) -> None:
    written.write("f.zip", "mine")
    answer = written.run("batuta bundle handler.py --runtime python -o f.zip")
    assert (answer.status, "shell.exists" in answer.err) == (2, True)
    assert (written.path / "f.zip").read_bytes() == b"mine"
    assert written.run("batuta bundle handler.py --runtime python -o f.zip --force").status == 0


PRIMES = """def handler(event, context):
    sieve = [True] * (event + 1)
    count = 0
    for number in range(2, event + 1):
        if sieve[number]:
            count += 1
            for multiple in range(number * number, event + 1, number):
                sieve[multiple] = False
    return count
"""


@pytest.mark.requires("llvm-profdata", "x86_64")
@pytest.mark.timeout(300)
def test_a_program_is_trained_with_events_and_the_gain_is_measured(workdir: Workdir) -> None:
    workdir.write("handler.py", PRIMES)
    workdir.write("events.jsonl", '500\n700\n"no number"\n')
    answer = workdir.run("batuta bundle handler.py --pgo events.jsonl --json -o trained.zip")
    assert answer.status == 0, answer.err
    gain = answer.json["gain"]
    assert gain["events"] == 2
    assert gain["ratio"] == pytest.approx(gain["plain_us"] / gain["trained_us"])
    assert min(gain["plain_us"], gain["trained_us"]) > 1
    invoked = workdir.run("batuta invoke trained.zip --events events.jsonl --json")
    assert [each["body"] for each in invoked.json["outcomes"]][:2] == [95, 125]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("bundle handler.py --pgo nobody.jsonl", "shell.not_found"),
        ("bundle handler.py --pgo events.jsonl --runtime python", "serverless.training"),
        ("bundle handler.js", "serverless.source"),
        ("bundle nobody.py", "shell.not_found"),
        ("invoke handler.py", "serverless.no_events"),
        ("invoke events.jsonl -e event.json", "serverless.source"),
        ("emulate handler.py --runtime python --http 70000", "shell.usage"),
        ("invoke handler.py -e event.json --env STAGE", "shell.usage"),
        ("bench-cold --peer x=nowhere", "serverless.peer"),
        ("bench-cold --only Cobol", "serverless.candidate"),
        ("bench-cold --baseline event.json", "serverless.baseline"),
        ("bench-cold --baseline handler.py", "serverless.baseline"),
        ("bench-cold --samples 0", "shell.usage"),
    ],
)
def test_wrong_calls_are_one_sentence(written: Workdir, line: str, code: str) -> None:
    written.write("handler.js", "")
    answer = written.run(f"batuta {line}")
    assert answer.status == 2
    assert f"[{code}]" in answer.err
    assert answer.out == ""


def started(workdir: Workdir, line: str) -> tuple[subprocess.Popen[str], dict[str, str]]:
    """The emulator in the background, and the addresses that it prints."""
    process = subprocess.Popen(
        workdir.words(line),
        cwd=workdir.path,
        env=workdir.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    found: dict[str, str] = {}
    while not {"http", "AWS_LAMBDA_RUNTIME_API"} & set(found):
        said = process.stdout.readline()
        assert said, "it ended"
        name, value = re.split(r"[:=] *", said.strip(), maxsplit=1)
        found[name] = value
    return process, found


def ended(process: subprocess.Popen[str]) -> None:
    try:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) != 0
    finally:
        process.kill()
        process.communicate()


def test_function_is_served_behind_http_and_to_callers(written: Workdir) -> None:
    written.write(
        "handler.py",
        "def handler(event, context):\n"
        "    if 'rawPath' in event:\n"
        "        return {'statusCode': 207, 'body': event['rawPath']}\n"
        "    return event\n",
    )
    process, found = started(written, "batuta emulate handler.py --runtime python --http 0")
    try:
        address = found["http"].removeprefix("http://").rstrip("/")
        line = http.client.HTTPConnection(address, timeout=60)
        line.request("GET", "/hello")
        reply = line.getresponse()
        assert (reply.status, reply.read()) == (207, b"/hello")
        line.close()
        address, _, path = found["events"].removeprefix("http://").partition("/")
        line = http.client.HTTPConnection(address, timeout=60)
        line.request("POST", f"/{path}", b"[1]")
        assert line.getresponse().read() == b"[1]"
        line.close()
    finally:
        ended(process)


def test_runtime_of_ones_own_is_started_with_what_is_shown(written: Workdir) -> None:
    process, found = started(written, "batuta emulate")
    try:
        line = http.client.HTTPConnection(found["AWS_LAMBDA_RUNTIME_API"], timeout=60)
        line.request("GET", "/2018-06-01/ping")
        assert line.getresponse().read() == b"pong"
        line.close()
    finally:
        ended(process)


def test_bench_begins_with_the_floor_and_compares_with_a_kept_run(workdir: Workdir) -> None:
    some = '--only "sovereign echo" --only awslambdaric --only "C, static"'
    answer = workdir.run(f"batuta bench-cold --samples 3 --rounds 2 --json --html page.html {some}")
    assert answer.status == 0, answer.err
    rows = {each["name"]: each for each in answer.json["rows"]}
    assert next(iter(rows)) == "empty process"
    assert rows["empty process"]["floor_ratio"] == 1
    assert rows["sovereign echo"]["first_next_us"] > rows["empty process"]["first_next_us"] * 0.5
    assert {"sovereign echo", "awslambdaric", "C, static"} == set(rows) - {"empty process"}
    assert all(not each["failed"] for each in rows.values())
    assert "Init Duration" not in (workdir.path / "page.html").read_text()
    kept = {**answer.json, "rows": [{**each, "size_bytes": each["size_bytes"] // 2} for each in answer.json["rows"]]}
    workdir.write("kept.json", json.dumps(kept))
    again = workdir.run("batuta bench-cold --samples 1 --rounds 1 --baseline kept.json --only 'sovereign echo'")
    assert again.status == 1
    assert "worse than the kept run: sovereign echo: size_bytes" in again.out
