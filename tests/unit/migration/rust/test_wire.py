"""Calls of a Rust program by the protocol of `equivalence`: `support/wire.rs` beside the words of `plain.py`."""

from __future__ import annotations

import sys

import pytest

from sovereign.migration.equivalence import Command, Signature, Verdict, fuzz
from sovereign.migration.rust.build import Job, compile_program
from sovereign.migration.rust.library import HEADER, support_library

# The first test compiles the support module, which a busy machine takes its time for.
pytestmark = pytest.mark.timeout(300)

TYPES = {
    "int": "Int",
    "float": "f64",
    "bool": "bool",
    "none": "()",
    "str": "Str",
    "bytes": "Bytes",
    "list[int]": "List<Int>",
    "tuple[str, ...]": "Seq<Str>",
    "set[int]": "Set<Int>",
    "frozenset[str]": "FrozenSet<Str>",
    "dict[str, list[float]]": "Dict<Str, List<f64>>",
    "tuple[int, bool]": "(Int, bool)",
    "optional[dict[int, none]]": "Option<Dict<Int, ()>>",
}
PYTHON = """def same(a):
    return a

def half(a):
    print("half of", a)
    return a // 2

def add(a):
    a.append(7)
    return len(a)

def wrong(a):
    return a + 1

def raises(a):
    raise ValueError(f"no: {a}")
"""
CALLS = """
fn call(name: &str, words: &mut WireWords) -> Option<String> {
    match name {
        "half" => {
            let a: i64 = words.take()?;
            say!("half of {a}");
            Some(wire_reply(&floor_div(a, 2), &wire_text(&(a,))))
        }
        "add" => {
            let a: List<Int> = words.take()?;
            a.append(Int::from(7i64));
            Some(wire_reply(&Ok(a.len()), &wire_text(&(a,))))
        }
        "wrong" => {
            let a: i64 = words.take()?;
            Some(wire_reply(&Ok(a.wrapping_add(1)), &wire_text(&(a,))))
        }
        "raises" => {
            let a: Int = words.take()?;
            let raised: Result<i64, Exc> = Err(Exc::new(&VALUE_ERROR, format!("no: {a}")));
            Some(wire_reply(&raised, &wire_text(&(a,))))
        }
SAME
        _ => None,
    }
}

fn main() {
    run_main(|| serve_calls(call));
}
"""
ARM = """        "same_NUMBER" => {
            let a: TYPE = words.take()?;
            Some(wire_reply(&Ok(a.clone()), &wire_text(&(a,))))
        }"""


@pytest.fixture(name="sides", scope="module")
def _sides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    arms = [ARM.replace("NUMBER", str(n)).replace("TYPE", kind) for n, kind in enumerate(TYPES.values())]
    text = HEADER + CALLS.replace("SAME", "\n".join(arms))
    built = compile_program(Job(text, folder / "program", externs=(("support", support_library()),)))
    module = folder / "module.py"
    module.write_text(PYTHON + "\n".join(f"same_{n} = same" for n in range(len(TYPES))))
    driver = "sovereign.migration.equivalence.driver"
    return Command.of(sys.executable, "-m", driver, module), Command.of(built.path)


@pytest.mark.parametrize(("number", "kind"), list(enumerate(TYPES)))
def test_values_of_a_type_come_and_go_unchanged(sides, number, kind):
    (found,) = fuzz(*sides, [Signature.of(f"same_{number}", kind)], inputs=150)
    assert found.failure is None
    assert (found.compared, found.declined) == (150, 0)


def test_integers_that_do_not_fit_are_declined_and_output_is_seen(sides):
    (found,) = fuzz(*sides, [Signature.of("half", "int")], inputs=200)
    assert found.verdict is Verdict.SAME
    assert found.declined > 0


def test_arguments_that_are_changed_and_exceptions_are_seen(sides):
    found = fuzz(*sides, [Signature.of("add", "list[int]"), Signature.of("raises", "int")], inputs=100)
    assert [each.verdict for each in found] == [Verdict.SAME, Verdict.SAME]


def test_a_wrong_answer_is_found(sides):
    (found,) = fuzz(*sides, [Signature.of("wrong", "int")], inputs=200)
    assert found.verdict is Verdict.DIFFERENT
    assert found.failure.arguments == f"wrong({2**63 - 1})"
