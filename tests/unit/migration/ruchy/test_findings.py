"""What is refused, with which code and where; each construct that the language does not have says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sovereign.errors import SourceError
from sovereign.migration.ruchy import check_text, examine

if TYPE_CHECKING:
    from pathlib import Path


def refused(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(SourceError) as caught:
        check_text("a.ruchy", text)
    assert caught.value.code == "ruchy.refused"
    return [(each.code, each.span.line, each.span.column) for each in caught.value.diagnostics]  # type: ignore[attr-defined] # ours


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("let x = ", "ruchy.syntax"),
        ("if true:\n        let a = 1\n    let b = 2\n", "ruchy.layout"),
        ("if true:\n\t let a = 1\n", "ruchy.layout"),
        ("(" * 300, "ruchy.limit"),
        ("println(nothing)", "ruchy.name"),
        ("import nothing", "ruchy.import"),
        ('let n: i32 = "one"', "ruchy.type"),
        ("break", "ruchy.syntax"),
        ("return 1", "ruchy.syntax"),
        ("fun f(a, a) { a }", "ruchy.name"),
        ("const N = 1\nN = 2", "ruchy.name"),
        ("match 1 { (a | b) => 2, a | 3 => 4 }", "ruchy.name"),
        ("loop { loop { break 'outer } }", "ruchy.name"),
        ("while true { break 5 }", "ruchy.syntax"),
        ("let x = 9223372036854775808", "ruchy.syntax"),
        ("let x = 1_000", "ruchy.syntax"),
        ("let ä = 1", "ruchy.syntax"),
        ("let x = 'two words'", "ruchy.syntax"),
        ("/* open", "ruchy.syntax"),
        ("1 = 2", "ruchy.syntax"),
        ("let [a, .., b, ..] = [1]", "ruchy.syntax"),
        ("fun f() { a() }", "ruchy.name"),
        ("enum E { A }\nprintln(E::B)", "ruchy.name"),
        ("trait T { fun f(&self); }\nstruct S { x: i32 }\nimpl T for S { }", "ruchy.name"),
    ],
)
def test_a_program_is_refused_with_its_code(text: str, code: str) -> None:
    assert refused(text)[0][0] == code


@pytest.mark.parametrize(
    "text",
    [
        "effect Log { fun log() }",
        "infra { a }",
        "lazy x = 1",
        "macro m() { }",
        "interface I { }",
        "export fun f() { }",
        "let s = {1, 2}",
        'let o = {1: "a"}',
        "let x = 1\nx++",
        'import "https://example.org/a.ruchy"',
        "write!(a)",
        "f(x: 1)",
        "b'a'",
    ],
)
def test_what_the_language_does_not_have_is_said(text: str) -> None:
    assert refused(text)[0][0] in {"ruchy.unsupported", "ruchy.syntax"}


def test_one_run_reports_every_place_up_to_twenty() -> None:
    lines = "\n".join(f"let x{number} = )" for number in range(30))
    found = refused(lines)
    assert len(found) == 20
    assert [line for _, line, _ in found] == list(range(1, 21))


def test_the_error_is_at_the_inner_place_and_not_at_the_end_of_the_block() -> None:
    assert refused("fun f() {\n    let xs = [1, 2\n    xs\n}\n") == [("ruchy.syntax", 3, 5)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 + true", 1, 1),
        ('fun f(n: i32) { n }\nf("a")', 2, 3),
        ('fun f() -> i32 { "a" }', 1, 18),
        ('let xs: Vec<i32> = ["a"]', 1, 21),
        ('"a" - 1', 1, 1),
        ("[1] < 2", 1, 1),
        ("fun add(a, b) { a + b }\nadd(1, true)", 1, 17),
        ("struct P { x: i32 }\nP { x: true }", 2, 8),
    ],
)
def test_a_proved_contradiction_is_refused_where_it_is(text: str, line: int, column: int) -> None:
    assert refused(text) == [("ruchy.type", line, column)]


@pytest.mark.parametrize(
    "text",
    [
        "let x: f64 = 1",
        "fun f(x) { x }\nf(1)\nf(true)",
        'let mut x = 1\nx = "a"',
        'let xs = [1, "a"]',
        'fun f(x) { if x { 1 } else { "a" } }\nf(true)',
        "let o = {a: 1}\nlet y: i32 = o.b",
        'let v = json_parse("1")\nlet n: i32 = v',
        "if false { [1].nothing() }",
    ],
)
def test_what_is_not_proved_runs(text: str) -> None:
    check_text("a.ruchy", text)


def test_what_can_only_be_wrong_is_said_by_check(tmp_path: Path) -> None:
    path = tmp_path / "a.ruchy"
    path.write_text("println([1].lenght())\nmatch 1 { true => 2, _ => 3 }\nfun f(a) { a }\nf()\n")
    found = examine(str(path))
    assert [each.code for each in found] == ["ruchy.doubt"] * 3
    assert found[0].help == "did you mean `length`?"
