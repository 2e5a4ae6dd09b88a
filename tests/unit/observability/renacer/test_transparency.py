"""A traced program behaves as an untraced one, and does not suffer from the end of its tracer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sovereign.observability.renacer import attach, record
from traced import RENACER, SECONDS, program, renacer, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.requires("ptrace", "gcc"), pytest.mark.timeout(120)]
BEHAVIOURS = ["children", "alarm", "stop", "vfork", "thread-exec", "threads", "orphans", "i386", "crash", "kill"]
STEP = 0.02


@pytest.fixture(name="behaviour", scope="session")
def _behaviour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return program("behaviour", tmp_path_factory.mktemp("traced"))


@pytest.mark.parametrize("what", BEHAVIOURS)
@pytest.mark.parametrize("options", [("-f", "-c"), ("-f", "-e", "openat,write"), ("-f", "--python")])
def test_a_program_does_the_same_when_it_is_traced(
    behaviour: Path, what: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    plain = run(behaviour, what, folder=tmp_path)
    traced = renacer(*options, "-o", "trace", "--", behaviour, what, folder=tmp_path)
    assert (traced.stdout, traced.returncode) == (plain.stdout, plain.returncode)
    assert (tmp_path / "trace").read_text()
    assert not traced.stderr


def test_a_thousand_short_forks_are_all_seen(behaviour: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+") as out:
        events = list(record([behaviour, "forks", "1000"], stdout=out, python=False))
        out.seek(0)
        assert out.read() == "good 1000\n"
    made = [each for each in events if each["event"] == "process"]
    assert [each["how"] for each in made] == ["start", *["fork", "vfork"] * 500]
    assert len({each["pid"] for each in made}) == 1001
    assert [each["status"] for each in events if each["event"] == "exit"][:-1] == [i % 100 for i in range(1000)]
    assert events[-1]["status"] == 0


def test_threads_belong_to_their_process(behaviour: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        events = list(record([behaviour, "threads"], stdout=out, chosen="getppid"))
    threads = [each for each in events if each["event"] == "process" and each["how"] == "thread"]
    assert len({each["tid"] for each in threads}) == 16
    assert {each["pid"] for each in threads} == {events[1]["pid"]}
    calls = [each for each in events if each["event"] == "call"]
    assert len(calls) == 16 * 2000
    assert {each["name"] for each in calls} == {"getppid"}


def test_a_thread_that_executes_takes_the_number_of_its_process(behaviour: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        events = list(record([behaviour, "thread-exec"], stdout=out))
    execs = [each for each in events if each["event"] == "exec"]
    assert [each["program"].split("/")[-1] for each in execs] == ["behaviour", "echo"]
    former = execs[1]["former"]
    assert former in {each["tid"] for each in events if each["event"] == "process" and each["how"] == "thread"}
    call = next(each for each in events if each["event"] == "call" and "echo" in str(each["args"]))
    assert (call["name"], call["result"], call["tid"]) == ("execve", 0, events[1]["pid"])
    # The first thread never came back from its `pause`.
    assert any(each.get("unfinished") and each["name"] == "pause" for each in events if each["event"] == "call")


def test_calls_of_32_bits_are_told(behaviour: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        events = list(record([behaviour, "i386"], stdout=out))
    call = next(each for each in events if each.get("abi"))
    assert (call["abi"], call["name"], call["result"]) == ("i386", "getpid", events[1]["pid"])


@pytest.mark.parametrize("status", [0, 7, 255])
def test_the_exit_code_is_the_programs(status: int, tmp_path: Path) -> None:
    assert renacer("-c", "-o", "trace", "sh", "-c", f"exit {status}", folder=tmp_path).returncode == status


@pytest.mark.parametrize("options", [[], ["-e", "execve"]])
def test_signals_that_are_ignored_stay_so(options: list[str], tmp_path: Path) -> None:
    """A program under `nohup` lives on when its terminal goes, traced or not."""
    shell = ["sh", "-c", "trap '' HUP INT QUIT TERM; exec \"$@\"", "sh"]
    asked = ["grep", "SigIgn", "/proc/self/status"]
    plain = run(*shell, *asked, folder=tmp_path)
    traced = run(*shell, *RENACER, "-f", *options, "-o", "trace", "--", *asked, folder=tmp_path)
    assert int(plain.stdout.split()[1], 16) & 0x4007 == 0x4007
    assert traced.stdout == plain.stdout


def test_the_output_is_never_mixed(tmp_path: Path) -> None:
    done = renacer("-e", "write", "sh", "-c", "echo out; echo err >&2", folder=tmp_path)
    assert done.stdout == "out\n"
    assert "write(1" in done.stderr
    kept = renacer("-e", "write", "-o", "trace", "sh", "-c", "echo out; echo err >&2", folder=tmp_path)
    assert (kept.stdout, kept.stderr) == ("out\n", "err\n")


@pytest.fixture(name="server")
def _server(behaviour: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    words = [behaviour, "server", tmp_path / "rounds"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            _until_it_moves(tmp_path)
            yield process
        finally:
            process.kill()


def _round(folder: Path) -> int:
    text = (folder / "rounds").read_text() if (folder / "rounds").exists() else ""
    return int(text) if text.strip() else -1


def _until_it_moves(folder: Path) -> None:
    first, until = _round(folder), time.monotonic() + SECONDS
    while _round(folder) == first:
        assert time.monotonic() < until, "the server stands still"
        time.sleep(STEP)


def _ends_by_itself(server: subprocess.Popen[str], folder: Path) -> None:
    _until_it_moves(folder)
    server.terminate()
    assert server.communicate(timeout=SECONDS) == ("ended by itself\n", None)
    assert server.returncode == 4


def test_a_live_server_is_attached_to_and_left(server: subprocess.Popen[str], tmp_path: Path) -> None:
    for _ in range(3):
        with attach(server.pid) as recording:
            names = set()
            for each in recording:
                names.add(each.get("name"))
                if "pwrite64" in names:
                    recording.stop()
            assert recording.outcome is not None
            assert recording.outcome["is_detached"]
        _until_it_moves(tmp_path)
    _ends_by_itself(server, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_server_goes_on_when_its_tracer_ends(
    server: subprocess.Popen[str], number: signal.Signals, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    words = [*RENACER, "-f", "-o", trace, "-p", str(server.pid)]
    with subprocess.Popen(words) as tracer:
        until = time.monotonic() + SECONDS
        while not (trace.exists() and trace.stat().st_size):
            assert time.monotonic() < until, "nothing was traced"
            time.sleep(STEP)
        tracer.send_signal(number)
        assert tracer.wait(SECONDS) == (-number if number == signal.SIGKILL else 0)
    _ends_by_itself(server, tmp_path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_started_program_goes_on_when_its_tracer_ends(
    behaviour: Path, number: signal.Signals, tmp_path: Path
) -> None:
    words = [*RENACER, "-f", "-o", tmp_path / "trace", "--", behaviour, "server", tmp_path / "rounds"]
    with (tmp_path / "told").open("w") as told, subprocess.Popen(words, stderr=told) as tracer:
        _until_it_moves(tmp_path)
        pids = _children(tracer.pid)
        tracer.send_signal(number)
        assert tracer.wait(SECONDS) == (2 if number == signal.SIGTERM else -number)
        _until_it_moves(tmp_path)
        os.kill(pids[0], signal.SIGKILL)
    if number == signal.SIGTERM:
        assert "the program goes on" in (tmp_path / "told").read_text()


def _children(pid: int) -> list[int]:
    texts = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    return [int(child) for text in texts for child in text.split()]


def test_a_filtered_program_is_asked_to_end_by_sigterm(behaviour: Path, tmp_path: Path) -> None:
    words = [*RENACER, "-f", "-e", "openat", "-o", tmp_path / "trace", "--", behaviour, "server", tmp_path / "rounds"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as tracer:
        _until_it_moves(tmp_path)
        tracer.terminate()
        out, _ = tracer.communicate(timeout=SECONDS)
    assert (out, tracer.returncode) == ("ended by itself\n", 4)


def test_a_filter_stops_only_at_what_is_chosen(behaviour: Path, tmp_path: Path) -> None:
    """Without a filter every call of the 16 threads would stop, which takes seconds."""
    with (tmp_path / "out").open("w") as out:
        events = list(record([behaviour, "threads"], stdout=out, chosen="execve,openat"))
    names = [each["name"] for each in events if each["event"] == "call"]
    assert names[0] == "execve"
    assert set(names) == {"execve", "openat"}
    assert events[-1]["calls"] == len(names)


def test_children_that_are_not_followed_are_behind_no_filter(tmp_path: Path) -> None:
    words = ["sh", "-c", "cat /etc/hostname > copy; cat copy"]
    plain = run(*words, folder=tmp_path)
    traced = renacer("-e", "openat,write", "-o", "trace", "--", *words, folder=tmp_path)
    assert (traced.stdout, traced.returncode) == (plain.stdout, 0)
    assert "openat(" in (tmp_path / "trace").read_text()


def test_a_recording_that_is_left_lets_the_program_go(behaviour: Path, tmp_path: Path) -> None:
    with record([behaviour, "server", tmp_path / "rounds"]) as recording:
        pid = next(each["pid"] for each in recording if each["event"] == "process")
        next(each for each in recording if each.get("name") == "pwrite64")
    _until_it_moves(tmp_path)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_signals_carry_their_sender_and_reason(behaviour: Path, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as out:
        events = list(record([behaviour, "stop"], stdout=out))
    parent, child = (each["pid"] for each in events if each["event"] == "process")
    signals = [each for each in events if each["event"] == "signal"]
    assert (signals[0]["signal"], signals[0]["code"], signals[0]["sender"]) == ("SIGSTOP", "SI_TKILL", child)
    woken = next(each for each in signals if each["signal"] == "SIGCONT")
    assert (woken["pid"], woken["code"], woken["sender"]) == (child, "SI_USER", parent)
    codes = [each["code"] for each in signals if each["signal"] == "SIGCHLD"]
    assert codes == ["CLD_STOPPED", "CLD_CONTINUED", "CLD_EXITED"]


def test_events_are_one_object_a_line_in_every_format(behaviour: Path, tmp_path: Path) -> None:
    lines = renacer("-f", "--format", "jsonl", "-o", "lines", behaviour, "vfork", folder=tmp_path)
    document = renacer("-f", "--format", "json", "-o", "document", behaviour, "vfork", folder=tmp_path)
    assert lines.returncode == document.returncode == 0
    first = [json.loads(line) for line in (tmp_path / "lines").read_text().splitlines()]
    second = json.loads((tmp_path / "document").read_text())
    # Whether the signal of a child's end comes before or after its parent's call is not ours to say.
    assert sorted(each["event"] for each in first) == sorted(each["event"] for each in second)
    assert first[0]["event"] == "trace"
    assert first[-1]["event"] == "end"


def test_every_end_is_told_when_many_come_at_once(tmp_path: Path) -> None:
    """A process that ends while its threads live: their ends and its own wait in the kernel at the same time."""
    text = (
        "import os, threading, time\n"
        "for _ in range(8): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()\n"
        "os._exit(5)"
    )
    words = [sys.executable, "-S", "-c", text]
    for _ in range(20):
        events = list(record(words, chosen="execve", python=False))
        made = {each["tid"] for each in events if each["event"] == "process"}
        assert {each["tid"] for each in events if each["event"] == "exit"} == made
        assert events[-1]["status"] == 5
