"""What the bench makes of samples, and what it says when it cannot measure."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError
from sovereign.orchestration.serverless.coldstart import (
    Candidate,
    Conditions,
    Measured,
    Row,
    document,
    losses,
    measure,
    rows,
)
from sovereign.orchestration.serverless.coldstart.candidates import FLOOR, Lacking, empty_program
from sovereign.orchestration.serverless.coldstart.measurement import _counted, _percentile
from sovereign.orchestration.serverless.coldstart.tiers import HOME, tiers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(120)
# A client that answers its events with the words after its name, one after the other, and then always the last.
TELLER = """
import os, sys
from http.client import HTTPConnection
api, replies, place = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"]), sys.argv[1:], 0
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = api.getresponse()
    answer.read()
    id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    body = replies[min(place, len(replies) - 1)].encode()
    if body == b"kept":
        kept = [open("/dev/null") for _ in range(3 * place)]
    place += 1
    api.request("POST", f"/2018-06-01/runtime/invocation/{id}/response", body=body, headers={}, encode_chunked=False)
    api.getresponse().read()
"""
ROW = Row("ours", True, 1000, 5, "", 150.0, None, 1.5, 200.0, 20.0, 30.0, 40, 3, 7)  # noqa: FBT003 - a row of a table
LOADED = Measured((ROW,), (Lacking("Go", "`go` is not installed"),), Conditions(), load_before=9.0, load_after=9.0)


@pytest.fixture
def floor(tmp_path: Path) -> Candidate:
    path = tmp_path / "empty"
    path.write_bytes(empty_program())
    path.chmod(0o755)
    return Candidate(FLOOR, (str(path),), tmp_path, (path,), path.stat().st_size, is_floor=True)


def test_floor_is_measured_and_a_program_that_never_asks_is_a_failure(floor: Candidate, tmp_path: Path) -> None:
    silent = replace(floor, name="silent", command=("/bin/sleep", "60"), is_floor=False)
    measured = measure([floor, silent], [], Conditions(samples=2, rounds=1, limit_s=0.3))
    first, second = measured.rows
    assert (first.samples, first.failed, first.floor_ratio) == (2, "", 1.0)
    assert first.first_next_us > 0
    assert (second.samples, second.failed) == (0, "it said nothing until the limit")
    assert "failed: it said nothing" in rows(measured)[1][1]


@pytest.fixture
def teller(tmp_path: Path) -> Candidate:
    script = tmp_path / "teller.py"
    script.write_text(TELLER)
    return Candidate(
        "teller", (sys.executable, "-I", str(script), '{"a": [1]}'), tmp_path, (script,), 1, event=b'{"a":[1]}'
    )


def test_an_answer_is_held_against_the_event(floor: Candidate, teller: Candidate) -> None:
    wrong = replace(teller, name="wrong", answer=b'{"a":[2]}')
    wavers = replace(teller, name="wavers", command=(*teller.command, "2"))
    fine, *others = measure([floor, teller, wrong, wavers], [], Conditions(samples=1, rounds=2)).rows[1:]
    assert (fine.samples, fine.failed, fine.grown_descriptors) == (1, "", None)
    assert [each.failed for each in others] == [
        'it answers something else: {"a": [1]}',
        "the same event was answered in two ways",
    ]


def test_what_a_process_gathers_is_seen(floor: Candidate, teller: Candidate) -> None:
    keeps = replace(teller, name="keeps", command=(*teller.command[:-1], "kept"), answer=b"kept")
    fine, grown = measure([floor, teller, keeps], [], Conditions(samples=1, rounds=20)).rows[1:]
    assert (fine.grown_descriptors, grown.grown_descriptors) == (0, 30)


def test_sizes_of_memory_are_groups_of_the_kernel(tmp_path: Path) -> None:
    root = tmp_path / "cgroup"
    root.mkdir()
    (root / "cgroup.controllers").write_text("cpu memory")
    with tiers([128, 512], root) as found:
        assert sorted(found) == [HOME, 128, 512]
        assert (found[128].parent / "memory.max").read_text() == str(128 << 20)
        assert found[HOME].parent not in {found[128].parent, found[512].parent}
    with tiers([], root) as found:
        assert found == {}


def test_a_machine_without_such_groups_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(DeviceError, match="memory cannot be limited here: No such file") as caught,
        tiers([128], tmp_path),
    ):
        pass
    assert caught.value.code == "serverless.tiers"


def test_each_candidate_is_there_once_for_each_size(floor: Candidate, teller: Candidate) -> None:
    try:
        rows = measure([floor, teller], [], Conditions(samples=1, rounds=1, memory_mb=(64, 128))).rows
    except DeviceError as error:
        assert error.code == "serverless.tiers"  # noqa: PT017 - a machine where nobody may make a group
        return
    assert [(each.name, each.failed) for each in rows] == [(FLOOR, ""), ("teller, 64 MB", ""), ("teller, 128 MB", "")]


def test_judge_that_cannot_work_is_an_error(floor: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.run

    def fails(command: list[str], **facts: object) -> subprocess.CompletedProcess[str]:
        if str(command[0]).endswith("/judge"):
            return subprocess.CompletedProcess(command, 2, "", "real-time scheduling is not allowed here")
        return real(command, **facts)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("sovereign.orchestration.serverless.coldstart.measurement.subprocess.run", fails)
    with pytest.raises(DeviceError, match="not allowed here") as caught:
        measure([floor], [], Conditions(samples=1))
    assert caught.value.code == "serverless.judge"


def test_high_percentile_is_not_shown_on_a_loaded_machine() -> None:
    assert not LOADED.is_quiet
    assert "not shown" in rows(LOADED)[0]
    assert rows(LOADED)[1][:2] == ["Go", "`go` is not installed"]
    assert "no p99 is shown" in document(LOADED)


def test_losses_are_those_of_ours_beyond_the_limit() -> None:
    kept = {"rows": [{"name": "ours", "floor_ratio": 1.4, "size_bytes": 960}]}
    assert losses(LOADED, kept) == ["ours: floor_ratio 1.5, kept 1.4"]
    theirs = replace(LOADED, rows=(replace(ROW, is_ours=False),))
    assert losses(theirs, kept) == []


def test_percentile_is_the_nearest_rank() -> None:
    values = [float(each) for each in range(1, 201)]
    assert (_percentile(values, 99), _percentile(values, 50), _percentile([5.0], 99)) == (198.0, 100.0, 5.0)


def test_calls_are_counted_once_however_they_are_cut() -> None:
    log = """1 execve() = 0
2 read(3, <unfinished ...>
1 write(1) = 1
2 <... read resumed> = 4
1 --- SIGCHLD ---
1 +++ exited +++
"""
    assert _counted(log) == 3
