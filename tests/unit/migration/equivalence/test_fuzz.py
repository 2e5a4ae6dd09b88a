from __future__ import annotations

import json
import sys
import time

import pytest

from sovereign.errors import DeviceError, ParameterError
from sovereign.migration.equivalence import Case, Command, Findings, Signature, Speed, Verdict, fuzz, run_both
from sovereign.migration.equivalence.driver import answer
from sovereign.shell.exit import ExitCode

SAME = "def f(a):\n    return a\n"
DRIVER = "sovereign.migration.equivalence.driver"


@pytest.fixture(name="side")
def _side(tmp_path):
    """Makes a side that answers calls out of the text of a module."""
    made = []

    def make(text: str) -> Command:
        path = tmp_path / f"module{len(made)}.py"
        path.write_text(text)
        made.append(path)
        return Command.of(sys.executable, "-m", DRIVER, path)

    return make


def one(original: Command, translated: Command, *parameters: str, inputs: int = 200):
    (found,) = fuzz(original, translated, [Signature.of("f", *parameters)], inputs=inputs, timeout_s=2)
    return found


def test_the_same_function_gives_the_same(side):
    text = "def f(a, b):\n    print(a)\n    b.append(a)\n    return {a: b}, 7 // a\n"
    found = one(side(text), side(text), "int", "list[float]")
    assert (found.verdict, found.compared, found.failure) == (Verdict.SAME, 200, None)


@pytest.mark.parametrize(
    ("original", "translated", "kind"),
    [
        ("return a // 2", "return int(a / 2)", "int"),
        ("return a + 1", "return (a + 1 + 2**63) % 2**64 - 2**63", "int"),
        ("return a", "return float(a)", "int"),
        ("return a + 0.0", "return a", "float"),
        ("return len(a)", "return len(a.encode())", "str"),
        ("return a[0]", "return a[0] if a else 0", "list[int]"),
        ("raise ValueError(a)", "raise KeyError(a)", "int"),
        ("raise ValueError('a')", "raise ValueError('b')", "int"),
        ("print(a)", "print(a, '')", "int"),
        ("a.append(1)", "a.append(2)", "list[int]"),
        ("return list(a)", "return sorted(a)", "dict[str, int]"),
        ("return a", "return 0 if a == 7 and exit() is None else a", "int"),
    ],
)
def test_a_function_that_does_something_else_is_found(side, original, translated, kind):
    found = one(side(f"def f(a):\n    {original}\n"), side(f"def f(a):\n    {translated}\n"), kind)
    assert found.verdict is Verdict.DIFFERENT
    assert found.differing >= 1
    assert found.failure.original != found.failure.translated


def test_a_failure_is_made_small(side):
    original = side("def f(a):\n    return max(a, default=0) < 50\n")
    found = one(original, side("def f(a):\n    return True\n"), "list[int]")
    assert found.failure.arguments == "f([50])"
    assert found.failure.original == "gave False; left ([50],)"


def test_order_of_sets_does_not_count(side):
    text = "def f(a):\n    return {a}, {str(n) for n in range(5)}\n"
    assert one(side(text), side(text), "str").verdict is Verdict.SAME


def test_a_translation_that_dies_or_hangs_is_found_and_goes_on(side):
    dies = "import os\ndef f(a):\n    return os._exit(3) if a == -1 else a\n"
    found = one(side(SAME), side(dies), "int", inputs=60)
    assert (found.differing >= 1, found.failure.translated) == (True, "died, exit code 3")
    hangs = "def f(a):\n    while a == 255: pass\n    return a\n"
    (found,) = fuzz(side(SAME), side(hangs), [Signature.of("f", "int")], inputs=20, timeout_s=0.5)
    assert found.failure.translated == "hung"


def test_an_original_that_dies_is_not_measured_there(side):
    dies = "import os\ndef f(a):\n    return os._exit(3) if a < 0 else a\n"
    found = one(side(dies), side(SAME), "int", inputs=40)
    assert found.verdict is Verdict.SAME
    assert found.unmeasured > 0
    assert found.compared == 40 - found.unmeasured
    always = side("import os\ndef f(a):\n    os._exit(3)\n")
    assert one(always, side(SAME), "int", inputs=5).verdict is Verdict.UNMEASURED


