"""Lazy expressions: they are built right, compute what their operations compute, and refuse what cannot be."""

from __future__ import annotations

import functools
import math
import operator
from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.compute.trueno import Expression, Matrix, Vector, available_backends, lazy
from sovereign.compute.trueno.agreement import share
from sovereign.compute.trueno.expression import build
from sovereign.compute.trueno.law import node_violations, program_violations
from sovereign.compute.trueno.program import formed, lowered
from sovereign.compute.trueno.reference import OPERATIONS
from sovereign.errors import DeviceError, ParameterError, ShapeError
from strategies import LAYOUTS

BACKENDS = [None, *available_backends()]
SMALL = st.integers(-4, 4).map(float)
BINARY = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "minimum": np.minimum, "maximum": np.maximum}
UNARY = {"neg": np.negative, "abs": np.abs, "relu": lambda x: np.maximum(x, 0)}


def vector(*numbers):
    return np.array(numbers, np.float32)


@st.composite
def trees(draw, arrays):
    """An expression of exact operations on small whole numbers, and what NumPy makes of the same formula."""
    pool = [(lazy(each), each.astype(np.float64)) for each in arrays]
    for _ in range(draw(st.integers(0, 8))):
        (a, x), (b, y) = draw(st.sampled_from(pool)), draw(st.sampled_from(pool))
        if draw(st.booleans()):
            b = y = draw(SMALL)
        if draw(st.booleans()):
            name = draw(st.sampled_from(sorted(BINARY)))
            swap = draw(st.booleans())
            made = build(name, b, a) if swap else build(name, a, b)
            pool.append((made, BINARY[name](y, x) if swap else BINARY[name](x, y)))
        else:
            name = draw(st.sampled_from(sorted(UNARY)))
            pool.append((build(name, a), UNARY[name](x)))
    return draw(st.sampled_from(pool[len(arrays) :] or pool))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(deadline=None)
@given(data=st.data())
def test_an_expression_computes_what_its_formula_says(dtype, data):
    shape = data.draw(st.sampled_from([(0,), (1,), (17,), (3, 5), (1025,), (2, 1100)]))
    generator = np.random.default_rng(data.draw(st.integers(0, 99)))
    inputs = [generator.integers(-3, 4, shape).astype(dtype) for _ in range(3)]
    layout = data.draw(st.sampled_from(sorted(LAYOUTS)))
    expression, expected = data.draw(trees([LAYOUTS["array"](each) for each in inputs]))
    assert node_violations(expression) == []
    assert program_violations(lowered(formed(expression)[0])) == []
    if np.abs(expected).max(initial=0) < 2**24:
        got = np.asarray(expression.eval(backend=data.draw(st.sampled_from(BACKENDS))))
        assert got.dtype == dtype
        assert np.array_equal(got, np.broadcast_to(expected, shape))
        presented = LAYOUTS[layout](expected.astype(dtype))
        assert np.array_equal(np.asarray((lazy(presented) - 1).eval()), expected - 1)


