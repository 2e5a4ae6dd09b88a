"""`sovereign.migration.depyler.answering`: the functions of a program answer calls as the original's do."""

from __future__ import annotations

import re
import sys
import textwrap

import pytest

from sovereign.errors import SourceError
from sovereign.migration.depyler import answering, compile_calls
from sovereign.migration.equivalence import Command, Verdict, fuzz

pytestmark = pytest.mark.timeout(300)

PROGRAM = textwrap.dedent('''
    """Functions of many kinds."""

    from dataclasses import dataclass

    SEEN: list[int] = [3]


    @dataclass
    class Point:
        x: int


    def halved(n):
        return n // 2


    def mixed(n):
        return str(n) if n % 2 else n


    def found(words: list[str], wanted: str = "a") -> int | None:
        return words.index(wanted) if wanted in words else None


    def shared(numbers: list[int]):
        SEEN.append(len(numbers))
        numbers.sort()
        return SEEN[0], numbers


    def deep(n: int) -> int:
        return 0 if n == 0 else 1 + deep(n - 1)


    def divided(a: float, b: float) -> float:
        return a / b


    def moved(point: Point) -> int:
        return point.x


    def applied(function, value):
        return function(value)


    def untold(anything):
        return anything


    def nothing():
        return {"a": (1, b"\\0")}


    if __name__ == "__main__":
        print(halved(7), mixed(1), applied(abs, -1), shared([2, 1]))
''')


@pytest.fixture(name="sides", scope="module")
def _sides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("answering")
    original = folder / "program.py"
    original.write_text(PROGRAM)
    found = compile_calls(original, folder / "calls")
    command = Command.of(sys.executable, "-m", "sovereign.migration.equivalence.driver", original)
    return found, command, Command.of(folder / "calls")


def test_functions_of_plain_data_are_served_and_the_others_named(sides):
    found, _, _ = sides
    assert sorted(map(str, found.signatures)) == [
        "deep(int)",
        "divided(float, float)",
        "found(list[str], str)",
        "halved(int)",
        "mixed(int)",
        "nothing()",
        "shared(list[int])",
    ]
    assert sorted(found.left_out) == ["applied", "moved", "untold"]
    assert all(found.left_out.values())


def test_answers_are_those_of_the_original(sides):
    found, original, translated = sides
    for each in fuzz(original, translated, list(found.signatures), inputs=120, seed=5):
        assert each.verdict is Verdict.SAME, each


def test_the_run_of_the_program_itself_does_not_begin():
    text = 'if __name__ == "__main__":\n    print("it began")\n\n\ndef f(n: int) -> int:\n    return n\n'
    assert "it began" not in answering(text).translation.text


def test_names_of_the_program_may_be_those_of_the_serving_side():
    text = textwrap.dedent("""
        def words(given_1: int) -> int:
            return given_1


        def answer_words(words_: int) -> int:
            return words(words_)


        def answer_call(name: str) -> str:
            return name


        print(answer_words(1), answer_call("a"))
    """)
    functions = re.findall(r"^fn (\w+)", answering(text).translation.text, re.MULTILINE)
    assert len(functions) == len(set(functions)) == 10


def test_what_is_refused_makes_no_program(tmp_path):
    source = tmp_path / "clever.py"
    source.write_text("def f(n: int):\n    return eval(str(n))\n\n\nprint(f(1))\n")
    with pytest.raises(SourceError) as raised:
        compile_calls(source, tmp_path / "calls")
    assert raised.value.code == "depyler.refused"
    assert sorted(tmp_path.iterdir()) == [source]


def test_a_function_that_gives_a_value_of_json_is_left_out_with_the_reason():
    text = textwrap.dedent("""
        import json


        def load(text: str):
            return json.loads(text)


        def size(text: str) -> int:
            return len(text)
    """)
    found = answering(text)
    assert [each.name for each in found.signatures] == ["size"]
    assert "no plain data" in found.left_out["load"]
