"""The tables of system calls are what their lists say, and a list that is wrong is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import syscalls  # noqa: E402
import syscalls_sources  # noqa: E402


@pytest.fixture(name="lists")
def _lists(tmp_path, monkeypatch):
    for file in syscalls.DATA.iterdir():
        (tmp_path / file.name).write_text(file.read_text())
    monkeypatch.setattr(syscalls, "DATA", tmp_path)
    return tmp_path


def test_the_tables_are_what_the_lists_say():
    assert syscalls.generated() == syscalls.TARGET.read_text()


def test_a_check_says_what_differs(lists, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["syscalls.py", "--check"])
    assert syscalls.main() == 0
    (lists / "classes.txt").write_text("file: getcwd\n")
    assert syscalls.main() == 1
    assert "tables.rs is not what" in capsys.readouterr().out


def test_a_meaning_of_an_argument_that_is_not_there_is_refused(lists):
    (lists / "meanings.txt").write_text("openat: colour=path\n")
    with pytest.raises(SystemExit, match="openat that it has not: colour"):
        syscalls.generated()


def test_a_class_of_a_call_that_is_not_there_is_refused(lists):
    (lists / "classes.txt").write_text("file: opencat\n")
    with pytest.raises(SystemExit, match="opencat"):
        syscalls.generated()


def test_every_call_has_a_number_and_a_prototype():
    entries, index = syscalls._entries()
    assert len(index["x86_64"]) > 370
    assert len(index["i386"]) > 440
    without = {entry.name for entry in entries if not entry.fields}
    assert not without & {"openat", "read", "mmap", "clone3", "statx", "_llseek", "fcntl64"}


def test_names_of_sets_are_told_apart_from_fields_and_patterns():
    [one] = syscalls_sources.read_sets("bits x sys/a.h: M=3{A=0 B=1} C=4 -/D.*/\n  E=8\n")
    assert one.items == ["M=3{A=0", "B=1}", "C=4", "-/D.*/", "E=8"]
    assert syscalls_sources._expand(one) == [("<M", "3"), (">A", "0"), (">B", "1"), ("C", "4"), ("E", "8")]


def test_the_compiler_gives_the_values_of_the_list():
    wanted = [
        one for one in syscalls_sources.read_sets((syscalls.DATA / "sets.txt").read_text()) if one.name == "rename"
    ]
    found = [line.split("\t")[1:] for line in syscalls_sources.constants(wanted).splitlines()[1:]]
    kept = [
        line.split("\t")[1:]
        for line in (syscalls.DATA / "constants.tsv").read_text().splitlines()
        if line.startswith("rename\t")
    ]
    assert found == kept


def test_a_second_run_changes_nothing():
    before = syscalls.TARGET.read_bytes(), syscalls.TARGET.stat().st_mtime_ns
    subprocess.run([sys.executable, str(ROOT / "tools" / "syscalls.py")], check=True)
    assert (syscalls.TARGET.read_bytes(), syscalls.TARGET.stat().st_mtime_ns) == before
