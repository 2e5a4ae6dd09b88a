"""The counts of calls and errors are those of `strace -f -c`, program by program.

Two runs of one program may differ by themselves: where an allocation ends depends on addresses, and whether a lock is
waited for on who comes first. So each cell of program and call must be the same but for those calls, and nearly all of
them must.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from traced import program, renacer, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.requires("ptrace", "gcc", "strace"), pytest.mark.timeout(120)]
PYTHON = "/usr/bin/python3" if shutil.which("/usr/bin/python3") else "python3"
PROGRAMS = [
    ["true"],
    ["false"],
    ["echo", "a word"],
    ["ls", "-la", "/etc"],
    ["ls", "/nowhere"],
    ["cat", "/etc/passwd", "/nowhere"],
    ["head", "-n", "3", "/etc/passwd"],
    ["tail", "-n", "3", "/etc/passwd"],
    ["wc", "/etc/passwd"],
    ["sort", "--parallel=1", "/etc/passwd"],
    ["uniq", "/etc/passwd"],
    ["cut", "-d:", "-f1", "/etc/passwd"],
    ["tr", "a", "b"],
    ["grep", "-r", "root", "/etc/passwd"],
    ["sed", "s/daemon/nomead/", "/etc/passwd"],
    ["awk", "{ n += NF } END { print n }", "/etc/passwd"],
    ["find", "/etc/apt"],
    ["du", "-s", "/etc/apt"],
    ["stat", "/etc/passwd"],
    ["md5sum", "/etc/passwd"],
    ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=2000"],
    ["cp", "/etc/passwd", "copied"],
    ["sh", "-c", "mkdir d && touch d/a && mv d/a d/b && ln -s b d/c && rm -r d"],
    ["sh", "-c", "for i in 1 2 3; do /bin/echo $i; done"],
    ["sh", "-c", "cat /etc/passwd > kept; test -f missing"],
    ["tar", "cf", "kept.tar", "-C", "/etc", "passwd"],
    ["gcc", "-fsyntax-only", "-x", "c", "/dev/null"],
    ["git", "--version"],
    ["git", "init", "-q", "work"],
    [PYTHON, "-I", "-S", "-c", "pass"],
    [PYTHON, "-I", "-S", "-c", "import json, os; open('a', 'w').write(json.dumps(os.listdir('/etc')))"],
    ["behaviour", "vfork"],
    ["behaviour", "i386"],
]
# What differs between two runs of the same program, whoever watches.
VARIES = {
    "brk",
    "mmap",
    "munmap",
    "mprotect",
    "mremap",
    "madvise",  # addresses are drawn by chance
    "futex",
    "sched_yield",
    "restart_syscall",  # who comes first
    "wait4",
    "read",
    "rt_sigreturn",  # whether a signal comes before or while a task waits
    "getrandom",
    "lstat",
    "newfstatat",
    "readlink",  # names that are drawn by chance
}
LEAST = 0.95


def _table(text: str) -> dict[str, tuple[int, int]]:
    """Calls and errors of each call in a table; strace writes a second one for calls of 32 bits."""
    found, abi = {}, ""
    for row in text.splitlines():
        if row.startswith("System call usage summary for 32 bit"):
            abi = " (i386)"
        name = re.search(r"[a-z]\w*(?: \(\w+\))?$", row)
        if name and name[0] != "total" and row[31:40].strip().isdigit():
            found[name[0] + abi] = (int(row[31:40]), int(row[41:50].strip() or 0))
    return found


def _cells(words: list[str], folder: Path, behaviour: Path) -> tuple[dict[str, tuple[int, int]], ...]:
    words = [str(behaviour) if word == "behaviour" else word for word in words]
    found = []
    for place, tracer in (("strace", run), ("renacer", renacer)):
        inside = folder / place
        inside.mkdir()
        first = ["strace"] if place == "strace" else []
        tracer(*first, "-f", "-c", "-o", "table", "--", "setarch", "-R", *words, folder=inside)
        found.append(_table((inside / "table").read_text()))
    return tuple(found)


@pytest.fixture(name="behaviour", scope="module")
def _behaviour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return program("behaviour", tmp_path_factory.mktemp("counted"))


def test_counts_are_those_of_strace(behaviour: Path, tmp_path: Path) -> None:
    cells, residues = 0, []
    for place, words in enumerate(PROGRAMS):
        folder = tmp_path / str(place)
        folder.mkdir()
        theirs, ours = _cells(words, folder, behaviour)
        for name in theirs.keys() | ours.keys():
            cells += 1
            plain = name.removesuffix(" (i386)")
            if theirs.get(name) != ours.get(name):
                residues.append((" ".join(words), plain, theirs.get(name), ours.get(name)))
    assert cells > 500
    assert not [each for each in residues if each[1] not in VARIES]
    assert len(residues) <= (1 - LEAST) * cells, residues
