"""`batuta validate` as a user meets it: two programs side by side, and a verdict that is never a pass by default."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workdir import Workdir

pytestmark = pytest.mark.timeout(300)

ORIGINAL = '''"""Halve numbers."""

import sys


def half(n):
    return n // 2


def total(numbers: list[float]):
    print("adding", len(numbers))
    return sum(numbers)


def evens(n):
    yield from range(0, n, 2)


if __name__ == "__main__":
    print(half(int(sys.argv[1])), total([1.5, 2.5]), list(evens(4)))
'''
WRONG = ORIGINAL.replace("n // 2", "int(n / 2)")
BOTH = "batuta validate --original original.py --transpiled"


def test_two_programs_that_do_the_same(workdir: Workdir) -> None:
    workdir.write("original.py", ORIGINAL)
    workdir.write("other.py", ORIGINAL)
    answer = workdir.run(f"{BOTH} other.py --case 7 --case -7 --case many")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == "same: 3 cases"


def test_a_difference_is_shown_with_both_answers(workdir: Workdir) -> None:
    workdir.write("original.py", ORIGINAL)
    workdir.write("other.py", WRONG)
    answer = workdir.run(f"{BOTH} other.py --case 7 --case -7 --json")
    assert answer.status == 1
    assert [each["verdict"] for each in answer.json["cases"]] == ["same", "different"]
    (difference,) = answer.json["cases"][1]["differences"]
    assert (difference["what"], difference["original"].split()[2]) == ("stdout", "'-4")
    shown = workdir.run(f"{BOTH} other.py --case -7")
    assert shown.status == 1
    assert shown.out.splitlines()[-1] == "different: 1 case"


def test_a_translation_is_compiled_fuzzed_timed_and_reported(workdir: Workdir) -> None:
    workdir.write("original.py", ORIGINAL)
    assert workdir.run("depyler transpile original.py").status == 0
    command = f"{BOTH} original.rs --case 9 --fuzz --inputs 200 --benchmark --repeats 2"
    answer = workdir.run(f"{command} --report html")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.splitlines()[-1] == "same: 1 case and 400 random inputs of 2 functions"
    assert re.search(r"^evens +it gives what is no plain data", answer.out, re.MULTILINE)
    page = (workdir.path / "validation.html").read_text(encoding="utf-8")
    assert "half(int)" in page
    assert re.search(r'(src|href)="', page) is None
    assert workdir.run(f"{command} --report html").status == 2
    assert workdir.run(f"{BOTH} original.rs --case 9 --report json -o found.json").status == 0
    assert json.loads((workdir.path / "found.json").read_text(encoding="utf-8"))["verdict"] == "same"


def test_a_wrong_function_is_found_by_random_inputs_alone(workdir: Workdir) -> None:
    """The case does not tell the two apart; the function does, and the input is made small."""
    workdir.write("original.py", ORIGINAL)
    workdir.write("calls", f"#!{sys.executable}\n{_DRIVER}")
    (workdir.path / "calls").chmod(0o755)
    workdir.write("wrong.py", WRONG)
    command = f"{BOTH} original.py --case 8 --fuzz --calls calls --signature 'half(int)'"
    answer = workdir.run(f"{command} --json")
    assert answer.status == 1
    (found,) = answer.json["fuzzed"]
    assert found["failure"]["arguments"] == "half(-1)"


_DRIVER = """import sys
from sovereign.migration.equivalence.driver import main
sys.exit(main(["wrong.py"]))
"""


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("batuta validate", "equivalence.no_side"),
        ("batuta validate --original original.py", "equivalence.no_side"),
        (f"{BOTH} nothing.py", "equivalence.missing_side"),
        (f"{BOTH} original.py --cases empty.json", "equivalence.no_cases"),
        (f"{BOTH} original.py --cases original.py", "equivalence.cases"),
        (f"{BOTH} original.py --fuzz --signature half", "equivalence.type"),
        (f"{BOTH} original.py --fuzz --signature 'half(str)'", "equivalence.type"),
        (f"{BOTH} original.py --fuzz --calls original.py", "equivalence.no_cases"),
        (f"{BOTH} original.py --inputs 0", "shell.usage"),
        (f"{BOTH} original.py --timeout -1", "shell.usage"),
        (f"{BOTH} torn.rs", "rust.rejected"),
        ("batuta validate --original none.py --transpiled original.py --fuzz", "equivalence.no_cases"),
    ],
)
def test_what_cannot_be_compared_is_no_pass(workdir: Workdir, command: str, code: str) -> None:
    workdir.write("original.py", ORIGINAL)
    workdir.write("none.py", "print(1)\n")
    workdir.write("empty.json", "[]")
    workdir.write("torn.rs", "fn main() {")
    before = workdir.files()
    answer = workdir.run(command)
    assert (answer.status, answer.out) == (2, "")
    assert f"[{code}]" in answer.err
    assert workdir.files() == before


def test_what_was_not_measured_ends_with_two(workdir: Workdir) -> None:
    workdir.write("original.py", "import time\nprint(time.time())\n")
    answer = workdir.run(f"{BOTH} original.py")
    assert answer.status == 2
    assert "the original does not answer alike twice" in answer.out


def test_an_original_in_ruchy_is_interpreted_beside_its_translation(workdir: Workdir) -> None:
    text = 'fun half(n) {\n    n / 2\n}\n\nprintln(half(7))\nprintln(f"{env::args().len()} words")\n'
    workdir.write("original.ruchy", text)
    workdir.write("other.ruchy", text.replace("half(7)", "half(9)"))
    for name in ("original", "other"):
        assert workdir.run(f"ruchy transpile {name}.ruchy -o {name}.rs").status == 0
    both = "batuta validate --original original.ruchy --transpiled"
    answer = workdir.run(f"{both} original.rs --case 'one two' --json")
    assert answer.status == 0
    assert answer.json["original"][:2] == ["ruchy", "run"]
    assert workdir.run(f"{both} other.rs").status == 1
    assert workdir.run(f"{both} original.rs --fuzz").status == 2
