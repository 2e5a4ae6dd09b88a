"""The contract of an estimator, as functions that can be called.

Enters: an estimator of ours, or one that somebody else wrote on top of `base.py`. Leaves: nothing, or an
AssertionError that says what does not hold. Each function checks one thing on small data that it makes;
`check_estimator` calls all that apply. scikit-learn's own `check_estimator` asks whether scikit-learn gets along with
an estimator; this asks what it does not: that what was learned leaves Python unharmed, and that nothing depends on how
work was divided.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every check handles arrays

from sovereign.errors import NotFittedError, ShapeError
from sovereign.ml.aprender import files, state
from sovereign.ml.aprender.base import Classifier, Clusterer, Estimator, Regressor, Transformer
from sovereign.ml.aprender.model_selection import unfitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "CHECKS",
    "check_constructor_only_stores",
    "check_copy_is_unfitted_and_equal",
    "check_estimator",
    "check_file_brings_all_back",
    "check_fit_leaves_input_alone",
    "check_fit_repeats",
    "check_groups_are_those_of_fit",
    "check_image_brings_all_back",
    "check_learned_arrays_are_read_only",
    "check_native_model_answers_alike",
    "check_new_state_gives_new_answers",
    "check_parts_answer_as_the_whole",
    "check_refuses_before_fit",
    "check_refuses_other_columns",
    "check_transform_names_its_columns",
]

_METHODS = ("predict", "predict_proba", "decision_function", "transform")
_SEED = 11


def check_estimator(estimator: Estimator) -> None:
    """Call every check that applies; the estimator itself is not fitted.

    Errors    AssertionError  with what does not hold, by the first check that fails.

    >>> from sovereign.ml.aprender import LinearRegression
    >>> check_estimator(LinearRegression())
    """
    for check in CHECKS:
        check(estimator)


def check_constructor_only_stores(estimator: Estimator) -> None:
    """Parameters come back as the very objects that were given, and nothing else is set."""
    params = estimator.get_params(deep=False)
    fresh = type(estimator)(**params)
    for name, value in params.items():
        assert getattr(fresh, name) is value, f"the constructor should store `{name}` as it is"
    surplus = set(vars(fresh)) - set(params)
    assert not surplus, f"the constructor should set parameters alone, it sets: {sorted(surplus)}"


def check_copy_is_unfitted_and_equal(estimator: Estimator) -> None:
    """A copy has equal parameters and has learned nothing."""
    model = _fitted(estimator)
    fresh = unfitted(model)
    assert repr(fresh) == repr(model), "a copy should have the same parameters"
    assert not fresh.__sklearn_is_fitted__(), "a copy should have learned nothing"


def check_refuses_before_fit(estimator: Estimator) -> None:
    """Each method says that `fit` comes first."""
    X, _ = _data(estimator)
    fresh = unfitted(estimator)
    for method in _methods(fresh):
        try:
            getattr(fresh, method)(X)
        except NotFittedError:
            continue
        message = f"`{method}` should refuse before `fit`"
        raise AssertionError(message)


def check_fit_leaves_input_alone(estimator: Estimator) -> None:
    """`fit` returns the estimator, changes neither data nor parameters, and what it learns ends in `_`."""
    X, y = _data(estimator)
    kept, fresh = copy.deepcopy((X, y)), unfitted(estimator)
    before = dict(vars(fresh))
    assert _fit(fresh, X, y) is fresh, "`fit` should return the estimator"
    assert _is_equal(kept, (X, y)), "`fit` should leave its input as it was"
    for name, value in before.items():
        assert vars(fresh)[name] is value, f"`fit` should leave the parameter `{name}` alone"
    added = [name for name in vars(fresh) if name not in before]
    wrong = [name for name in added if not name.endswith("_") and not name.startswith("_")]
    assert not wrong, f"what was learned should have a name that ends in `_`: {wrong}"


def check_fit_repeats(estimator: Estimator) -> None:
    """The same data and seed give the same answers, bit by bit."""
    one, other = _answers(_fitted(estimator)), _answers(_fitted(estimator))
    assert _is_equal(one, other), "two fits of the same data and seed should answer alike"


def check_learned_arrays_are_read_only(estimator: Estimator) -> None:
    """Nobody changes a learned array under the native model that was made of it."""
    for name, value in vars(_fitted(estimator)).items():
        if name.endswith("_") and isinstance(value, np.ndarray):
            assert not value.flags.writeable, f"the learned array `{name}` should be read-only"


def check_new_state_gives_new_answers(estimator: Estimator) -> None:
    """A second fit forgets the first one entirely."""
    X, y = _data(estimator)
    model = _fitted(estimator)
    _answers(model)
    half = len(X) // 2
    _fit(model, X[:half], None if y is None else y[:half])
    fresh = unfitted(model)
    _fit(fresh, X[:half], None if y is None else y[:half])
    assert _is_equal(_answers(model), _answers(fresh)), "a second fit should leave nothing of the first"


def check_parts_answer_as_the_whole(estimator: Estimator) -> None:
    """A row's answer does not depend on the rows beside it."""
    X, _ = _data(estimator)
    model = _fitted(estimator)
    for method in _methods(model):
        whole = _dense(getattr(model, method)(X))
        parts = [_dense(getattr(model, method)(X[start : start + 7])) for start in range(0, len(X), 7)]
        assert _is_equal(whole, np.concatenate(parts)), f"`{method}` should answer rows as it answers parts of them"


