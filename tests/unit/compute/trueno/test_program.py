"""From expressions to programs: what is left out, what is shared, and the bytes of a known one."""

from __future__ import annotations

import struct
from array import array

import pytest

from sovereign.compute.trueno.expression import lazy
from sovereign.compute.trueno.law import CODES, MOST_INPUTS, MOST_STEPS, REDUCTIONS, program_violations
from sovereign.compute.trueno.program import encoded, formed, lowered
from sovereign.errors import ParameterError

A, B = (array("f", [1, 2, 3]) for _ in range(2))


def program(expression):
    found = lowered(formed(expression)[0])
    assert program_violations(found) == []
    return found


def told(expression):
    """The steps of an expression's program, readable."""
    found = program(expression)
    names = [*"ab"[: found.inputs], *map(str, found.scalars), *(f"#{i}" for i in range(len(found.steps)))]
    return [f"{step.operation} {' '.join(names[each] for each in step.operands)}" for step in found.steps]


def test_steps_follow_the_formula():
    assert told(lazy(A) * B + 2) == ["mul a b", "add #0 2.0"]
    assert told((2 - lazy(A)).clip(0, 1).leaky_relu(0.5)) == ["sub 2.0 a", "clip #0 0.0 1.0", "leaky_relu #1 0.5"]


def test_equal_work_is_done_once():
    x = lazy(A)
    assert told((x * B).exp() + (x * B)) == ["mul a b", "exp #0", "add #1 #0"]
    assert told((lazy(A) + 1) * (lazy(A) + 1)) == ["add a 1.0", "mul #0 #0"]
    assert program(lazy(A) + A).inputs == 1


def test_zeros_of_both_signs_are_two_numbers():
    x = lazy(A)
    assert program(x.minimum(0.0) * x.minimum(-0.0)).scalars == (0.0, -0.0)
    assert program(x.minimum(float("nan")) * x.maximum(float("nan"))).scalars[1:] == ()


@pytest.mark.parametrize(
    "same",
    [
        lambda x: x * 1,
        lambda x: 1 * x,
        lambda x: x / 1,
        lambda x: x - 0.0,
        lambda x: x + -0.0,
        lambda x: x**1,
        lambda x: --x,  # noqa: B002
    ],
)
def test_what_changes_nothing_is_left_out(same):
    assert told(same(lazy(A)).exp()) == ["exp a"]
    assert told(same(lazy(A))) == ["mul a 1.0"], "a program has at least one step"


@pytest.mark.parametrize(
    ("expression", "steps"),
    [
        (lambda x: x + 0.0, ["add a 0.0"]),
        (lambda x: x - -0.0, ["sub a -0.0"]),
        (lambda x: 0.0 - x, ["sub 0.0 a"]),
        (lambda x: 1 / x, ["div 1.0 a"]),
        (lambda x: x**2, ["square a"]),
        (lambda x: 2**x, ["pow 2.0 a"]),
        (lambda x: x / 8, ["mul a 0.125"]),
        (lambda x: x / -0.5, ["mul a -2.0"]),
        (lambda x: x / 3, ["div a 3.0"]),
        (lambda x: x / 0, ["div a 0.0"]),
        (lambda x: x / 2.0**-149, [f"div a {2.0**-149}"]),
        (lambda x: x / float("inf"), ["div a inf"]),
    ],
)
def test_only_what_gives_the_same_numbers_is_rewritten(expression, steps):
    assert told(expression(lazy(A))) == steps


def test_the_bytes_are_those_of_the_table():
    data, inputs = encoded((lazy(A) * 0.5 - B).sum())
    header = struct.pack("<BB3H", 1, REDUCTIONS["sum"], 2, 1, 2)
    steps = struct.pack("<8H", CODES["mul"], 0, 2, 0xFFFF, CODES["sub"], 3, 1, 0xFFFF)
    assert data == header + struct.pack("<d", 0.5) + steps
    assert inputs[0] is A
    assert inputs[1] is B


def test_a_form_that_was_met_before_is_packed_once():
    first, _ = encoded(lazy(A) * B + 7.25)
    again, inputs = encoded(lazy(B) * A + 7.25)
    assert again is first
    assert inputs[0] is B
    assert inputs[1] is A


def test_an_expression_of_too_many_arrays_is_refused_with_their_number():
    x = lazy(A)
    for _ in range(MOST_INPUTS):
        x = x + array("f", [1, 2, 3])
    with pytest.raises(ParameterError, match=f"at most {MOST_INPUTS} inputs") as caught:
        encoded(x)
    assert caught.value.detail["value"] == MOST_INPUTS + 1


def test_an_expression_that_is_too_long_is_refused_with_its_length():
    x = lazy(A)
    for _ in range(MOST_STEPS):
        x = x.exp()
    assert encoded(x)[1] == (A,)
    with pytest.raises(ParameterError) as caught:
        encoded(x.exp())
    assert caught.value.code == "trueno.parameter"
    assert caught.value.detail["value"] == MOST_STEPS + 1
