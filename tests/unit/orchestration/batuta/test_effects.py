"""What two sides do to the system is held together, file by file."""

from __future__ import annotations

import sys

import pytest

from sovereign.errors import TraceError
from sovereign.migration.equivalence import Case
from sovereign.orchestration.batuta.effects import program_effects

pytestmark = [pytest.mark.requires("ptrace"), pytest.mark.timeout(120)]
COPY = "import sys\nopen('out.txt', 'w').write(open('in.txt').read())\nprint(sys.stdin.read())\n"
CASES = [Case(stdin=b"a", files={"in.txt": b"one"}), Case(stdin=b"b", files={"in.txt": b"two"})]


def side(text: str) -> list[str]:
    return [sys.executable, "-S", "-c", text]


def test_the_same_effects_are_the_same_on_every_case() -> None:
    found = program_effects(side(COPY), side(COPY + "# the same\n"), CASES)
    assert (found["verdict"], found["count"], found["differences"]) == ("same", 2, [])
    assert min(found["original_events"], found["translated_events"]) > 2


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (COPY.replace("'out.txt'", "'other.txt'"), "out.txt"),
        (COPY.replace(".read())\nprint", ".read() + '.')\nprint"), "out.txt"),
        (COPY.replace("print(sys.stdin.read())", "print('c')"), "stdout"),
    ],
)
def test_another_effect_is_a_difference_that_is_named(changed: str, named: str) -> None:
    found = program_effects(side(COPY), side(changed), CASES)
    assert found["verdict"] == "different"
    assert any(named in each for each in found["differences"])


def test_a_side_that_does_not_start_is_an_error() -> None:
    with pytest.raises(TraceError):
        program_effects(["/nowhere/program"], side(COPY), CASES)
