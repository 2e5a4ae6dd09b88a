"""What of NumPy is not translated is refused by name, and numbers of NumPy's are not taken for those of Python's."""

import pytest

from sovereign.migration.depyler import translate

SETTING = "import numpy as np\n\na = np.array([3, 1, 2])\nx = np.array([0.5, 2.5])\nvalues = [1.5, 2.5]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("np.random.rand(3)", "numpy.random"),
        ("np.linalg.norm(x)", "numpy.linalg"),
        ("np.tanh(x)", "whose last digits NumPy computes in a way of its own"),
        ("np.array([1, 2], dtype=complex)", "this `dtype`"),
        ("np.array([[1, 2], 3])", "an array of numbers and lists"),
        ("np.array(values + [a.tolist()[0]])", "numbers of several types"),
        ("np.zeros(tuple(a.tolist()))", "number of axes is not known"),
        ("x is x", "`is` of `numpy.ndarray`"),
        ("a == 'text'", "`==` of `numpy.ndarray` and `str`"),
        ("values.append(x[0])", "beside others in one container"),
        ("{3: 'a', a[0]: 'b'}", "beside others in one container"),
        ("(x[0], 1) == (0.5, 1)", "inside of tuples"),
        ("x[0] ** 2", "make it one of Python's by `.item()`"),
        ("x.sum(axis=(0,))", "several axes at once"),
        ("x.sum(keepdims=True)", "with these arguments"),
        ("a[a > 1, None]", "masks or places beside other indexes"),
        ("np.argsort(a.reshape(3, 1))", "`argsort` of several axes"),
        ("x.astype(np.float32).mean()", "a mean in single precision"),
        ("a.byteswap()", "the method `byteswap`"),
        ("import json; json.dumps({'v': x[0]})", "`json.dumps`"),
    ],
)
def test_what_is_not_translated_is_refused_by_name(text, said):
    found = translate(f"{SETTING}{text}\nprint(values)\n").diagnostics
    assert any(said in each.message for each in found), [each.message for each in found]


def test_an_operator_that_numpy_refuses_in_place_is_refused():
    (found, *_) = translate(f"{SETTING}a += 0.5\n").diagnostics
    assert "would make `float64` of `int64`, which NumPy refuses" in found.message
    assert found.span.line == 6


def test_a_comparison_of_an_array_is_never_settled_by_types_alone():
    made = translate(f"{SETTING}print(a == 1, (a != 1).sum(), a[0] == 3)\n")
    assert not made.refused
    assert "nd_zip" in made.text
