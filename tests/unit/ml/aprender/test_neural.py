"""Networks learn what scikit-learn's learn, step by step as the twin in NumPy, and the same bits on any machine."""

from __future__ import annotations

import copy
import warnings
from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, make_classification, make_regression
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split

from sovereign import _native
from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import _kernels, reference
from sovereign.ml.aprender import reference_network as twin
from sovereign.ml.aprender.neural import MLPClassifier, MLPRegressor
from sovereign.ml.aprender.state import describe, rebuild

SETTINGS = {
    "alpha": 0.3,
    "dropout": 0.0,
    "seed": 0,
    "rate": 0.02,
    "momentum": 0.9,
    "is_ahead": False,
    "beta_1": 0.9,
    "beta_2": 0.999,
    "epsilon": 1e-8,
    "steps": 0,
    "batch": 16,
}
ACTIVATIONS = ["identity", "relu", "tanh", "logistic"]
# By the number of scores: what rows should be.
HEADS = {1: "classes", 4: "classes", 2: "numbers"}

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def problem(scores, activation, seed=0, rows=70):
    """Parameters, rows, what they should be, their weights, and the settings of a network for them."""
    random = np.random.default_rng(seed)
    widths = [5, 7, 6, scores]
    X = random.normal(size=(rows, 5)).astype(np.float32)
    if HEADS[scores] == "classes":
        y = random.integers(0, max(2, scores), rows).astype(np.int32)
    else:
        y = random.normal(size=(rows, scores)).astype(np.float32)
    count = sum((rows + 1) * columns for rows, columns in pairwise(widths))
    parameters = random.normal(0, 0.5, count).astype(np.float32)
    settings = {**SETTINGS, "widths": widths, "activation": activation, "head": HEADS[scores]}
    return parameters, X, y, random.uniform(0, 2, rows), settings


