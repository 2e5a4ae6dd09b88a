"""What `record` and `attach` yield, and what they refuse."""

from __future__ import annotations

import errno
import json
import os
import resource
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import ParameterError, TraceError
from sovereign.observability.renacer import attach, record
from sovereign.observability.renacer.choice import choose, known_classes, known_names
from sovereign.observability.renacer.following import follow
from sovereign.observability.renacer.recording import request
from traced import RENACER, SECONDS, renacer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.requires("ptrace"), pytest.mark.timeout(120)]
KEYS = {
    "trace": "event version tool kernel arch command folder start options",
    "process": "event time pid tid parent how program",
    "exec": "event time pid tid program argv",
    "call": "event pid tid start duration_us name args result errno python",
    "exit": "event time pid tid status signal core user_us system_us max_rss",
    "end": "event time calls lost status signal",
}


def test_every_event_has_the_keys_of_the_schema_in_their_order() -> None:
    events = list(record(["cat", "/etc/passwd", "/nowhere"], stdout=_null(), stderr=_null(), python=False))
    assert {each["event"] for each in events} == set(KEYS)
    for each in events:
        keys = [key for key in each if key not in {"unfinished", "descriptor"}]
        assert keys == KEYS[each["event"]].split()
    assert (events[0]["event"], events[-1]["event"]) == ("trace", "end")
    assert events[-1]["calls"] == sum(each["event"] == "call" for each in events)
    times = [each.get("time", each.get("start")) for each in events]
    assert all(events[0]["start"] <= time <= events[-1]["time"] for time in times)


def _null() -> int:
    return os.open(os.devnull, os.O_WRONLY)


def test_a_call_carries_what_was_asked_and_what_came_of_it() -> None:
    calls = list(record(["cat", "/etc/passwd", "/nowhere"], stdout=_null(), stderr=_null()))
    opened = [each for each in calls if each.get("name") == "openat"]
    good = next(each for each in opened if "/etc/passwd" in each["args"].values())
    assert good["result"] >= 0
    assert good["errno"] is None
    assert good["descriptor"] == os.path.realpath("/etc/passwd")
    bad = next(each for each in opened if "/nowhere" in each["args"].values())
    assert (bad["result"], bad["errno"]) == (-1, "ENOENT")
    last = calls[-3]
    assert (last["name"], last["result"], last["unfinished"]) == ("exit_group", None, True)


def test_a_program_gets_its_folder_environment_and_streams(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("from a file")
    with (tmp_path / "in").open() as into, (tmp_path / "out").open("w") as out:
        words = ["/bin/sh", "-c", "pwd; echo $WORD; cat"]
        list(record(words, folder=tmp_path, environment={"WORD": "said"}, stdin=into, stdout=out))
    assert (tmp_path / "out").read_text() == f"{tmp_path}\nsaid\nfrom a file"


def test_buffers_are_kept_whole_unless_a_limit_is_set(tmp_path: Path) -> None:
    text = "x" * 10_000
    words = [sys.executable, "-c", f"import os; os.write(1, b'x' * {len(text)})"]

    def written(limit: int | None) -> dict[str, object]:
        calls = record(words, stdout=_null(), limit_bytes=limit, chosen="write")
        return next(list(each["args"].values())[1] for each in calls if each["event"] == "call")

    assert written(None) == {"text": text, "length": len(text)}
    assert written(8) == {"text": "x" * 8, "length": len(text)}


def test_a_program_that_is_not_there_is_refused() -> None:
    with pytest.raises(TraceError) as caught:
        next(record(["no-such-program"]))
    assert caught.value.code == "renacer.program"
    assert caught.value.detail["errno"] == errno.ENOENT


def test_a_file_that_is_no_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("neither a program nor a script")
    with pytest.raises(TraceError, match="permission denied") as caught:
        next(record([tmp_path / "text"]))
    assert caught.value.code == "renacer.program"
    (tmp_path / "text").chmod(0o755)
    with pytest.raises(TraceError, match="exec format error") as caught:
        list(record([tmp_path / "text"]))
    assert caught.value.code == "renacer.program"


def test_a_target_that_dies_at_once_is_told(tmp_path: Path) -> None:
    """A file whose only segment lies beyond all addresses: the kernel gives up the old program, then kills."""
    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x1000, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x7FFF_FFFF_FFFF_0000, 0, 0x1000, 0x1000, 0x1000)
    path = tmp_path / "broken"
    path.write_bytes((head + segment).ljust(0x1000, b"\0"))
    path.chmod(0o755)
    with pytest.raises(TraceError) as caught:
        list(record([path]))
    assert caught.value.code == "renacer.died"
    told = renacer("-c", path, folder=tmp_path)
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1


