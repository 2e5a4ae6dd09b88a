"""`sovereign.migration.depyler.webs`: which assignments and uses of a name are one variable of Rust."""

from __future__ import annotations

import ast
import textwrap

from sovereign.migration.depyler.webs import Webs, find_webs


def webs_of(body: str, *parameters: str, whole: set[str] | None = None) -> Webs:
    tree = ast.parse(textwrap.dedent(body))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(parameters)
    return find_webs(tree.body, list(parameters), names, whole or set())


def test_a_name_that_is_used_for_two_things_is_two_variables() -> None:
    webs = webs_of("x = 1\nprint(x)\nx = 'a'\nprint(x)\n")
    assert [web.definitions for web in webs.by_name["x"]] == [1, 1]


def test_assignments_that_meet_are_one_variable() -> None:
    webs = webs_of("if flag:\n    x = 1\nelse:\n    x = 2\nprint(x)\n", "flag")
    (web,) = webs.by_name["x"]
    assert (web.definitions, web.maybe_unbound) == (2, False)
    assert web.hoisted, "it is declared before the `if`"


def test_a_loop_carries_its_variable_around() -> None:
    webs = webs_of("total = 0\nfor i in items:\n    total = total + i\nprint(total)\n", "items")
    assert len(webs.by_name["total"]) == 1


def test_a_name_that_one_way_does_not_assign_may_be_unbound() -> None:
    webs = webs_of("if flag:\n    x = 1\nprint(x)\n", "flag")
    assert [web.maybe_unbound for web in webs.by_name["x"]] == [True]


def test_what_closures_see_stays_one_variable() -> None:
    body = "x = 1\nprint(x)\nx = 'a'\nprint(x)\n"
    assert len(webs_of(body).by_name["x"]) == 2
    assert len(webs_of(body, whole={"x"}).by_name["x"]) == 1


def test_a_parameter_is_the_variable_of_its_first_uses() -> None:
    webs = webs_of("print(n)\nn = 2\nprint(n)\n", "n")
    first, second = webs.by_name["n"]
    assert (first.is_parameter, second.is_parameter) == (True, False)
    assert webs.parameters["n"] is first