@pytest.mark.parametrize("scores", HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_twin_steps_against_the_gradient_of_its_loss(scores, activation):
    parameters, X, y, weights, settings = problem(scores, activation)
    parameters, X = parameters.astype(float), X.astype(float)
    _, gradient = twin.loss_and_gradient(parameters, X, y, weights, settings)
    if settings["head"] == "numbers":
        # As scikit-learn's, steps go against sums over columns where the loss is a mean; the penalty is not concerned.
        settings = {**settings, "alpha": 0.0}
        _, gradient = twin.loss_and_gradient(parameters, X, y, weights, settings)
        gradient /= scores
    for place in range(0, len(parameters), 5):
        moved = np.zeros_like(parameters)
        moved[place] = 1e-6
        above, _ = twin.loss_and_gradient(parameters + moved, X, y, weights, settings)
        below, _ = twin.loss_and_gradient(parameters - moved, X, y, weights, settings)
        assert gradient[place] == pytest.approx((above - below) / 2e-6, abs=1e-8, rel=1e-5)


@pytest.mark.parametrize("scores", HEADS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("solver", [{"solver": "sgd"}, {"solver": "sgd", "is_ahead": True}, {"solver": "adam"}])
def test_a_pass_is_that_of_the_twin(scores, activation, solver):
    parameters, X, y, weights, settings = problem(scores, activation)
    settings |= solver
    order = np.random.default_rng(1).permutation(len(X))
    loss, expected = twin.one_pass(parameters.astype(float), X[order].astype(float), y[order], weights[order], settings)
    second = np.zeros_like(parameters) if solver["solver"] == "adam" else None
    got = _kernels.train_mlp(X, y, weights, order, parameters, np.zeros_like(parameters), second, settings)
    assert got == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(parameters, expected, atol=3e-5)


def test_a_pass_without_weights_and_order_is_one_with_ones_in_place():
    found = []
    for weights, order in ((None, None), (np.ones(70), np.arange(70))):
        parameters, X, y, _, settings = problem(4, "tanh")
        memory = np.zeros_like(parameters)
        loss = _kernels.train_mlp(X, y, weights, order, parameters, memory, None, {**settings, "solver": "sgd"})
        found.append((loss, parameters))
    assert found[0][0] == found[1][0]
    assert np.array_equal(found[0][1], found[1][1])


def test_the_core_refuses_what_it_does_not_know():
    parameters, X, y, _, settings = problem(4, "tanh")
    for strange in ({"solver": "lbfgs"}, {"activation": "gelu"}, {"head": "texts"}):
        changed = {**settings, "solver": "sgd", **strange}
        with pytest.raises(ParameterError, match=next(iter(strange.values()))):
            _kernels.train_mlp(X, y, None, None, parameters, np.zeros_like(parameters), None, changed)


# against scikit-learn


def scaled(load):
    X, y = load(return_X_y=True)
    X = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    return train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)


@pytest.mark.parametrize(("load", "peer"), [(load_digits, 0.982), (load_breast_cancer, 0.953)])
def test_accuracy_on_held_out_rows_is_the_peers(load, peer):
    train, test, y_train, y_test = scaled(load)
    found = [MLPClassifier(random_state=seed).fit(train, y_train).score(test, y_test) for seed in range(3)]
    assert found[0] >= peer - 0.005, found
    assert np.median(found) >= peer - 0.005, found


def test_the_loss_falls_as_the_peers():
    from sklearn.neural_network import MLPClassifier as Theirs

    X, y = make_classification(2000, 20, n_informative=10, n_classes=3, random_state=0)
    options = {"hidden_layer_sizes": (64, 64), "max_iter": 20, "random_state": 0}
    ours, theirs = MLPClassifier(**options).fit(X, y), Theirs(**options).fit(X, y)
    assert len(ours.loss_curve_) == ours.n_iter_ == 20
    assert ours.loss_ == pytest.approx(theirs.loss_, rel=0.25)
    assert ours.loss_ < 0.3 * ours.loss_curve_[0]


@pytest.mark.parametrize("solver", ["adam", "sgd"])
@pytest.mark.parametrize("targets", [1, 3])
def test_a_regressor_explains_what_it_can(solver, targets):
    X, y = make_regression(300, 6, n_targets=targets, random_state=0)
    X, y = X / X.std(axis=0), y / y.std()
    model = MLPRegressor((32,), solver=solver, learning_rate_init=0.01, max_iter=300, random_state=0).fit(X, y)
    assert model.score(X, y) > 0.98
    assert model.predict(X).shape == y.shape
    assert model.predict(X).dtype == np.float64
    assert model.predict(X.astype(np.float32)).dtype == np.float32
    assert model.n_outputs_ == targets


# equal bits


def trained(**options):
    X, y = make_classification(600, 40, n_informative=10, n_classes=3, random_state=0)
    options = {"hidden_layer_sizes": (300, 300), "max_iter": 3, "random_state": 5, "dropout": 0.2, **options}
    return MLPClassifier(**options).fit(X, y)


def test_results_are_equal_bits_for_any_number_of_threads_and_again():
    most = _native.threads()
    try:
        found = []
        for count in (1, 1, 2):
            _native.set_threads(count)
            found.append(trained())
    finally:
        _native.set_threads(most)
    for other in found[1:]:
        assert other.loss_curve_ == found[0].loss_curve_
        assert all(np.array_equal(a, b) for a, b in zip(found[0].coefs_, other.coefs_, strict=True))
    assert not np.array_equal(trained(random_state=6).coefs_[0], found[0].coefs_[0])


def test_a_pass_is_equal_bits_for_threads_that_are_asked_for():
    random = np.random.default_rng(0)
    widths = [40, 300, 301, 3]
    X, y = random.normal(size=(500, 40)).astype(np.float32), random.integers(0, 3, 500).astype(np.int32)
    start = random.normal(0, 0.1, sum((a + 1) * b for a, b in pairwise(widths))).astype(np.float32)
    settings = {**SETTINGS, "widths": widths, "activation": "tanh", "head": "classes", "solver": "adam"}
    settings |= {"batch": 200, "dropout": 0.3}
    found = []
    for threads in (1, 1, 2, 5):
        parameters, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
        loss = _kernels.train_mlp(X, y, None, None, parameters, first, second, settings, threads=threads)
        found.append((loss, parameters))
    for loss, parameters in found[1:]:
        assert loss == found[0][0]
        assert np.array_equal(parameters, found[0][1])


# dropout


def test_dropout_hides_numbers_in_training_and_nothing_in_predictions():
    X, y = make_classification(300, 20, n_informative=3, flip_y=0.3, random_state=0)
    options = {"hidden_layer_sizes": (200,), "max_iter": 200, "learning_rate_init": 0.005, "random_state": 0}
    plain, hidden = (MLPClassifier(**options, dropout=share).fit(X, y) for share in (0.0, 0.7))
    # What noise there is among the classes is not learned by heart.
    assert hidden.score(X, y) < plain.score(X, y) - 0.02
    assert np.array_equal(hidden.predict_proba(X), hidden.predict_proba(X))
    described, image = describe(hidden)
    np.testing.assert_allclose(reference.values(image, X), hidden.predict_proba(X), atol=1e-5)
    assert described["params"]["dropout"] == 0.7


def test_dropout_of_nothing_changes_nothing():
    assert np.array_equal(trained(dropout=0.0).coefs_[0], trained(dropout=0).coefs_[0])


# when it ends


def test_early_stopping_ends_at_the_best_score_of_rows_held_back():
    X, y = make_classification(1000, 20, n_informative=5, flip_y=0.2, random_state=0)
    model = MLPClassifier((50,), early_stopping=True, random_state=0, learning_rate_init=0.01).fit(X, y)
    assert model.n_iter_ < 200
    assert model.best_validation_score_ == max(model.validation_scores_)
    assert len(model.validation_scores_) == model.n_iter_
    after = model.validation_scores_[::-1].index(model.best_validation_score_)
    assert after <= 11
    assert model.best_loss_ is None


def test_rows_held_back_have_their_share_of_each_class():
    y = np.repeat(np.arange(3, dtype=np.int32), [50, 30, 20])
    X = np.arange(100, dtype=np.float32)[:, None]
    model = MLPClassifier(validation_fraction=0.2)
    from sovereign.ml.aprender.neural import _Data

    rest, held = model._parted(_Data(X, y, None), np.random.default_rng(0))
    assert np.bincount(held.y).tolist() == [10, 6, 4]
    assert np.array_equal(np.sort(np.r_[rest.X, held.X], axis=0), X)


def test_a_regressor_is_stopped_by_its_score():
    X, y = make_regression(400, 5, noise=20, random_state=0)
    model = MLPRegressor((50,), early_stopping=True, random_state=0, learning_rate_init=0.01).fit(X, y / y.std())
    assert model.n_iter_ < 200
    assert model.best_validation_score_ == max(model.validation_scores_) > 0.9


def test_training_ends_where_the_loss_stands_still():
    X, y = make_classification(200, 5, random_state=0)
    model = MLPClassifier((10,), tol=0.5, n_iter_no_change=3, random_state=0).fit(X, y)
    # The first pass is better than none; four that are not are more than three.
    assert model.n_iter_ == 5
    assert model.best_loss_ == min(model.loss_curve_)


def test_rates_fall_where_their_schedule_says(monkeypatch):
    rates = []
    pass_once = _kernels.train_mlp

    def watched(*arguments):
        rates.append(arguments[-1]["rate"])
        return pass_once(*arguments)

    monkeypatch.setattr(_kernels, "train_mlp", watched)
    X, y = make_classification(100, 5, random_state=0)
    options = {"solver": "sgd", "learning_rate_init": 0.1, "random_state": 0}
    MLPClassifier((3,), learning_rate="invscaling", power_t=1.0, max_iter=3, **options).fit(X, y)
    np.testing.assert_allclose(rates, [0.1, 0.1 / 101, 0.1 / 201])
    rates.clear()
    MLPClassifier((3,), learning_rate="adaptive", tol=10.0, n_iter_no_change=1, **options).fit(X, y)
    # Each goes on for two passes that are not better; the first pass of all is.
    np.testing.assert_allclose(rates[:5], [0.1, 0.1, 0.1, 0.02, 0.02])
    assert rates[-1] < 1e-6


def test_the_limit_of_passes_is_told():
    X, y = make_classification(100, 5, random_state=0)
    with pytest.warns(ConvergenceWarning, match="2 passes"):
        MLPClassifier((3,), max_iter=2).fit(X, y)


# going on


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    X, y = make_classification(300, 10, random_state=0)
    model = MLPClassifier((20,), warm_start=True, max_iter=20, random_state=0).fit(X, y)
    before = model.loss_
    assert model.fit(X, y).loss_curve_[0] < before * 1.05
    model.set_params(warm_start=False)
    assert model.fit(X, y).loss_curve_[0] > before


def test_partial_fits_are_passes():
    X, y = make_classification(300, 10, n_informative=4, n_classes=3, random_state=0)
    at_once = MLPClassifier((20,), max_iter=5, random_state=0).fit(X, y)
    by_pass = MLPClassifier((20,), random_state=0)
    for turn in range(5):
        by_pass.partial_fit(X, y, classes=[0, 1, 2] if not turn else None)
    assert by_pass.loss_curve_ == at_once.loss_curve_
    assert all(np.array_equal(a, b) for a, b in zip(by_pass.coefs_, at_once.coefs_, strict=True))
    kept = by_pass.coefs_[0]
    before = kept.copy()
    by_pass.partial_fit(X, y)
    assert np.array_equal(kept, before), "what somebody holds does not change"
    with pytest.raises(ParameterError, match="class"):
        by_pass.partial_fit(X, np.full(300, 7))
    with pytest.raises(ParameterError, match="classes"):
        MLPClassifier().partial_fit(X, y)
    with pytest.raises(ParameterError, match="early_stopping"):
        MLPClassifier(early_stopping=True).partial_fit(X, y, classes=[0, 1, 2])


def test_a_regressor_goes_on_after_fit_and_with_as_many_columns():
    X, y = make_regression(100, 4, n_targets=2, random_state=0)
    model = MLPRegressor((8,), max_iter=5, random_state=0).fit(X, y / y.std())
    before = model.loss_
    for _ in range(5):
        model.partial_fit(X, y / y.std())
    assert model.loss_ < before
    assert model.n_iter_ == 10
    with pytest.raises(ShapeError, match="columns"):
        model.partial_fit(X, y[:, 0])
    with pytest.raises(ParameterError, match="hidden_layer_sizes"):
        clone(model).fit(X, y).set_params(hidden_layer_sizes=(9,)).partial_fit(X, y)


# weights, images


def test_weights_of_rows_count_as_rows():
    X, y = make_classification(60, 5, random_state=0)
    weights = np.arange(60) % 3
    options = {"hidden_layer_sizes": (8,), "batch_size": 60, "shuffle": False, "max_iter": 30, "random_state": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weighted = MLPClassifier(**options).fit(X, y, sample_weight=weights)
        options["batch_size"] = int(weights.sum())
        repeated = MLPClassifier(**options).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), atol=1e-4)


