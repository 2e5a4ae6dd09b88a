"""Each rule fires on its example and rests on the other, and mends change nothing that is printed."""

from __future__ import annotations

import pytest

from sovereign.migration.ruchy import World, run_text
from sovereign.migration.ruchy.lint import RULES, lint, mended


def printed(text: str) -> str:
    written: list[str] = []
    run_text(text, World(written.append))
    return "".join(written)


def test_there_are_enough_rules() -> None:
    assert len(RULES) >= 12


@pytest.mark.parametrize("name", RULES)
def test_rule_fires_on_its_example_and_rests_on_the_other(name: str) -> None:
    rule = RULES[name]
    assert [each.code for each in lint("a.ruchy", rule.fires, (name,))] == [f"lint.{name}"]
    assert lint("a.ruchy", rule.rests, (name,)) == []


@pytest.mark.parametrize("name", ["unused_import", "needless_mut", "missing_mut", "compared_with_truth"])
def test_a_mend_ends_the_remark_and_changes_nothing(name: str) -> None:
    before = RULES[name].fires
    after = mended("a.ruchy", before)
    assert after != before
    assert lint("a.ruchy", after, (name,)) == []
    assert printed(after) == printed(before)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("let a = Some(1)\nmatch a { Some(x) => println(x) }", "a match leaves variants out: `None`"),
        ('let a = "4".parse::<i64>()\nmatch a { Err(e) => println(e) }', "a match leaves variants out: `Ok`"),
        ("match 1 > 2 { true => println(1) }", "a match leaves variants out: `false`"),
        ("match 5 { 1 => println(1), n if n > 2 => println(n) }", "a match has no arm for other values"),
        ("match 1 > 2 { true => println(1), false => println(2) }", None),
        ("let a = Some(1)\nmatch a { Some(x) => println(x), None => {} }", None),
        ("match 5 { 1 => println(1), n => println(n) }", None),
        ("match 5 { ..=3 => println(1), 4.. => println(2) }", None),
    ],
)
def test_a_match_of_any_kind_may_leave_something_out(text: str, missing: str | None) -> None:
    assert [each.message for each in lint("a.ruchy", text, ("missing_arm",))] == ([missing] if missing else [])


def test_while_true_becomes_loop() -> None:
    text = "let mut i = 0\nwhile true { i += 1\nif i > 2 { break } }\nprintln(i)"
    assert mended("a.ruchy", text) == text.replace("while true", "loop")


def test_a_remark_points_at_its_place() -> None:
    (found,) = lint("a.ruchy", "let used = 1\nlet unused = used\n")
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 5)
