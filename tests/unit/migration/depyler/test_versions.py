"""`sovereign.migration.depyler.versions`: a program with small and large numbers on its command line."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.depyler import translate
from sovereign.migration.depyler.versions import reads_numbers
from sovereign.migration.rust import Job, check, compile_program, support_library

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys


class Counter:
    def __init__(self, size):
        self.size = size
        self.count = 0

    def step(self, by):
        self.count += by * self.size
        return self.count


counter = Counter(int(sys.argv[1]))
for number in range(4):
    print(counter.step(number) * counter.size, counter.size - 1)
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import sys\nn = int(sys.argv[1])\n", True),
        ("import sys\nif len(sys.argv) > 1:\n    n = int(sys.argv[1])\n", True),
        ("import sys\nn = float(sys.argv[1])\n", False),
        ("import sys\nn = int(sys.argv[1].strip())\n", False),
        ("import sys\nsys.argv[1] = '9'\nn = int(sys.argv[1])\n", False),
        ("import sys\nchange(sys.argv)\nn = int(sys.argv[1])\n", False),
        ("import sys\nfrom sys import argv\nargv.append('3')\nn = int(sys.argv[1])\n", False),
        ("import sys\nn = int(sys.argv[1], 16)\n", False),
    ],
)
def test_only_arguments_that_are_looked_at_and_nothing_else_are_numbers(source: str, expected: bool) -> None:  # noqa: FBT001
    assert reads_numbers([ast.parse(source)]) is expected


def test_a_program_gets_two_versions_where_its_arithmetic_profits() -> None:
    made = translate(PROGRAM, versions=True)
    assert made.program is not None
    assert check(made.program) == []
    assert "mod any_size {" in made.text
    assert "size: i64," in made.text
    assert "size: Int," in made.text
    assert len(made.lines) == made.program_lines


def test_a_program_gets_one_version_where_that_is_as_fast() -> None:
    made = translate("import sys\n\nfor n in range(int(sys.argv[1])):\n    print(n)\n", versions=True)
    assert "any_size" not in made.text


def test_no_version_is_made_that_was_not_asked_for() -> None:
    assert "any_size" not in translate(PROGRAM).text


@pytest.mark.timeout(600)
def test_both_versions_answer_as_cpython_does(tmp_path: Path) -> None:
    source, program = tmp_path / "program.py", tmp_path / "program"
    source.write_text(PROGRAM)
    text = translate(PROGRAM, inline=False, versions=True).text
    compile_program(Job(text, program, externs=(("support", support_library()),), uses_cache=False))
    edge = 1 << 31
    for argument in ("3", "-7", str(edge), str(-edge), str(edge + 1), str(-edge - 1), str(10**30), " 1_0 ", "x", "1.5"):
        ours, theirs = (
            subprocess.run([*command, argument], capture_output=True, text=True, check=False)
            for command in ([str(program)], [sys.executable, str(source)])
        )
        assert (ours.stdout, ours.returncode) == (theirs.stdout, theirs.returncode), argument
        assert bool(ours.stderr) == bool(theirs.stderr)
