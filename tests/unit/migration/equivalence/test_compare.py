from __future__ import annotations

import sys
import time

import pytest

from sovereign.errors import DeviceError, NotFound, ParameterError
from sovereign.migration.equivalence import Case, Command, Verdict, benchmark, observe, run_both, stderr_class

ONE = (Case(),)


@pytest.fixture(name="side")
def _side(tmp_path):
    """Makes a side out of a program text."""
    made = []

    def make(text: str) -> Command:
        path = tmp_path / f"side{len(made)}.py"
        path.write_text(text)
        made.append(path)
        return Command.of(sys.executable, path)

    return make


def differences(original: Command, translated: Command, *cases: Case) -> list[tuple[str, str, str]]:
    report = run_both(original, translated, cases or ONE)
    assert report.verdict is Verdict.DIFFERENT
    return [(each.what, each.original, each.translated) for each in report.outcomes[0].differences]


def test_programs_that_do_the_same_are_the_same(side):
    text = "import sys\nprint(sys.argv[1:], input())\nopen('out', 'w').write('x')\nsys.exit(3)\n"
    cases = (Case(("a", "b"), b"line\n"), Case((), b"other\n", {"in": b"1"}, {"X": "1"}))
    report = run_both(side(text), side(f"{text}\n"), cases)
    assert report.verdict is Verdict.SAME
    assert [outcome.verdict for outcome in report.outcomes] == [Verdict.SAME, Verdict.SAME]
    assert report.outcomes[0].original_s > 0


def test_output_differs_by_a_byte(side):
    found = differences(side("print('a')\nprint('b ')"), side("print('a')\nprint('b')"))
    assert found == [("stdout", r"line 2: 'b \n'", r"line 2: 'b\n'")]


def test_output_that_ends_early_differs(side):
    assert differences(side("print('a')\nprint('b')"), side("print('a')")) == [
        ("stdout", r"line 2: 'b\n'", "line 2: the end")
    ]


def test_output_that_is_no_text_differs_too(side):
    raw = "import sys\nsys.stdout.buffer.write(b'\\xff{}')\n"
    assert differences(side(raw.format("a")), side(raw.format("b"))) == [
        ("stdout", r"line 1: '\\xffa'", r"line 1: '\\xffb'")
    ]


def test_the_exit_code_differs(side):
    assert differences(side("exit(3)"), side("exit(4)")) == [("exit code", "3", "4")]


def test_the_kind_of_error_differs_and_its_words_do_not_count(side):
    assert run_both(side("raise ValueError('a')"), side("raise ValueError('b')"), ONE).verdict is Verdict.SAME
    assert differences(side("raise ValueError('a')"), side("raise KeyError('a')")) == [
        ("stderr", "ValueError", "KeyError")
    ]
    assert ("stderr", "ValueError", "empty") in differences(side("raise ValueError('a')"), side("exit(1)"))


def test_files_that_are_left_differ(side):
    case = Case(files={"keep/in.txt": b"1", "gone": b"2"})
    keep = side("")
    write = side("open('new', 'w').write('x')\nopen('keep/in.txt', 'w').write('9')")
    remove = side("import os\nos.remove('gone')\nos.mkdir('d')\nos.symlink('d', 'l')")
    assert [what for what, _, _ in differences(keep, write, case)] == ["file keep/in.txt", "file new"]
    assert differences(keep, remove, case)[:2] == [("file d", "absent", "folder"), differences(keep, remove, case)[1]]
    assert ("file l", "absent", "link to d") in differences(keep, remove, case)
    assert run_both(write, write, (case,)).verdict is Verdict.SAME


def test_a_translation_that_hangs_is_different(side):
    report = run_both(side("print(1)"), side("while True: pass"), ONE, timeout_s=1)
    assert report.verdict is Verdict.DIFFERENT
    assert report.outcomes[0].differences[0].what == "time"


