"""Parameters that make no sense are refused, and weights of classes are the peer's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from sovereign.errors import ParameterError
from sovereign.ml.aprender.parameters import require, with_class_weights

CLASSES, INDEXES = np.array(["a", "b", "c"]), np.array([0, 0, 1, 2, 2, 2], dtype=np.int32)


def test_balanced_classes_have_the_same_sum_of_weights():
    found = with_class_weights("balanced", CLASSES, INDEXES, None)
    np.testing.assert_allclose(found, compute_sample_weight("balanced", INDEXES))
    weighted = with_class_weights("balanced", CLASSES, INDEXES, np.arange(1.0, 7.0))
    np.testing.assert_allclose(np.bincount(INDEXES, weighted), 7)


def test_a_dict_gives_factors_and_leaves_the_others():
    np.testing.assert_array_equal(with_class_weights({"b": 5}, CLASSES, INDEXES, None), [1, 1, 5, 1, 1, 1])
    np.testing.assert_array_equal(with_class_weights({"b": 5}, CLASSES, INDEXES, np.full(6, 2.0))[2], 10)
    assert with_class_weights(None, CLASSES, INDEXES, None) is None


@pytest.mark.parametrize("weight", ["fair", {"z": 1}, 7])
def test_weights_of_no_class_are_refused(weight):
    with pytest.raises(ParameterError) as caught:
        with_class_weights(weight, CLASSES, INDEXES, None)
    assert caught.value.code == "aprender.parameter"


def test_a_refusal_says_what_is_allowed():
    with pytest.raises(ParameterError, match=r"`C` should be above 0, it is: `-1`"):
        require("C", -1, "above 0", makes_sense=False)
