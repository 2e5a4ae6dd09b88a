"""The line of Python that made a call is the line of the source."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from sovereign.observability.renacer import record

pytestmark = [pytest.mark.requires("ptrace"), pytest.mark.timeout(120)]

# Scripts that make folders: the name of a folder says the line, and the function, in which it is made.
PLAIN = """\
import os
os.mkdir("l2 <module>")
for each in range(2):
    os.mkdir(f"l4 <module>.{each}")
"""
FUNCTIONS = """\
import os
def outer():
    def inner():
        os.mkdir("l4 outer.<locals>.inner")
    inner()
    os.mkdir("l6 outer")
outer()
(lambda: os.mkdir("l8 <lambda>"))()
"""
CLASSES = """\
import os
class Maker:
    os.mkdir("l3 Maker")
    def make(self):
        os.mkdir(
            "l5 Maker.make")
    @classmethod
    def of(cls):
        os.mkdir("l9 Maker.of")
    @property
    def made(self):
        return os.mkdir("l12 Maker.made")
Maker().make()
Maker.of()
Maker().made
"""
GENERATORS = """\
import os
def steps():
    os.mkdir("l3 steps")
    yield 1
    os.mkdir("l5 steps")
list(steps())
[os.mkdir(f"l7 {'<listcomp>' if __import__('sys').version_info < (3, 12) else '<module>'}") for _ in (1,)]
sum(os.mkdir("l8 <genexpr>") or 1 for _ in (1,))
"""
ERRORS = """\
import os
try:
    os.mkdir("l3 <module>")
    raise KeyError
except KeyError:
    os.mkdir("l6 <module>")
finally:
    os.mkdir("l8 <module>")
with open(os.devnull) as file:
    os.mkdir("l10 <module>")
"""
THREADS = """\
import os, threading
def work(number):
    os.mkdir(f"l3 work.{number}")
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
os.mkdir("l7 <module>")
"""
FORKS = """\
import os
pid = os.fork()
if pid == 0:
    os.mkdir("l4 <module>")
    os._exit(0)
os.waitpid(pid, 0)
os.mkdir("l7 <module>")
"""
COROUTINES = """\
import asyncio, os
async def inner():
    await asyncio.sleep(0)
    os.mkdir("l4 inner")
async def outer():
    await asyncio.gather(inner())
    os.mkdir("l7 outer")
asyncio.run(outer())
"""
LONG = "import os\n" + "\n" * 300 + 'os.mkdir("l302 <module>")\n' + "\n" * 70_000 + 'os.mkdir("l70303 <module>")\n'
NAMES = """\
import os
def größe():
    os.mkdir("l3 größe")
def 名前():
    os.mkdir("l5 名前")
größe()
名前()
exec(compile("import os\\n\\nos.mkdir('l3 <module>.exec')", "made.py", "exec"))
"""
SCRIPTS = {
    "plain": (PLAIN, 3),
    "functions": (FUNCTIONS, 3),
    "classes": (CLASSES, 4),
    "generators": (GENERATORS, 4),
    "errors": (ERRORS, 4),
    "threads": (THREADS, 9),
    "forks": (FORKS, 2),
    "coroutines": (COROUTINES, 2),
    "long": (LONG, 2),
    "names": (NAMES, 3),
}


def _pythons() -> list[str]:
    """The interpreters of this machine that are known: ours, the system's, and those of pyenv."""
    versions = sorted(Path.home().glob(".pyenv/versions/3.1[123].*/bin/python3"))
    found = [sys.executable, "/usr/bin/python3", *map(str, versions)]
    return [each for each in found if shutil.which(each)]


@pytest.mark.parametrize("python", _pythons())
def test_the_frame_of_a_call_is_its_place_in_the_source(python: str, tmp_path: Path) -> None:
    for name, (source, count) in SCRIPTS.items():
        folder = tmp_path / name
        folder.mkdir()
        script = folder / "script.py"
        script.write_text(source)
        events = record([python, "-I", script], folder=folder, chosen="mkdir")
        found = {}
        for each in events:
            if each["event"] == "call" and each["args"]["pathname"].startswith("l"):
                place = each["python"]
                assert place is not None, each
                assert place["file"] in {str(script), "made.py"}
                found[each["args"]["pathname"]] = f"l{place['line']} {place['function']}"
        assert len(found) == count, name
        assert {
            made: made.rsplit(".", 1)[0] if made[-1].isdigit() or made.endswith("exec") else made for made in found
        } == found


def test_a_program_without_python_has_no_frames(tmp_path: Path) -> None:
    events = list(record(["mkdir", "made"], folder=tmp_path))
    assert all(each["python"] is None for each in events if each["event"] == "call")


def test_frames_are_left_out_where_they_are_not_wanted(tmp_path: Path) -> None:
    events = list(record([sys.executable, "-c", "import os; os.mkdir('made')"], folder=tmp_path, python=False))
    assert all(each["python"] is None for each in events if each["event"] == "call")
