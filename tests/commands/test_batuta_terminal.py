"""`batuta` on a terminal: width, colour and drawing."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from typing import TYPE_CHECKING

import pytest

from sovereign.shell.text import cells

if TYPE_CHECKING:
    from workdir import Plugin, Workdir

EVIDENCE = "core 0.1.0 of x86_64-unknown-linux-gnu, built by rustc 1.95.0, agrees on 1024 vectors"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(workdir: Workdir, line: str, columns: int, **env: str) -> tuple[int, str]:
    """Run on a terminal of so many columns, and hand out all that it was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**workdir.environment, "TERM": "xterm-256color", **env}
    with subprocess.Popen(
        workdir.words(line), cwd=workdir.path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # the last holder of the other side went away
                break
            if not chunk:
                break
            seen += chunk
    os.close(ours)
    return process.returncode, seen.decode()


@pytest.fixture(name="planted", autouse=True)
def _planted(plugin: Plugin) -> None:
    plugin.selftest("planted", f'yield Evidence("native core", State.OK, "{EVIDENCE}")')


@pytest.mark.parametrize("columns", [40, 80, 160])
@pytest.mark.parametrize("line", ["stack check --only planted", "--help", "stack check --help"])
def test_nothing_is_wider_than_the_terminal(workdir: Workdir, columns: int, line: str) -> None:
    status, seen = on_terminal(workdir, f"batuta {line}", columns)
    assert status == 0
    widest = max(cells(part) for part in ESCAPES.sub("", seen).replace("\r", "").split("\n"))
    assert widest <= columns


def test_a_terminal_gets_colour_and_no_color_takes_it(workdir: Workdir) -> None:
    line = "batuta stack check --only planted"
    assert "\x1b[32mok" in on_terminal(workdir, line, 100)[1]
    assert "\x1b" not in on_terminal(workdir, line, 100, NO_COLOR="1")[1]
    assert "\x1b" not in on_terminal(workdir, line, 100, TERM="dumb")[1]


def test_a_terminal_gets_a_table_and_a_narrow_one_gets_blocks(workdir: Workdir) -> None:
    assert "───" in on_terminal(workdir, "batuta stack check --only planted", 100)[1]
    assert "check: native core" in on_terminal(workdir, "batuta stack check --only planted", 30)[1]


def test_a_slow_work_shows_progress_and_removes_it(workdir: Workdir, plugin: Plugin) -> None:
    plugin.selftest("slow", 'import time; time.sleep(2.5); yield Evidence("slow", State.OK, "seen")')
    _, seen = on_terminal(workdir, "batuta stack check --only slow", 80)
    assert "checking" in seen
    assert "0:00:01" in seen
    last = ESCAPES.sub("", seen).rsplit("checking", 1)[1]
    assert "seen" in last


def test_json_on_a_terminal_is_still_json_alone(workdir: Workdir) -> None:
    _, seen = on_terminal(workdir, "batuta stack check --only planted --json", 40)
    assert seen.startswith("{")
    assert "\x1b" not in seen