@pytest.mark.parametrize("kinds", [2, 3])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_estimator_comes_back_from_its_image_and_a_copy(kinds, activation):
    X, y = make_classification(100, 10, n_informative=4, n_classes=kinds, random_state=0)
    names = np.array(["ant", "bee", "cow"])[y]
    fitted = MLPClassifier((6, 5), activation, max_iter=10, early_stopping=True, random_state=0).fit(X, names)
    described, image = describe(fitted)
    for again in (rebuild(described, image, "memory"), copy.deepcopy(fitted)):
        assert np.array_equal(again.predict(X), fitted.predict(X))
        assert np.array_equal(again.predict_proba(X), fitted.predict_proba(X))
        assert again.loss_curve_ == fitted.loss_curve_
        assert not again.coefs_[0].flags.writeable
        assert not again.intercepts_[0].flags.writeable
    np.testing.assert_allclose(reference.values(image, X), fitted.predict_proba(X), atol=1e-5)
    np.testing.assert_allclose(np.exp(fitted.predict_log_proba(X)), fitted.predict_proba(X), atol=1e-6)


def test_a_network_without_hidden_layers_is_a_linear_model():
    X, y = make_regression(200, 3, random_state=0)
    y = y / y.std()
    model = MLPRegressor(
        (), alpha=0, learning_rate_init=0.05, max_iter=500, n_iter_no_change=np.inf, random_state=0
    ).fit(X, y)
    assert model.n_layers_ == 2
    assert model.score(X, y) > 0.9999