def test_an_original_that_hangs_is_not_measured(side):
    report = run_both(side("while True: pass"), side("print(1)"), ONE, timeout_s=0.5)
    assert report.verdict is Verdict.UNMEASURED
    assert report.outcomes[0].reason == "the original did not end within 0.5 s"


def test_an_original_that_never_answers_alike_is_not_measured(side):
    report = run_both(side("import time\nprint(time.time_ns())"), side("print(1)"), ONE)
    assert report.verdict is Verdict.UNMEASURED
    assert report.outcomes[0].reason == "the original does not answer alike twice"


def test_a_side_that_does_not_start_is_not_measured(side, tmp_path):
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF no program")
    broken.chmod(0o755)
    report = run_both(side("print(1)"), Command.of(broken), ONE)
    assert report.verdict is Verdict.UNMEASURED
    assert "does not start" in report.outcomes[0].reason


def test_one_unmeasured_case_spoils_a_pass(side):
    text = "import sys\nif sys.argv[1:]:\n    import time; time.sleep(9)\n"
    report = run_both(side(text), side(text), (Case(), Case(("slow",))), timeout_s=1)
    assert [outcome.verdict for outcome in report.outcomes] == [Verdict.SAME, Verdict.UNMEASURED]
    assert report.verdict is Verdict.UNMEASURED


def test_a_missing_side_is_an_error(tmp_path):
    for words in (("/nowhere/at/all",), (sys.executable, tmp_path / "nothing.py")):
        with pytest.raises(NotFound) as caught:
            Command.of(*words)
        assert caught.value.code == "equivalence.missing_side"


def test_no_case_is_an_error(side):
    with pytest.raises(ParameterError) as caught:
        run_both(side(""), side(""), ())
    assert caught.value.code == "equivalence.no_cases"


def test_a_run_sees_the_same_surroundings_everywhere(side, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    shows = side("import os\nprint('SECRET' in os.environ, os.environ['TZ'], os.environ['HOME'] == os.getcwd())")
    assert observe(shows, Case(), tmp_path, timeout_s=9).stdout == b"False UTC True\n"


def test_what_a_program_starts_ends_with_it(side, tmp_path):
    text = "import subprocess, sys\nsubprocess.Popen(['sleep', '60'])\nprint('done')\n"
    started = time.monotonic()
    assert observe(side(text), Case(), tmp_path, timeout_s=20).stdout == b"done\n"
    assert time.monotonic() - started < 15


def test_a_program_that_prints_without_end_is_stopped(side, tmp_path):
    seen = observe(side("while True: print('x' * 9999)"), Case(), tmp_path, timeout_s=25)
    assert seen.is_timed_out
    assert len(seen.stdout) <= 64 << 20


def test_a_program_that_wants_all_memory_does_not_get_it(side, tmp_path):
    seen = observe(side("import time\ntime.sleep(0.2)\nbytearray(16 << 30)"), Case(), tmp_path, timeout_s=20)
    assert seen.stderr_class == "MemoryError"


@pytest.mark.parametrize(
    ("stderr", "kind"),
    [
        (b"", ""),
        (b"\n\n", ""),
        (b"KeyError: 'a'\n\n", "KeyError"),
        (b"plain\n", "plain"),
        (b"a: b\nmod.Error\n", "mod.Error"),
    ],
)
def test_standard_error_has_a_kind(stderr, kind):
    assert stderr_class(stderr) == kind


def test_speed_is_measured_in_turns(side):
    speed = benchmark(side("import time\ntime.sleep(0.3)"), side(""), Case(), repeats=2)
    assert len(speed.original_s) == len(speed.translated_s) == 2
    assert speed.ratio > 1
    assert speed.medians_s[0] >= min(speed.original_s)


def test_speed_of_a_program_that_hangs_is_an_error(side):
    with pytest.raises(DeviceError) as caught:
        benchmark(side(""), side("while True: pass"), Case(), timeout_s=0.5)
    assert caught.value.code == "equivalence.run"
