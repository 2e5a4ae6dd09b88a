from __future__ import annotations

import os
import sys

import pytest

from sovereign.errors import NotFound, ParameterError
from sovereign.migration.equivalence import Case, Verdict, read_cases, read_signature, validate

ORIGINAL = (
    "import sys\ndef half(n):\n    return n // 2\nif __name__ == '__main__':\n    print(half(int(sys.argv[1])))\n"
)


@pytest.fixture(name="original")
def _original(tmp_path):
    path = tmp_path / "original.py"
    path.write_text(ORIGINAL)
    return path


def program(tmp_path, name: str, text: str):
    """An executable file, as a translation would be."""
    path = tmp_path / name
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)
    return path


def calls(tmp_path, text: str):
    module = tmp_path / "translated.py"
    module.write_text(text)
    driver = f"import sys\nfrom sovereign.migration.equivalence.driver import main\nsys.exit(main([{str(module)!r}]))\n"
    return program(tmp_path, "calls", driver)


def test_a_translation_is_compared_fuzzed_and_timed(tmp_path, original):
    found = validate(
        original,
        program(tmp_path, "program", ORIGINAL),
        cases=[Case(("7",)), Case(("-7",)), Case()],
        signatures=[read_signature("half(int)")],
        calls=calls(tmp_path, ORIGINAL),
        inputs=50,
        repeats=1,
    )
    assert found.verdict is Verdict.SAME
    assert [each.compared for each in found.fuzzed] == [50]
    assert len(found.speeds) == 3


def test_a_case_and_a_function_that_differ_are_found(tmp_path, original):
    wrong = ORIGINAL.replace("n // 2", "int(n / 2)")
    found = validate(
        original,
        program(tmp_path, "program", wrong),
        cases=[Case(("7",)), Case(("-7",))],
        signatures=[read_signature("half(int)")],
        calls=calls(tmp_path, wrong),
        inputs=50,
    )
    assert [outcome.verdict for outcome in found.report.outcomes] == [Verdict.SAME, Verdict.DIFFERENT]
    assert found.fuzzed[0].verdict is Verdict.DIFFERENT
    assert found.speeds == ()


def test_a_missing_side_is_never_a_pass(tmp_path, original):
    for sides in ((original, tmp_path / "nothing"), (tmp_path / "nothing.py", original)):
        with pytest.raises(NotFound) as caught:
            validate(*sides, cases=[Case()])
        assert caught.value.code == "equivalence.missing_side"


def test_functions_need_a_side_that_answers_calls(original):
    with pytest.raises(ParameterError) as caught:
        validate(original, original, cases=[Case(("1",))], signatures=[read_signature("half(int)")])
    assert caught.value.code == "equivalence.no_cases"


def test_a_signature_is_read():
    assert [str(kind) for kind in read_signature("a.b(int, dict[str, list[int]], tuple[int, ...])").parameters] == [
        "int",
        "dict[str, list[int]]",
        "tuple[int, ...]",
    ]
    assert read_signature("f()").parameters == ()


@pytest.mark.parametrize("text", ["f", "f(int", "(int)", "f(what)", "f(int) -> int"])
def test_a_signature_that_is_none_is_refused(text):
    with pytest.raises(ParameterError) as caught:
        read_signature(text)
    assert caught.value.code == "equivalence.type"


def test_cases_are_read():
    text = '[{"name": "n", "arguments": ["a"], "stdin": "é", "files": {"d/x": "1"}, "environment": {"A": "b"}}, {}]'
    assert read_cases(text) == [Case(("a",), "é".encode(), {"d/x": b"1"}, {"A": "b"}, "n"), Case()]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '[{"argument": []}]', '[{"arguments": "a"}]', '[{"arguments": [1]}]', '[{"files": {"a": 1}}]'],
)
def test_cases_that_are_none_are_refused(text):
    with pytest.raises(ParameterError) as caught:
        read_cases(text)
    assert caught.value.code == "equivalence.cases"
    assert os.linesep not in str(caught.value)
