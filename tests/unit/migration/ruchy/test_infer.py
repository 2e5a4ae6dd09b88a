"""Types: what the inference finds, shown as a message shows it."""

from __future__ import annotations

import pytest

from sovereign.migration.ruchy import check_text
from sovereign.migration.ruchy.repl import Session
from sovereign.migration.ruchy.types import I64, STR, Conflict, Union, Var, function_of, list_of, prune, shown, unify


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "i64"),
        ("1.5", "f64"),
        ('"a"', "str"),
        ("[1, 2]", "[i64]"),
        ("(1, 2.0)", "(i64, f64)"),
        ("{a: 1}", "{str: i64}"),
        ("Some(1)", "Option<i64>"),
        ("|x| x + 1.5", "fn(f64) -> f64"),
        ("[1].map(|x| x.to_string())", "[str]"),
        ("[[1], [2]].flatten()", "[i64]"),
        ('"a,b".split(",")', "[str]"),
        ("[1, 2].enumerate()", "[(i64, i64)]"),
        ("[1].first()", "i64 or nil"),
        ("if true { 1 } else { null }", "i64 or nil"),
        ("1 + 2.0", "f64"),
        ("sqrt(2)", "f64"),
        ("3 > 2", "bool"),
        ("1..3", "range"),
        ("null", "nil"),
        ("println(1)", "nil"),
    ],
)
def test_the_type_of_an_expression(text: str, expected: str) -> None:
    assert Session().type_of(text) == expected


def test_a_function_is_generalised_and_used_at_several_types() -> None:
    session = Session()
    session.evaluate("fun same(x) { x }")
    assert session.type_of("same(1)") == "i64"
    assert session.type_of('same("a")') == "str"
    assert session.type_of("same([1.5])") == "[f64]"


def test_an_operator_is_answered_at_each_use() -> None:
    session = Session()
    session.evaluate("fun add(a, b) { a + b }")
    assert session.type_of("add(1, 2)") == "i64"
    assert session.type_of("add(1, 2.5)") == "f64"
    assert session.type_of('add("a", 1)') == "str"


def test_a_struct_keeps_its_parameters_apart() -> None:
    session = Session()
    session.evaluate("struct Box2<T> { value: T }\nimpl<T> Box2<T> { fun get(&self) -> T { self.value } }")
    assert session.type_of("Box2 { value: 1 }.get()") == "i64"
    assert session.type_of('Box2 { value: "a" }.get()') == "str"


def test_a_place_of_several_types_is_a_union_and_its_neighbours_are_not() -> None:
    checked = check_text("a.ruchy", 'let mut x = 1\nx = "a"\nlet y = 2\nprintln(x, y)')
    assert [found for found, _ in checked.unions()] == ["i64 | str"]


def test_recursion_is_of_one_type() -> None:
    session = Session()
    session.evaluate("fun fact(n) { if n <= 1 { 1 } else { n * fact(n - 1) } }")
    assert session.type_of("fact(5)") == "i64"


def test_unify_makes_one_or_says_where_it_fails() -> None:
    open_type = Var(0, ("here", "place"))
    unify(function_of((open_type,), STR), function_of((I64,), STR))
    assert prune(open_type) is I64
    with pytest.raises(Conflict) as caught:
        unify(list_of(open_type), list_of(STR))
    assert caught.value.keys[0] == ("here", "place")
    assert shown(caught.value.second) == "str"


def test_a_type_is_no_part_of_itself() -> None:
    open_type = Var(0)
    with pytest.raises(Conflict):
        unify(open_type, list_of(open_type))


def test_a_union_takes_everything() -> None:
    found = Union()
    unify(found, I64)
    unify(STR, found)
    assert sorted(found.members) == ["i64", "str"]