def test_inputs_that_a_side_cannot_take_are_declined(side, tmp_path):
    declines = tmp_path / "declines.py"
    declines.write_text(
        "import sys\nprint('\\x01ready', flush=True)\nfor line in sys.stdin:\n"
        "    n = int(line.split()[-1][1:])\n"
        "    print(f'\\x01r\\ti{n}\\tt1 i{n}' if abs(n) < 2**63 else '\\x01u', flush=True)\n"
    )
    found = one(side(SAME), Command.of(sys.executable, declines), "int")
    assert found.verdict is Verdict.SAME
    assert found.declined > 0
    assert found.compared + found.declined == 200


def test_a_side_that_does_not_speak_is_an_error(side, tmp_path):
    silent = tmp_path / "silent.py"
    silent.write_text("print('hello')\n")
    with pytest.raises(DeviceError) as caught:
        one(side("def f(a): pass"), Command.of(sys.executable, silent), "int")
    assert caught.value.code == "equivalence.run"
    silent.write_text("print('\\x01ready\\n\\x01nonsense', flush=True)\ninput()\n")
    with pytest.raises(DeviceError):
        one(side("def f(a): pass"), Command.of(sys.executable, silent), "int", inputs=1)


def test_an_original_that_cannot_be_imported_says_why(side):
    original = side("import sys\nprint('so far')\nlimit = int(sys.argv[2])\ndef f(a): pass")
    with pytest.raises(DeviceError, match="IndexError: list index out of range") as caught:
        one(original, side("def f(a): pass"), "int")
    assert caught.value.code == "equivalence.run"
    with pytest.raises(DeviceError, match="SystemExit: 3"):
        one(side("raise SystemExit(3)"), side("def f(a): pass"), "int")


def test_no_function_is_an_error(side):
    with pytest.raises(ParameterError):
        fuzz(side(""), side(""), [])


def test_a_thousand_inputs_take_a_moment(side):
    text = "def f(a, b):\n    return a * 2, b\n"
    left, right = side(text), side(text)
    one(left, right, "int", "str", inputs=1)
    started = time.monotonic()
    found = one(left, right, "int", "str", inputs=1000)
    assert found.compared == 1000
    assert time.monotonic() - started < 10  # 0.4 s on an idle machine, two starts of Python included


def test_the_driver_says_what_a_function_did():
    assert answer(divmod, "t2 i7 i2") == "r\tt2 i3 i1\tt2 i7 i2"
    assert answer(divmod, "t2 i7 i0").startswith("x\tZeroDivisionError\t")


def test_findings_are_data_a_page_and_rows(side, tmp_path):
    original, translated = tmp_path / "a.py", tmp_path / "b.py"
    original.write_text("print('<b>&')\n")
    translated.write_text("print('<i>')\n")
    sides = Command.of(sys.executable, original), Command.of(sys.executable, translated)
    report = run_both(*sides, [Case(("--x",))])
    fuzzed = fuzz(side(SAME), side("def f(a):\n    return -a\n"), [Signature.of("f", "int")], inputs=50)
    findings = Findings(report, tuple(fuzzed), (Speed(Case(name="all"), (0.2, 0.3), (0.1, 0.4)),))
    data = json.loads(json.dumps(findings.to_json()))
    assert data["verdict"] == "different"
    assert data["cases"][0]["differences"][0]["what"] == "stdout"
    assert data["fuzzed"][0]["failure"]["arguments"] == "f(1)"
    assert data["speeds"][0]["ratio"] == 2.0
    assert findings.case_rows() == [["--x", "different", "stdout", r"line 1: '<b>&\n'", r"line 1: '<i>\n'"]]
    assert findings.fuzz_rows()[0][:2] == ["f(int)", "different"]
    assert findings.speed_rows() == [["all", "200.0", "100.0", "2.0"]]
    html = findings.html()
    assert "&lt;b&gt;&amp;" in html
    assert "<b>" not in html
    assert "Random inputs" in html
    assert findings.exit_code is ExitCode.NO


def test_nothing_unmeasured_ends_well(side, tmp_path):
    path = tmp_path / "a.py"
    path.write_text("print(1)\n")
    same = Command.of(sys.executable, path)
    report = run_both(same, same, [Case()])
    assert Findings(report).exit_code is ExitCode.OK
    assert "Random inputs" not in Findings(report).html()
    unmeasured = one(side("import os\ndef f(a):\n    os._exit(1)\n"), side("def f(a): pass\n"), "int", inputs=3)
    assert Findings(report, (unmeasured,)).exit_code is ExitCode.CANNOT