def test_a_process_that_is_not_there_is_refused() -> None:
    with pytest.raises(TraceError) as caught:
        next(attach(999_999_999))
    assert caught.value.code == "renacer.no_process"
    assert caught.value.detail["pid"] == 999_999_999


def test_a_process_that_is_traced_already_is_refused() -> None:
    with subprocess.Popen(["sleep", "100"]) as sleeper:
        try:
            with attach(sleeper.pid) as first:
                assert next(first)["event"] == "trace"
                assert next(first)["event"] == "process"
                with pytest.raises(TraceError, match="operation not permitted") as caught:
                    list(attach(sleeper.pid))
            assert caught.value.code == "renacer.refused"
            assert sleeper.poll() is None
        finally:
            sleeper.kill()


def test_an_empty_command_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        record([])
    assert caught.value.code == "renacer.command"


@pytest.mark.requires("full-device")
def test_a_full_disk_is_told_and_the_program_goes_on(tmp_path: Path) -> None:
    for options in (["--format", "jsonl"], ["--format", "json"], [], ["-c"]):
        told = renacer("-f", *options, "-o", "/dev/full", "sh", "-c", "sleep 0.1; echo done > kept", folder=tmp_path)
        assert told.returncode == 2
        assert "no space left on device" in told.stderr.lower()
        assert len(told.stderr.splitlines()) == 1
        for _ in range(100):
            if (tmp_path / "kept").exists():
                break
            subprocess.run(["sleep", "0.05"], check=True)
        assert (tmp_path / "kept").read_text() == "done\n"
        (tmp_path / "kept").unlink()


@pytest.mark.requires("full-device")
def test_the_code_of_a_full_disk_is_told(tmp_path: Path) -> None:
    told = renacer("-f", "-o", "/dev/full", "true", folder=tmp_path)
    code = "renacer.output"
    assert f"[{code}]" in told.stderr


def test_a_limit_of_the_system_is_told() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))

    told = subprocess.run(
        [*RENACER, "-c", "true"], preexec_fn=limit, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert told.returncode == 2
    code = "renacer.system"
    assert f"[{code}]" in told.stderr
    assert "too many open files" in told.stderr


def test_calls_are_chosen_by_names_classes_and_expressions() -> None:
    def names(words: str) -> set[str]:
        chosen = choose(words)
        events = list(record(["true"], chosen=words)) if chosen is not None else []
        return {each["name"] for each in events if each["event"] == "call"}

    assert names("execve,brk") == {"execve", "brk"}
    assert names("/^(exec|br)/") == {"execve", "brk"}
    assert "openat" in names("%file") & names("file")
    assert "openat" not in names("!openat")
    assert "openat" not in names("%file,!openat")
    assert names("none") == set()
    assert choose("all") is None
    assert {"file", "network", "process", "memory", "desc", "signal", "ipc"} <= known_classes()
    assert {"read", "openat2", "io_uring_setup"} <= known_names()


@pytest.mark.parametrize("words", ["opennat", "%files", "/(/", "read,,opennat", ""])
def test_words_that_choose_nothing_are_refused(words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        choose(words)
    assert caught.value.code == "renacer.choice"


def test_a_refused_name_comes_with_the_nearest(tmp_path: Path) -> None:
    told = renacer("-e", "trace=opennat", "true", folder=tmp_path)
    assert told.returncode == 2
    assert "`openat`" in told.stderr


def test_the_first_line_says_what_was_left_out(tmp_path: Path) -> None:
    assert renacer("-f", "-e", "write", "--format", "jsonl", "-o", "lines", "true", folder=tmp_path).returncode == 0
    first = json.loads((tmp_path / "lines").read_text().splitlines()[0])
    assert first["options"] == {"follow": True, "filter": "write", "limit": 32, "python": False}


def test_streams_may_lead_to_nothing() -> None:
    events = list(record(["cat"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, chosen="read,write"))
    assert (events[-1]["event"], events[-1]["status"]) == ("end", 0)
    devices = {
        each["args"]["fd"]["is"] for each in events if each.get("name") == "read" and each["args"]["fd"]["fd"] == 0
    }
    assert devices == {"/dev/null"}


def test_the_callers_thread_sleeps_while_a_program_is_followed(tmp_path: Path) -> None:
    wanted = request(limit_bytes=0, chosen="", follow=True, python=False)
    wanted["command"] = [b"dd", b"if=/dev/zero", b"of=/dev/null", b"bs=1", b"count=2000", b"status=none"]
    with (tmp_path / "table").open("wb") as table:
        wanted["form"], wanted["output"] = "summary", table.fileno()
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
        outcome = follow(wanted, bytes)
        switches = resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw - before
    assert outcome["calls"] > 4000
    assert switches < 400, "every stop of the program wakes the thread that waits for the trace"