# bad input


@pytest.mark.parametrize(
    "options",
    [
        {"solver": "lbfgs"},
        {"activation": "gelu"},
        {"hidden_layer_sizes": (0,)},
        {"hidden_layer_sizes": (2.5,)},
        {"alpha": -1},
        {"batch_size": 0},
        {"batch_size": "all"},
        {"learning_rate": "falling"},
        {"learning_rate_init": 0},
        {"power_t": -1},
        {"max_iter": 0},
        {"shuffle": 1},
        {"tol": -1},
        {"momentum": 1.5},
        {"nesterovs_momentum": "yes"},
        {"early_stopping": "yes"},
        {"validation_fraction": 1.0},
        {"validation_fraction": 0.0, "early_stopping": True},
        {"beta_1": 1.0},
        {"beta_2": -0.1},
        {"epsilon": 0},
        {"n_iter_no_change": 0},
        {"dropout": 1.0},
        {"dropout": -0.1},
        {"warm_start": None},
    ],
    ids=str,
)
def test_parameters_that_make_no_sense_are_refused(options):
    X, y = make_classification(50, 5, random_state=0)
    with pytest.raises(ParameterError, match=next(iter(options))):
        MLPClassifier(**options).fit(X, y)


def test_one_class_is_refused():
    with pytest.raises(ParameterError, match="one class") as caught:
        MLPClassifier().fit([[0.0], [1.0]], [1, 1])
    assert caught.value.code == "aprender.classes"


def test_training_that_diverges_is_told_and_leaves_no_model():
    X, y = make_regression(100, 5, random_state=0)
    model = MLPRegressor(solver="sgd", learning_rate_init=1e6, random_state=0)
    with pytest.raises(ParameterError, match="non-finite parameter weights") as caught:
        model.fit(X * 1e6, y)
    assert caught.value.code == "aprender.values"
    assert not hasattr(model, "coefs_")


def test_a_batch_larger_than_the_sample_is_told():
    X, y = make_classification(50, 5, random_state=0)
    with pytest.warns(UserWarning, match="batch_size"):
        MLPClassifier(batch_size=51, max_iter=2).fit(X, y)