def check_native_model_answers_alike(estimator: Estimator) -> None:
    """The native model alone gives what the estimator gives, for any number of threads."""
    model = _fitted(estimator)
    if not isinstance(model, Classifier | Regressor) or model._accepts == "texts":  # noqa: SLF001
        return
    X, _ = _data(estimator)
    native = model.predictor()
    rows = model._check_rows(X)  # noqa: SLF001
    for threads in (1, 2):
        if isinstance(model, Classifier):
            labels = model.classes_[native.labels(rows, threads=threads)]
            assert _is_equal(labels, model.predict(X)), "the native model should give the same classes"
        else:
            values = np.asarray(native.predict(rows, threads=threads))
            assert _is_equal(values.reshape(model.predict(X).shape), model.predict(X)), (
                "as the native model, so predict"
            )


def check_image_brings_all_back(estimator: Estimator) -> None:
    """An estimator made of the image and the plain data is equal, attribute by attribute and answer by answer."""
    model = _fitted(estimator)
    described, image = state.describe(model)
    twin = state.rebuild(described, image, "memory")
    assert repr(twin) == repr(model), "the twin should have the same parameters"
    assert _is_equal(_answers(twin), _answers(model)), "the twin should answer alike"


def check_file_brings_all_back(estimator: Estimator) -> None:
    """So does a file, in both layouts."""
    model = _fitted(estimator)
    with tempfile.TemporaryDirectory() as folder:
        for layout in ("a1", "mapped"):
            path = Path(folder) / f"{layout}.apr"
            files.save(path, model, layout=layout)
            assert _is_equal(_answers(files.load(path)), _answers(model)), f"a file of `{layout}` should answer alike"


def check_refuses_other_columns(estimator: Estimator) -> None:
    """A row with a column too many is refused by its shape."""
    model = _fitted(estimator)
    if model._accepts == "texts":  # noqa: SLF001
        return
    X, _ = _data(estimator)
    wide = np.column_stack([X, X[:, :1]])
    for method in _methods(model):
        try:
            getattr(model, method)(wide)
        except ShapeError:
            continue
        message = f"`{method}` should refuse rows with another number of columns"
        raise AssertionError(message)


def check_transform_names_its_columns(estimator: Estimator) -> None:
    """There is a name for each column that comes out, and `fit_transform` is `fit` and `transform`."""
    if not isinstance(estimator, Transformer):
        return
    X, y = _data(estimator)
    model = _fitted(estimator)
    values = _dense(model.transform(X))  # type: ignore[attr-defined]
    names = model.get_feature_names_out()  # type: ignore[attr-defined]
    assert len(names) == values.shape[1], "each column that comes out should have a name"
    fresh = unfitted(model)
    together = _dense(fresh.fit_transform(X) if y is None else fresh.fit_transform(X, y))
    np.testing.assert_allclose(together, values, rtol=1e-6, atol=1e-9)


def check_groups_are_those_of_fit(estimator: Estimator) -> None:
    """A clusterer has a group for each row, those that `fit_predict` gives, and those that `predict` gives."""
    if not isinstance(estimator, Clusterer):
        return
    X, _ = _data(estimator)
    model = _fitted(estimator)
    labels = model.labels_  # type: ignore[attr-defined]
    assert labels.shape == (len(X),), "there should be a group for each row"
    assert _is_equal(labels, unfitted(model).fit_predict(X)), "`fit_predict` should give the groups of `fit`"
    if hasattr(model, "predict"):
        assert _is_equal(labels, model.predict(X)), "`predict` should give the groups of the rows of `fit`"


CHECKS: tuple[Callable[[Estimator], None], ...] = (
    check_constructor_only_stores,
    check_copy_is_unfitted_and_equal,
    check_refuses_before_fit,
    check_fit_leaves_input_alone,
    check_fit_repeats,
    check_learned_arrays_are_read_only,
    check_new_state_gives_new_answers,
    check_parts_answer_as_the_whole,
    check_native_model_answers_alike,
    check_image_brings_all_back,
    check_file_brings_all_back,
    check_refuses_other_columns,
    check_transform_names_its_columns,
    check_groups_are_those_of_fit,
)


# data and answers


def _data(estimator: Estimator) -> tuple[Any, Any]:
    """Data of the kind that an estimator takes, three blobs of it."""
    generator = np.random.default_rng(_SEED)
    group = np.arange(60) % 3
    X: Any = generator.normal(size=(60, 4)) + 4 * group[:, None]
    if estimator._accepts == "texts":  # noqa: SLF001
        words = np.array(["ant bee", "cat dog", "eel fox"])
        return [f"{words[place]} {row % 7} end" for row, place in enumerate(group)], group
    if estimator._accepts == "categories":  # noqa: SLF001
        X = np.floor(np.abs(X) / 4)
    elif estimator._positive_only:  # noqa: SLF001
        X = np.round(np.abs(X))
    y: Any = None
    if isinstance(estimator, Classifier):
        y = group
    elif isinstance(estimator, Regressor):
        y = X @ [1.0, -1.0, 0.5, 0.25]
    return X, y


def _fit(estimator: Any, X: Any, y: Any) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that few rounds do not converge is no matter here
        return estimator.fit(X) if y is None else estimator.fit(X, y)


def _fitted(estimator: Estimator) -> Estimator:
    fresh = unfitted(estimator)
    if "random_state" in fresh.get_params(deep=False):
        fresh.set_params(random_state=_SEED)
    fitted: Estimator = _fit(fresh, *_data(estimator))
    return fitted


def _methods(estimator: Estimator) -> Iterator[str]:
    return (name for name in _METHODS if hasattr(estimator, name))


def _answers(estimator: Estimator) -> list[Any]:
    X, _ = _data(estimator)
    return [_dense(getattr(estimator, name)(X)) for name in _methods(estimator)]


def _dense(values: Any) -> Any:
    return values.toarray() if hasattr(values, "toarray") else np.asarray(values)


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return bool(one == other)
