"""Packed trees: there and back, every layout of nodes, and images that lie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sovereign.errors import FormatError
from sovereign.ml.aprender.image import Image
from sovereign.ml.aprender.nodes import COMPARES_DOUBLE, LEAF, Plain, Trees, depths
from sovereign.ml.aprender.predictor import Predictor


def stump(feature: int, threshold: float, *, missing_left: bool = False) -> Plain:
    """One question and two leaves."""
    return Plain(
        feature=np.array([feature, LEAF, LEAF]),
        threshold=np.array([threshold, 0.0, 0.0]),
        left=np.array([1, 0, 1]),
        missing_left=np.array([missing_left, True, True]),
        starts=np.array([0]),
    )


def grown(seed: int, features: int, trees: int = 5) -> Plain:
    """Random trees over all features."""
    random = np.random.default_rng(seed)
    return Plain.joined([one_grown(random, features) for _ in range(trees)])


def one_grown(random: np.random.Generator, features: int) -> Plain:
    count = int(random.integers(1, 40))
    left, right, leaves = np.full(2 * count + 1, -1), np.full(2 * count + 1, -1), [0]
    for split in range(count):
        node = leaves.pop(int(random.integers(len(leaves))))
        left[node], right[node] = 2 * split + 1, 2 * split + 2
        leaves += [2 * split + 1, 2 * split + 2]
    feature, threshold = random.integers(0, features, len(left)), random.normal(size=len(left)).astype(np.float32)
    plain, _ = Plain.ordered(feature, threshold, (left, right), random.random(len(left)) < 0.5)
    return plain


def packed(plain: Plain, features: int, **options: Any) -> Trees:
    value = np.arange(np.count_nonzero(plain.feature == LEAF), dtype=np.float64)[:, None]
    return Trees.packed(plain, value, n_features=features, **options)


@pytest.mark.parametrize(("features", "bits"), [(1, 8), (256, 8), (257, 12), (5000, 16), (70_000, 0)])
@pytest.mark.parametrize("seed", range(3))
def test_trees_come_back_from_every_layout(seed: int, features: int, bits: int) -> None:
    plain = grown(seed, features)
    trees = packed(plain, features)
    again = trees.plain()
    assert trees.feature_bits == bits
    assert (again.feature == plain.feature).all()
    assert (again.threshold == plain.threshold).all()
    assert (again.left == plain.left).all()
    assert (again.missing_left[plain.feature != LEAF] == plain.missing_left[plain.feature != LEAF]).all()
    assert (trees.table[:, 3] == [depths(plain)[plain.tree_of == tree].max() for tree in range(5)]).all()


@pytest.mark.parametrize("features", [3, 256, 300, 5000, 70_000])
@pytest.mark.parametrize("rows", [1, 4, 5, 37])
def test_core_walks_as_the_slow_twin_does(features: int, rows: int) -> None:
    random = np.random.default_rng(rows)
    plain = grown(features, features, trees=11)
    trees = packed(plain, features)
    X = random.normal(size=(rows, features)).astype(np.float32)
    X[random.random(X.shape) < 0.2] = np.nan
    image = trees.image(n_features=features, n_outputs=1)
    leaves = trees.walk(X)
    expected = np.zeros(rows)
    for tree, (start, value, _, _) in enumerate(trees.table):
        expected += trees.value[value + plain.left[start + leaves[:, tree]], 0]
    assert (np.asarray(Predictor(image).predict(X)) == expected).all()


@pytest.mark.parametrize("compares_double", [False, True])
def test_thresholds_part_neighbours(compares_double: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    one = np.float64(np.float32(1.1))
    plain = stump(0, one)
    trees = packed(plain, 1, compares_double=compares_double)
    flags = COMPARES_DOUBLE if compares_double else 0
    predict = Predictor(trees.image(n_features=1, n_outputs=1, flags=flags)).predict
    above = np.nextafter(one, 2)
    assert predict(np.array([[one], [above]])).tolist() == [0.0, 1.0 if compares_double else 0.0]


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_both_zeros_are_one_number(zero: float) -> None:
    predict = Predictor(packed(stump(0, zero), 1).image(n_features=1, n_outputs=1)).predict
    assert predict(np.array([[0.0], [-0.0], [1e-45], [np.inf], [-np.inf]], dtype=np.float32)).tolist() == [
        0,
        0,
        1,
        1,
        0,
    ]


def test_missing_values_go_where_the_node_says() -> None:
    for goes_left in (False, True):
        image = packed(stump(0, 0.0, missing_left=goes_left), 1).image(n_features=1, n_outputs=1)
        assert Predictor(image).predict(np.full((20, 1), np.nan)).tolist() == [0.0 if goes_left else 1.0] * 20


def lying(**changes: Any) -> Image:
    """A sound image with arrays changed: each by its name, place and value."""
    image = packed(grown(1, 3), 3).image(n_features=3, n_outputs=1)
    arrays = {name: array.copy() for name, array in image.items()}
    for name, (place, value) in changes.items():
        arrays[name][place] = value
    return Image(arrays)


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("nodes", (0, 0), 255),  # a feature that is not there
        ("nodes", (0, 0), 0),  # a root that is its own child
        ("nodes", (0, 0), -1),  # a child far outside
        ("nodes", (0, 1), -1),  # a leaf without a value
        ("trees", (0, 0), 1),  # a node before the first tree
        ("trees", (1, 0), 0),  # an empty tree
        ("trees", (2, 0), -5),
        ("trees", (1, 1), 10_000),  # values behind the last
        ("trees", (1, 2), 1),  # a column that is not there
        ("model", 7, 4),  # fewer trees than stand there
        ("model", 7, 6),
        ("model", 8, 2),  # an unknown aggregation
        ("model", 9, -1),
        ("model", 10, 0),  # wide nodes that are narrow
        ("model", 10, 9),
        ("model", 2, 1),  # fewer features than are asked about
    ],
)
def test_images_that_lie_are_refused(name: str, place: Any, value: int) -> None:
    with pytest.raises(FormatError):
        Predictor(lying(**{name: (place, value)})).predict(np.zeros((20, 3)))


def test_nodes_of_noise_are_refused_or_walked_to_an_end() -> None:
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        place = (int(random.integers(0, 40)), int(random.integers(0, 2)))
        image = lying(nodes=(place, np.int32(random.integers(-(2**31), 2**31))))
        try:
            values = np.asarray(Predictor(image).predict(random.normal(size=(9, 3))))
        except FormatError:
            refused += 1
        else:
            assert np.isfinite(values).all()
    assert refused > 100


def test_depth_that_lies_does_not_change_a_prediction() -> None:
    X = np.random.default_rng(0).normal(size=(50, 3))
    truth = Predictor(lying()).predict(X)
    for depth in (0, 2, 1000):
        assert (np.asarray(Predictor(lying(trees=((slice(None), 3), depth))).predict(X)) == truth).all()
