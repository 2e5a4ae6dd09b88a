from pathlib import Path

import pytest

from sovereign.migration.depyler.translate import prepare

ROOT = Path(__file__).parents[4]
KERNELS = ROOT / "benchmarks" / "depyler_speed" / "kernels"
CORPUS = ROOT / "tests" / "corpus" / "python"
PROGRAMS = [
    *(KERNELS / f"{name}.py" for name in ("richards", "deltablue", "json_parse", "word_count")),
    *(
        CORPUS / f"{name}.py"
        for name in ("work_bank/ledger", "classes/nested", "closures/nonlocal", "generators/delegation")
    ),
    *(CORPUS / f"{name}.py" for name in ("functions/star_args", "matching/classes", "exceptions/custom")),
]


def prepared(path):
    made = prepare(path.read_text(encoding="utf-8"), path.name)
    assert not made.diagnostics
    return made.program


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_what_was_lowered_last_stands_for_all_that_was_learned(path):
    program = prepared(path)
    items = {instance: instance.item for instance in program.reachable()}
    for instance in items:
        instance.dirty = True
    program.solve()
    assert {instance: instance.item for instance in program.reachable()} == items


def test_a_function_is_lowered_once_where_nothing_that_it_relies_on_changes():
    source = "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return f(x) * 2\n\n\nprint(g(3))\n"
    program = prepare(source).program
    assert [instance.runs for instance in program.reachable()] == [1, 1, 1]


def test_a_loop_is_written_anew_without_its_function():
    source = "total = 0\nfor i in range(10):\n    total += i\nprint(total)\n"
    assert prepare(source).program.main.runs == 1


def test_what_was_taken_back_is_relied_on_no_more():
    program = prepare("print(1)\n").program
    main = program.main
    moment = main.begun
    assert main.holds(moment)
    main.take_back(moment)
    assert not main.holds(moment)
