"""Every estimator of the room passes scikit-learn's own checks of estimators."""

from __future__ import annotations

import warnings

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from sovereign.ml.aprender.cluster import DBSCAN, KMeans
from sovereign.ml.aprender.decomposition import PCA
from sovereign.ml.aprender.linear import ElasticNet, Lasso, LinearRegression, Ridge
from sovereign.ml.aprender.logistic import LogisticRegression
from sovereign.ml.aprender.naive_bayes import GaussianNB, MultinomialNB
from sovereign.ml.aprender.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sovereign.ml.aprender.neural import MLPClassifier, MLPRegressor
from sovereign.ml.aprender.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sovereign.ml.aprender.svm import LinearSVC, LinearSVR

# A tight tolerance where weights of rows are held against repeated rows, to seven digits.
ESTIMATORS = [
    LinearRegression(),
    Ridge(),
    Lasso(),
    ElasticNet(),
    LogisticRegression(),
    LinearSVC(),
    LinearSVC(loss="hinge", tol=1e-13, max_iter=100_000),
    LinearSVR(tol=1e-13, max_iter=100_000),
    GaussianNB(),
    MultinomialNB(),
    KNeighborsClassifier(),
    KNeighborsRegressor(),
    MLPClassifier(n_iter_no_change=200),
    MLPRegressor(n_iter_no_change=200),
    KMeans(),
    DBSCAN(),
    PCA(),
    StandardScaler(),
    MinMaxScaler(),
    OneHotEncoder(),
]

# By class and check: why it cannot hold.
_SINGLE = "weighted and repeated rows are compared to seven digits, of which sums in single precision keep six"
EXPECTED_FAILURES = {
    "MLPClassifier": {"check_sample_weight_equivalence_on_dense_data": _SINGLE},
    "MLPRegressor": {"check_sample_weight_equivalence_on_dense_data": _SINGLE},
    "KMeans": {
        "check_sample_weight_equivalence_on_dense_data": "seeds are drawn from other rows where rows are repeated; "
        "scikit-learn's own KMeans is exempt for this reason",
    },
}


def checks_of(estimator):
    with warnings.catch_warnings():
        # The warning says that our classes do not inherit from theirs, which is the point.
        warnings.filterwarnings("ignore", message=".*does not inherit from.*")
        return list(estimator_checks_generator(estimator, expected_failed_checks=None))


@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("estimator", ESTIMATORS, ids=repr)
def test_an_estimator_passes_the_checks_of_scikit_learn(estimator):
    expected = EXPECTED_FAILURES.get(type(estimator).__name__, {})
    failed = {}
    for each, check in checks_of(estimator):
        name = getattr(check, "func", check).__name__
        try:
            check(each)
        except pytest.skip.Exception:
            continue
        except Exception as error:  # noqa: BLE001 - any error is a failed check
            if type(error).__name__ != "SkipTest":
                failed[name] = f"{type(error).__name__}: {error}"
    assert set(failed) == set(expected), failed
