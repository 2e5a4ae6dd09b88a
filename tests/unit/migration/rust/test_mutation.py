"""The harness of `equivalence` is tested with mutants here, above both rooms' fronts: they are built as Rust."""

from __future__ import annotations

import pytest

from sovereign.migration.equivalence import Case, Command, Verdict, run_both
from sovereign.migration.rust import tree
from sovereign.migration.rust.build import Built, Job, compile_many
from sovereign.migration.rust.law import check
from sovereign.migration.rust.mutation import mutants
from sovereign.migration.rust.printer import print_program

I64 = tree.NamedType("i64")
TEXT = tree.NamedType("String")


def name(path: str) -> tree.Name:
    return tree.Name(path)


def number(value: int) -> tree.Integer:
    return tree.Integer(value)


def binary(left, operator: str, right) -> tree.Binary:
    return tree.Binary(operator, left, right)


def let(what: str, value, *, mutable: bool = False) -> tree.Let:
    return tree.Let(tree.Bind(what, mutable), value=value)


def say(text: str, *values) -> tree.Evaluate:
    return tree.Evaluate(tree.MacroCall("println", (tree.Text(text), *values)))


def function(title: str, parameters: str, result, *statements, value=None) -> tree.Function:
    given = tuple(tree.Parameter(each, I64, mutable=True) for each in parameters.split())
    return tree.Function(title, given, result, tree.Block(statements, value))


GCD = function(
    "gcd",
    "a b",
    I64,
    tree.While(
        binary(name("b"), "!=", number(0)),
        tree.Block(
            (
                let("rest", binary(name("a"), "%", name("b"))),
                tree.Assign(name("a"), name("b")),
                tree.Assign(name("b"), name("rest")),
            )
        ),
    ),
    value=name("a"),
)
SUM = function(
    "weigh",
    "n",
    I64,
    let("total", number(0), mutable=True),
    tree.For(
        tree.Bind("i"),
        tree.Range(number(1), name("n"), inclusive=True),
        tree.Block(
            (
                tree.Evaluate(
                    tree.If(
                        tree.Binary(
                            "||",
                            binary(binary(name("i"), "%", number(3)), "==", number(0)),
                            binary(binary(name("i"), "%", number(5)), "==", number(0)),
                        ),
                        tree.Block((tree.Assign(name("total"), name("i"), "+="),)),
                        tree.Block((tree.Assign(name("total"), number(2), "-="),)),
                    )
                ),
            )
        ),
    ),
    value=name("total"),
)
GRADE = function(
    "grade",
    "n",
    TEXT,
    let(
        "text",
        tree.If(
            tree.Binary("&&", binary(name("n"), ">=", number(10)), binary(name("n"), "<", number(20))),
            tree.Block(value=tree.Text("middle")),
            tree.Block(value=tree.Text("other")),
        ),
    ),
    value=tree.Method(name("text"), "to_string"),
)
MAIN = function(
    "main",
    "",
    None,
    tree.For(
        tree.Bind("word"),
        tree.Method(tree.Call(name("std::env::args")), "skip", (number(1),)),
        tree.Block(
            (
                let("n", tree.Method(tree.Method(name("word"), "parse", (), (I64,)), "unwrap")),
                say("gcd {}", tree.Call(name("gcd"), (name("n"), binary(name("n"), "+", number(6))))),
                say("weight {}", tree.Call(name("weigh"), (name("n"),))),
                say("grade {}", tree.Call(name("grade"), (name("n"),))),
                say("bits {}", binary(binary(name("n"), "<<", number(2)), "^", binary(name("n"), "&", number(3)))),
            )
        ),
    ),
)
PROGRAM = tree.Program((GCD, SUM, GRADE, MAIN), attributes=(tree.Attribute("allow(warnings)"),))
CASES = [Case(("1", "9", "10", "15", "16", "19", "20", "35")), Case(("0",)), Case(("-4",)), Case(("x",)), Case()]


def test_mutants_are_valid_and_differ_in_one_place():
    right = print_program(PROGRAM).text.splitlines()
    assert check(PROGRAM) == []
    found = mutants(PROGRAM)
    assert len(found) > 35
    for mutant in found:
        wrong = print_program(mutant.program).text.splitlines()
        assert sum(one != other for one, other in zip(right, wrong, strict=True)) == 1, mutant.what
        assert check(mutant.program) == []


def test_a_seed_chooses_the_same_mutants():
    assert mutants(PROGRAM, seed=1, count=5) == mutants(PROGRAM, seed=1, count=5)
    assert mutants(PROGRAM, seed=1, count=5) != mutants(PROGRAM, seed=2, count=5)
    assert len(mutants(PROGRAM, count=5)) == 5


@pytest.mark.timeout(300)
def test_the_harness_notices_wrong_programs(tmp_path):
    wrong = mutants(PROGRAM)
    texts = [print_program(PROGRAM).text, *(print_program(mutant.program).text for mutant in wrong)]
    jobs = [Job(text, tmp_path / f"program{place}", uses_cache=False) for place, text in enumerate(texts)]
    original, *built = compile_many(jobs)
    assert isinstance(original, Built)
    right = Command.of(original.path)
    assert run_both(right, right, CASES).verdict is Verdict.SAME
    missed = []
    measured = 0
    for mutant, answer in zip(wrong, built, strict=True):
        if isinstance(answer, Built):
            measured += 1
            verdict = run_both(right, Command.of(answer.path), CASES, timeout_s=2).verdict
            missed += [mutant] if verdict is not Verdict.DIFFERENT else []
    assert measured > 35
    assert len(missed) <= 0.05 * measured, [mutant.what for mutant in missed]
