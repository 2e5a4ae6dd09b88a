"""One meaning in both engines: our own programs and random ones print the same bytes and end the same way."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ruchy_engines
from ruchy_programs import Drawn, programs
from sovereign.migration.ruchy import World, check_text, run_file
from sovereign.migration.ruchy.compile_rust import RustCompiler
from sovereign.migration.ruchy.native import compile_native
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.rust import check

# Twenty programs are compiled as one crate; the first of them compiles the support library too.
pytestmark = pytest.mark.timeout(900)

CORPUS = Path(__file__).parents[3] / "corpus" / "ruchy"
WHOLE = os.environ.get("SOVEREIGN_CORPUS") == "all"
SHARE = 5
SIZE = 20
# Of twelve to sixteen programs each: several thousand programs in the long campaign.
RANDOM_CRATES = 250 if WHOLE else 1
NAMES = sorted(path.stem for path in CORPUS.glob("*.ruchy"))
CHOSEN = NAMES if WHOLE else NAMES[::SHARE]
GROUPS = [CHOSEN[start : start + SIZE] for start in range(0, len(CHOSEN), SIZE)]
REFUSED = dict(
    line.split(": ", 1) for line in (CORPUS / "not_compiled.txt").read_text(encoding="utf-8").splitlines() if line
)


def program(name: str) -> tuple[str, str]:
    path = CORPUS / f"{name}.ruchy"
    return str(path), path.read_text(encoding="utf-8")


@pytest.mark.parametrize("names", GROUPS, ids=[group[0] for group in GROUPS])
def test_programs_do_the_same_in_both_engines_or_are_refused_for_a_known_reason(names, tmp_path):
    verdicts = ruchy_engines.judge([program(name) for name in names], tmp_path)
    surprises = [
        f"{verdict.outcome} {name}: {verdict.detail}"
        for name, verdict in zip(names, verdicts, strict=True)
        if (verdict.outcome != "same" if name not in REFUSED else REFUSED[name] not in verdict.detail)
    ]
    assert not surprises, "\n".join(surprises)


def test_the_list_of_refusals_names_programs_that_exist():
    assert set(REFUSED) <= set(NAMES)


FAILING = """\
fun part(a, b) {
    let x = a + 1

    x / b
}

let words = env_args()
match words[0] {
    "tail" => println(part(1, 0)),
    "key" => {
        let found = {a: 1}
        println(found["b"])
    }
    "index" => println(words[7]),
    "closure" => println([1, 2].map(|n| n / (n - 2))),
    "caught" => {
        try { println(part(1, 0)) } catch e { println(e) }
        panic!("later")
    }
    "text" => println(words[0].to_int()),
    "file" => println(read_file("/nowhere/at/all")),
    "deep" => { fun down(n) { down(n + 1) + 1 }
        println(down(0)) }
    _ => throw words[0]
}
"""


def test_both_engines_say_on_which_line_a_program_fails(tmp_path):
    program = tmp_path / "failing.ruchy"
    program.write_text(FAILING, encoding="utf-8")
    compile_native(program, tmp_path / "failing", profile="debug")
    for word in ("tail", "key", "index", "closure", "caught", "text", "file", "thrown"):
        ending = run_file(str(program), World([].append, (word,)))
        assert ending.span is not None
        run = subprocess.run([tmp_path / "failing", word], capture_output=True, text=True, check=False)
        place = f"  --> {ending.span.path}:{ending.span.line}:{ending.span.column}"
        assert run.stderr.splitlines() == [ending.message, place], word


@pytest.mark.parametrize("name", NAMES[::SHARE])
def test_the_tree_of_a_program_keeps_the_law(name):
    path, text = program(name)
    if name not in REFUSED:
        assert check(on_large_stack(lambda: RustCompiler(check_text(path, text)).program())) == []


@pytest.mark.timeout(14_400 if WHOLE else 900)
@settings(max_examples=RANDOM_CRATES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(programs(), min_size=12, max_size=16))
def test_random_programs_do_the_same_in_both_engines(tmp_path_factory, drawn: list[Drawn]):
    texts = [("random.ruchy", each.braces()) for each in drawn]
    verdicts = ruchy_engines.judge(texts, tmp_path_factory.mktemp("random"))
    for (_, text), verdict in zip(texts, verdicts, strict=True):
        assert verdict.outcome in {"same", "refused"}, f"{verdict.detail}\n{text}"


def test_a_field_of_an_object_that_a_struct_may_hold_is_refused_by_name():
    text = "struct S { m }\nfun make(n) { if n > 0 { return {k: 1} }; nil }\nlet s = S { m: make(1) }\ns.m.k = 5\n"
    (first,) = ruchy_engines.compiled("given.ruchy", text).diagnostics
    assert "inside of the field `m` of `S`" in first.message


def test_what_is_not_compiled_is_refused_with_its_place():
    found = ruchy_engines.compiled("given.ruchy", "let x = 1\nlet f = sqrt\nprintln(f(x as f64))\n")
    (first,) = found.diagnostics
    assert (first.code, first.span.path, first.span.line) == ("ruchy.not_compiled", "given.ruchy", 2)
    assert "sqrt" in first.message
    assert found.text == ""