@pytest.mark.parametrize("name", ["sqrt", "exp", "log", "relu", "gelu", "silu", "sigmoid", "tanh"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_each_function_is_that_of_the_room(name, backend):
    x = np.random.default_rng(3).standard_normal(3000, dtype=np.float32) * 8
    got = getattr(lazy(x), name)().eval(backend=backend)
    assert share(name, np.asarray(got), x) <= 1


@pytest.mark.parametrize("name", ["div", "pow", "minimum", "maximum", "clip", "leaky_relu"])
def test_each_operation_with_two_operands_or_parameters_is_that_of_the_room(name):
    x, y = np.abs(np.random.default_rng(4).standard_normal((2, 3000), dtype=np.float32)) + np.float32(0.5)
    arguments = {"clip": (x, 0.75, 1.5), "leaky_relu": (x - 1, 0.25)}.get(name, (x, y))
    got = np.asarray(build(name, *arguments).eval())
    twin = OPERATIONS[name].exact
    exact = twin(arguments[0], slope=0.25) if name == "leaky_relu" else twin(*arguments)
    assert np.max(np.abs(got / exact - 1)) < 4 * 2.0**-23
    shown = {"div": lazy(x) / y, "pow": lazy(x) ** y, "clip": lazy(x).clip(0.75, 1.5)}.get(name)
    assert shown is None or np.array_equal(np.asarray(shown), got)


@pytest.mark.parametrize("backend", BACKENDS)
@given(size=st.sampled_from([1, 7, 1024, 1025, 5000]), seed=st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_reductions_end_an_expression(backend, size, seed):
    a, b = np.random.default_rng([size, seed]).standard_normal((2, size), dtype=np.float32)
    product = np.asarray((lazy(a) * b).eval(), np.float32)
    for name in ("sum", "mean", "min", "max"):
        reduced = getattr(lazy(a) * b, name)()
        got = reduced.eval(backend=backend)
        assert isinstance(got, float)
        assert share(name, got, product) <= 1
        assert float(reduced) == pytest.approx(got, rel=1e-5, abs=1e-5)
    assert float((lazy(a[:0]) + 1).sum()) == 0


def test_a_reduction_of_nothing_that_has_no_value_is_refused():
    for name in ("mean", "min", "max"):
        with pytest.raises(ParameterError) as caught:
            getattr(lazy(vector()), name)().eval()
        assert caught.value.code == "trueno.parameter"


def test_what_is_not_finite_comes_through():
    x = lazy(vector(math.nan, math.inf, -math.inf, -0.0))
    got = np.asarray(x * 2 + 1)
    assert np.array_equal(got, vector(math.nan, math.inf, -math.inf, 1), equal_nan=True)
    assert math.isnan(float(x.max()))
    assert np.signbit(np.asarray(x * 1)).tolist() == [False, False, True, True]


def test_operators_of_our_arrays_build_expressions():
    v, m = Vector([1, 2]), Matrix([[1, 2], [3, 4]])
    for made, expected in [
        (v + v, [2, 4]),
        (2 - v, [1, 0]),
        (v / 2, [0.5, 1]),
        (-v, [-1, -2]),
        (abs(-v), [1, 2]),
        (v**2, [1, 4]),
        (3 * m, [[3, 6], [9, 12]]),
        (v * lazy(v), [1, 4]),
        (lazy(v) * v, [1, 4]),
        (vector(1, 2) * lazy(v), [1, 4]),
        (v - vector(1, 1), [0, 1]),
        (vector(5, 5) - v, [4, 3]),
        (np.float32(2) * lazy(v), [2, 4]),
    ]:
        assert isinstance(made, Expression)
        assert np.asarray(made).tolist() == expected
    assert isinstance((v + 1).eval(), Vector)
    assert isinstance((m + 1).eval(), Matrix)


def test_the_result_may_go_into_an_input():
    a, b = vector(1, 2, 3), vector(4, 5, 6)
    assert (lazy(a) * b + a).eval(out=a) is a
    assert a.tolist() == [5, 12, 21]
    with pytest.raises(ParameterError) as caught:
        (lazy(b[:2]) + 1).eval(out=b[1:])
    assert caught.value.code == "trueno.overlap"
    assert b.tolist() == [4, 5, 6]
    with pytest.raises(ShapeError):
        (lazy(b) + 1).eval(out=vector(1))


def test_inputs_count_as_they_are_when_it_is_evaluated():
    a = vector(1, 2)
    expression = lazy(a) + 1
    a[0] = 7
    assert expression.eval().tolist() == [8, 3]


def test_an_expression_is_an_array_for_whoever_asks():
    expression = lazy(vector(1, 2)) * 2
    assert np.asarray(expression).dtype == np.float32
    assert np.asarray(expression, np.float64).tolist() == [2.0, 4.0]
    assert np.asarray((expression).sum()) == 6
    with pytest.raises(ParameterError) as caught:
        np.asarray(expression, copy=False)
    assert caught.value.code == "trueno.parameter"


def test_explaining_gives_the_result_and_the_choice():
    result, chosen = (lazy(vector(1, 2)) + 1).eval(backend="scalar", explain=True)
    assert result.tolist() == [2, 3]
    assert (chosen.backend, chosen.threads) == ("scalar", 1)
    assert chosen.reason
    with pytest.raises(DeviceError) as caught:
        (lazy(vector(1)) + 1).eval(backend="gpu")
    assert caught.value.code == "trueno.backend"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (lambda a, b: a - (b - 1), "a - (b - 1.0)"),
        (lambda a, b: (a - b) - 1, "a - b - 1.0"),
        (lambda a, b: (a + b) * a, "(a + b) * a"),
        (lambda a, b: a / (b * 2), "a / (b * 2.0)"),
        (lambda a, b: -(a + b), "-(a + b)"),
        (lambda a, _: (-a) ** 2, "(-a) ** 2.0"),
        (lambda a, _: a * -2, "a * -2.0"),
        (lambda a, _: (-2.0) ** a, "(-2.0) ** a"),
        (lambda a, b: (a**b) ** a, "(a ** b) ** a"),
        (lambda a, b: (b * a).exp().clip(0, 1).sum(), "sum(clip(exp(a * b), 0.0, 1.0))"),
    ],
)
def test_an_expression_shows_its_formula(expression, text):
    made = expression(lazy(vector(1)), lazy(vector(2)))
    assert repr(made) == f"Expression({text}, shape={made.shape}, dtype=float32)"


def test_a_deep_formula_is_shown_in_part():
    x = lazy(vector(1))
    for _ in range(2000):
        x = x.exp()
    assert "exp(...)" in repr(x)
    assert len(repr(x)) < 300


@pytest.mark.parametrize(
    ("make", "family", "code", "facts"),
    [
        (lambda x: x + vector(1), ShapeError, "trueno.shape", {"expected": (3,), "got": (1,)}),
        (lambda x: x + np.ones(3), ParameterError, "trueno.dtype", {"allowed": ("float32",), "value": "float64"}),
        (lambda x: x + np.ones(3, np.int32), ParameterError, "trueno.dtype", {"value": "int32"}),
        (lambda x: build("add", x, [1, 2, 3]), ParameterError, "trueno.dtype", {"value": "list"}),
        (lambda x: x + "1", ParameterError, "trueno.dtype", {"value": "str"}),
        (lambda _: lazy(b"123"), ParameterError, "trueno.dtype", {"value": "B"}),
        (lambda _: lazy(np.ones((2, 2, 2), np.float32)), ShapeError, "trueno.shape", {"got": (2, 2, 2)}),
        (lambda _: lazy(np.float32(1)), ShapeError, "trueno.shape", {"got": ()}),
        (lambda _: lazy(1.0), ParameterError, "trueno.dtype", {"value": "float"}),
        (lambda x: x.sum() + 1, ParameterError, "trueno.parameter", {"value": "sum"}),
        (lambda x: x.sum().exp(), ParameterError, "trueno.parameter", {"value": "sum"}),
        (lambda x: float(x + 1), ParameterError, "trueno.parameter", {"value": "add"}),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_written(make, family, code, facts):
    with pytest.raises(family) as caught:
        make(lazy(array("f", [1, 2, 3])))
    assert caught.value.code == code
    assert {name: caught.value.detail[name] for name in facts} == facts


def test_an_expression_that_needs_too_many_values_at_a_time_says_so():
    x = lazy(np.ones(4, np.float32))
    terms = [(x + n).exp() for n in range(9)]
    wide = functools.reduce(operator.mul, terms) + functools.reduce(operator.add, terms)
    with pytest.raises(ParameterError, match="at most 8 values at a time") as caught:
        wide.eval()
    assert caught.value.code == "trueno.parameter"


def test_a_formula_stays_short_however_often_its_parts_repeat():
    expression = lazy(np.ones(2, np.float32)) + 1
    for _ in range(40):
        expression = expression * expression
    assert len(repr(expression)) < 1000
