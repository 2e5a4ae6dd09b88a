"""`sovereign.migration.depyler.types`: what values may be, and that it only grows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    STR,
    Cell,
    IntShape,
    ListShape,
    Type,
    integer,
    list_of,
    seq_of,
    tuple_of,
)

PLAIN = st.sampled_from([BOOL, FLOAT, NONE, STR, Type()]) | st.tuples(st.integers(-99, 99), st.integers(-99, 99)).map(
    lambda pair: integer(min(pair), max(pair))
)


@given(a=PLAIN, b=PLAIN, c=PLAIN)
def test_joins_do_not_depend_on_their_order(a: Type, b: Type, c: Type) -> None:
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(a) == a
    assert a.join(b).join(a) == a.join(b)


def test_a_join_of_integers_is_the_range_of_both() -> None:
    assert integer(0, 5).join(integer(3, 9)) == integer(0, 9)
    assert integer(0, 5).join(integer(None, 1)) == integer(None, 5)


def test_lists_that_meet_are_one_list_from_then_on() -> None:
    one, other = list_of(integer(1, 1)), list_of(STR)
    assert len(one.join(other).shapes) == 1
    first, second = one.only, other.only
    assert isinstance(first, ListShape)
    assert isinstance(second, ListShape)
    assert first.cell.find() is second.cell.find()
    assert second.cell.read(None).tags() == {"int", "str"}
    first.cell.join(NONE)
    assert "none" in second.cell.read(None).tags()


def test_tuples_of_two_lengths_become_one_of_unknown_length() -> None:
    assert tuple_of(STR).join(tuple_of(STR, STR)) == seq_of(STR)
    assert tuple_of(STR, BOOL).join(tuple_of(STR, FLOAT)) == tuple_of(STR, BOOL.join(FLOAT))


def test_a_cell_that_grows_again_and_again_ends() -> None:
    cell = Cell()
    for number in range(10_000):
        cell.join(integer(0, number))
    assert cell.changes < 100, "bounds move in steps that get larger"
    held = cell.read(None).only
    assert isinstance(held, IntShape)
    assert held.high is None or held.high >= 9_999
