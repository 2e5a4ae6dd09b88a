"""`sovereign.migration.depyler.constants`: what is written out, and what stays as it is."""

from __future__ import annotations

import ast

import pytest

from sovereign.migration.depyler.constants import split_constants


def written_out(source: str) -> str:
    tree = ast.parse(source)
    split_constants(tree)
    return ast.unparse(ast.fix_missing_locations(tree))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A, B = range(2)", "A = 0\nB = 1"),
        ("A, B, C = range(7, 10)", "A = 7\nB = 8\nC = 9"),
        ("A, B = 'x', -1", "A = 'x'\nB = -1"),
        ("[A, B] = (None, 1.5)", "A = None\nB = 1.5"),
    ],
)
def test_assignments_of_several_constants_are_written_out(source: str, expected: str) -> None:
    assert written_out(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "A, B = range(3)",
        "A, B = range(0, 4, 2)",
        "A, *B = (1, 2)",
        "A, B = (1, [])",
        "A, A[0] = (1, 2)",
        "A, B = pair()",
        "A = B = 1",
    ],
)
def test_other_assignments_stay(source: str) -> None:
    assert written_out(source) == source


@pytest.mark.parametrize("other", ["def range(n):\n    return 'ab'", "range = str", "from tool import *"])
def test_a_range_of_the_program_is_not_the_builtin_one(other: str) -> None:
    source = f"{other}\nA, B = range(2)"
    assert written_out(source) == source


def test_lines_stay_those_of_the_source() -> None:
    tree = ast.parse("\n\nA, B = range(2)\n")
    split_constants(tree)
    assert [statement.lineno for statement in tree.body] == [3, 3]
