"""Lines of calls that others interrupt, as strace writes them; JSON keeps one object a call."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from traced import program, renacer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.requires("ptrace", "gcc"), pytest.mark.timeout(120)]
LINE = re.compile(r"(?P<pid>\d+) (?:<\.\.\. (?P<resumed>\w+) resumed>(?P<rest>.*)|(?P<name>\w+)\((?P<args>.*))")
CUT = " <unfinished ...>"


def joined(lines: list[str]) -> list[tuple[str, str]]:
    """Each call by its name and all that stands behind it, with the halves of cut lines put together."""
    cut: dict[str, tuple[str, str]] = {}
    calls = []
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            assert re.search(r" (\+\+\+|---) ", line), line
            if former := re.search(r"superseded by execve in pid (\d+)", line):
                cut[line.split()[0]] = cut.pop(former[1])
            continue
        task = found["pid"]
        if found["name"] and line.endswith(CUT):
            assert task not in cut, line
            cut[task] = found["name"], found["args"].removesuffix(CUT)
        elif found["name"]:
            assert task not in cut, line
            calls.append((found["name"], found["args"]))
        else:
            name, before = cut.pop(task)
            assert name == found["resumed"], line
            calls.append((name, before + found["rest"]))
    assert not cut
    return calls


def test_the_halves_of_a_line_are_one_call(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 0.1 & wait; echo end | cat > out"]
    renacer("-f", "-o", "text", "--", *command, folder=tmp_path)
    lines = (tmp_path / "text").read_text().splitlines()
    assert sum(line.endswith(CUT) for line in lines) >= 1
    calls = joined(lines)
    waits = [rest for name, rest in calls if name == "wait4" and "WEXITSTATUS(s) == 0" in rest]
    assert re.fullmatch(r"-1, \[\{WIFEXITED\(s\) && WEXITSTATUS\(s\) == 0}], (0|WNOHANG), NULL\) += \d+", waits[0])
    renacer("-f", "--format", "jsonl", "-o", "lines", "--", *command, folder=tmp_path)
    *_, end = (tmp_path / "lines").read_text().splitlines()
    assert abs(len(calls) - json.loads(end)["calls"]) <= 8


def test_lines_of_threads_are_put_together(tmp_path: Path) -> None:
    behaviour = program("behaviour", tmp_path)
    for what in ("threads", "thread-exec", "vfork"):
        renacer("-f", "-o", "text", "--", behaviour, what, folder=tmp_path)
        lines = (tmp_path / "text").read_text().splitlines()
        assert joined(lines)


def test_a_stopped_process_is_told(tmp_path: Path) -> None:
    program = ["sh", "-c", "(sleep 0.1; kill -CONT $$) & kill -STOP $$; wait"]
    renacer("-f", "-o", "text", "--", *program, folder=tmp_path)
    lines = [line.split(" ", 1)[1] for line in (tmp_path / "text").read_text().splitlines()]
    stop = lines.index("--- stopped by SIGSTOP ---")
    assert any(line.startswith("--- SIGSTOP {") for line in lines[:stop])
    assert any(line.startswith("--- SIGCONT {") for line in lines[stop:])
