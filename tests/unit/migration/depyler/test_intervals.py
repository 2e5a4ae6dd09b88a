"""`sovereign.migration.depyler.intervals`: a range holds whatever the operation gives on what its operands hold."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.migration.depyler.intervals import FAR, OPERATIONS, absolute, intersect, negate
from sovereign.migration.depyler.types import IntShape

CONCRETE = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
BOUND = 1 << 60


@st.composite
def held(draw: st.DrawFn, low: int = -BOUND, high: int = BOUND) -> tuple[IntShape, int]:
    """A range, open on some sides, and a number within."""
    number = draw(st.integers(low, high) | st.integers(max(low, -9), min(high, 9)))
    below = draw(st.none() | st.integers(low, number))
    above = draw(st.none() | st.integers(number, high))
    return IntShape(below, above), number


def lies_in(number: int, shape: IntShape) -> bool:
    return (shape.low is None or shape.low <= number) and (shape.high is None or number <= shape.high)


def test_every_operation_of_the_table_is_tested() -> None:
    assert OPERATIONS.keys() == CONCRETE.keys()


@pytest.mark.parametrize("symbol", [symbol for symbol in CONCRETE if symbol not in {"**", "<<", ">>"}])
@given(left=held(), right=held())
def test_every_result_lies_in_the_range(symbol: str, left: tuple[IntShape, int], right: tuple[IntShape, int]) -> None:
    if right[1] == 0 and symbol in {"//", "%"}:
        return
    assert lies_in(CONCRETE[symbol](left[1], right[1]), OPERATIONS[symbol](left[0], right[0]))


@pytest.mark.parametrize("symbol", ["**", "<<", ">>"])
@given(left=held(-1000, 1000), right=held(0, 40))
def test_every_power_and_shift_lies_in_the_range(
    symbol: str, left: tuple[IntShape, int], right: tuple[IntShape, int]
) -> None:
    assert lies_in(CONCRETE[symbol](left[1], right[1]), OPERATIONS[symbol](left[0], right[0]))


@given(value=held())
def test_signs_lie_in_the_range(value: tuple[IntShape, int]) -> None:
    assert lies_in(-value[1], negate(value[0]))
    assert lies_in(abs(value[1]), absolute(value[0]))


@given(value=held(), low=st.none() | st.integers(-9, 9), high=st.none() | st.integers(-9, 9))
def test_what_a_comparison_leaves_lies_in_the_range(
    value: tuple[IntShape, int], low: int | None, high: int | None
) -> None:
    if lies_in(value[1], IntShape(low, high)):
        assert lies_in(value[1], intersect(value[0], low, high))


def test_a_chain_of_small_steps_stays_a_machine_integer() -> None:
    total, step = IntShape(0, 0), IntShape(0, 1 << 14)
    for _ in range(200):
        total = OPERATIONS["+"](total, step)
    assert total.small
    assert OPERATIONS["+"](IntShape(0, FAR), step) == IntShape(0, FAR)
    assert not OPERATIONS["*"](IntShape(0, FAR), IntShape(0, FAR)).small
