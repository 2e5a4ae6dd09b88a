"""One small example of every estimator of the room, and of every class that `from_sklearn` takes over.

Each is a maker and the data that it learns from: numbers with two or three classes, numbers with a target, counts,
categories or texts. `tests/unit/ml/aprender` fits them, saves them, and holds them against scikit-learn.
"""

from __future__ import annotations

import functools
import importlib
import warnings
from typing import Any, NamedTuple

import numpy as np

from sovereign.ml.aprender.registry import HOMES

__all__ = ["IMPORTED", "OURS", "Case", "data", "fitted", "theirs"]

TEXTS = ["a cat sat here", "the dog ate", "cat and dog", "birds fly high", "the cat ate", "a bird sat"]


class Case(NamedTuple):
    """What to make, and what it learns from."""

    name: str
    params: dict[str, Any]
    data: str

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.name}({told}) of {self.data}"


@functools.cache
def data(kind: str) -> tuple[Any, Any]:
    """`X` and `y` of a kind, the same in every run."""
    generator = np.random.default_rng(7)
    X = generator.normal(size=(120, 5))
    score = X @ [1.0, -2.0, 0.5, 0.0, 1.5]
    three = np.digitize(score, [-1.0, 1.0])
    gaps = X.copy()
    gaps[::7, 1] = np.nan
    found: dict[str, tuple[Any, Any]] = {
        "rows": (X, None),
        "target": (X, score + 0.1 * generator.normal(size=120)),
        "targets": (X, np.column_stack([score, 2 * score + X[:, 0]])),
        "two": (X, np.where(score > 0, "yes", "no")),
        "binary": (X.astype(np.float32), (score > 0).astype(np.int64)),
        "three": (X, three),
        "gaps": (gaps, three),
        "counts": (np.round(np.abs(X) * 2), three),
        "marks": ((X > 0).astype(float), three),
        "categories": (generator.integers(0, 4, size=(120, 3)).astype(float), None),
        "texts": (TEXTS * 4, np.array([0, 1, 0, 1, 0, 1] * 4)),
    }
    return found[kind]


def _cases(table: dict[str, tuple[str, dict[str, Any]]]) -> list[Case]:
    """A case for each kind of data that a name is to learn from."""
    return [Case(name, params, kind) for name, (kinds, params) in table.items() for kind in kinds.split()]


_FEW = {"n_estimators": 5, "random_state": 0}
OURS = _cases(
    {
        "LinearRegression": ("target targets", {}),
        "Ridge": ("target targets", {}),
        "Lasso": ("target", {"alpha": 0.1}),
        "ElasticNet": ("target", {"alpha": 0.1}),
        "LogisticRegression": ("two binary three", {}),
        "LinearSVC": ("two binary three", {"random_state": 0}),
        "LinearSVR": ("target", {"random_state": 0}),
        "DecisionTreeClassifier": ("two binary three gaps", {"random_state": 0}),
        "DecisionTreeRegressor": ("target", {"random_state": 0}),
        "RandomForestClassifier": ("two three gaps", _FEW),
        "RandomForestRegressor": ("target", _FEW),
        "ExtraTreesClassifier": ("two three", _FEW),
        "ExtraTreesRegressor": ("target", _FEW),
        "GradientBoostingClassifier": ("two three gaps", _FEW),
        "GradientBoostingRegressor": ("target", _FEW),
        "KNeighborsClassifier": ("two three", {}),
        "KNeighborsRegressor": ("target targets", {"weights": "distance"}),
        "GaussianNB": ("two binary three", {}),
        "MultinomialNB": ("counts", {}),
        "KMeans": ("rows", {"n_clusters": 3, "n_init": 1, "random_state": 0}),
        "DBSCAN": ("rows", {"eps": 1.5}),
        "PCA": ("rows", {"n_components": 3}),
        "StandardScaler": ("rows", {}),
        "MinMaxScaler": ("rows", {"clip": True}),
        "OneHotEncoder": ("categories", {"handle_unknown": "ignore"}),
        "MLPClassifier": ("two three", {"hidden_layer_sizes": (8,), "max_iter": 20, "random_state": 0}),
        "MLPRegressor": ("target targets", {"hidden_layer_sizes": (8,), "max_iter": 20, "random_state": 0}),
        "CountVectorizer": ("texts", {"ngram_range": (1, 2)}),
        "TfidfVectorizer": ("texts", {"strip_accents": "unicode"}),
        "NgramMarkov": ("texts", {"n": 2}),
    }
)

_THEIR_HOMES = {
    "linear_model": (
        "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LassoLars OrthogonalMatchingPursuit"
        " BayesianRidge ARDRegression HuberRegressor SGDRegressor TheilSenRegressor QuantileRegressor"
        " LogisticRegression LogisticRegressionCV RidgeClassifier Perceptron SGDClassifier"
    ),
    "svm": "LinearSVC LinearSVR",
    "discriminant_analysis": "LinearDiscriminantAnalysis",
    "naive_bayes": "GaussianNB MultinomialNB ComplementNB BernoulliNB",
    "neighbors": "KNeighborsClassifier KNeighborsRegressor",
    "neural_network": "MLPClassifier MLPRegressor",
    "cluster": "KMeans MiniBatchKMeans DBSCAN",
    "decomposition": "PCA IncrementalPCA TruncatedSVD",
    "preprocessing": "StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer OneHotEncoder OrdinalEncoder",
    "impute": "SimpleImputer",
    "feature_extraction.text": "CountVectorizer TfidfVectorizer",
    "tree": "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor",
    "ensemble": (
        "RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor"
        " GradientBoostingClassifier GradientBoostingRegressor"
        " HistGradientBoostingClassifier HistGradientBoostingRegressor"
    ),
}
_MODULES = {name: home for home, names in _THEIR_HOMES.items() for name in names.split()}

_REGRESSORS = [*_THEIR_HOMES["linear_model"].split()[:16], "LinearSVR", "DecisionTreeRegressor", "ExtraTreeRegressor"]
IMPORTED = [
    *_cases(
        {name: ("target", {}) for name in [*_REGRESSORS, "LinearSVR", "DecisionTreeRegressor", "ExtraTreeRegressor"]}
    ),
    *_cases({name: ("two three", {}) for name in ("LogisticRegression", "RidgeClassifier", "Perceptron", "LinearSVC")}),
    *_cases(
        {
            "LogisticRegressionCV": ("three", {"cv": 2, "l1_ratios": (0,), "use_legacy_attributes": False}),
            "LinearDiscriminantAnalysis": ("two three", {}),
            "SGDClassifier": ("two three", {"loss": "log_loss", "random_state": 0}),
            "GaussianNB": ("two three", {}),
            "MultinomialNB": ("counts", {}),
            "ComplementNB": ("counts", {}),
            "BernoulliNB": ("marks", {"binarize": None}),
            "KNeighborsClassifier": ("two three", {"weights": "distance"}),
            "KNeighborsRegressor": ("target targets", {"p": 1}),
            "MLPClassifier": ("two three", {"hidden_layer_sizes": (6, 4), "activation": "tanh", "max_iter": 20}),
            "MLPRegressor": ("target targets", {"hidden_layer_sizes": (6,), "max_iter": 20}),
            "KMeans": ("rows", {"n_clusters": 3, "random_state": 0}),
            "MiniBatchKMeans": ("rows", {"n_clusters": 3, "random_state": 0}),
            "DBSCAN": ("rows", {"eps": 1.5}),
            "PCA": ("rows", {"n_components": 3, "whiten": True}),
            "IncrementalPCA": ("rows", {"n_components": 3}),
            "TruncatedSVD": ("rows", {"n_components": 3, "random_state": 0}),
            "StandardScaler": ("rows", {}),
            "MinMaxScaler": ("rows", {"feature_range": (-1, 2), "clip": True}),
            "MaxAbsScaler": ("rows", {}),
            "RobustScaler": ("rows", {}),
            "Normalizer": ("rows", {"norm": "l1"}),
            "OneHotEncoder": ("categories", {"drop": "first", "sparse_output": False}),
            "OrdinalEncoder": ("categories", {"handle_unknown": "use_encoded_value", "unknown_value": -1}),
            "SimpleImputer": ("gaps", {"strategy": "median", "add_indicator": True}),
            "CountVectorizer": ("texts", {"analyzer": "char_wb", "ngram_range": (2, 3)}),
            "TfidfVectorizer": ("texts", {"sublinear_tf": True}),
            "DecisionTreeClassifier": ("two three gaps", {}),
            "ExtraTreeClassifier": ("two three", {}),
            "RandomForestClassifier": ("two three gaps", _FEW),
            "RandomForestRegressor": ("target", _FEW),
            "ExtraTreesClassifier": ("two three", _FEW),
            "ExtraTreesRegressor": ("target", _FEW),
            "GradientBoostingClassifier": ("two three", _FEW),
            "GradientBoostingRegressor": ("target", _FEW),
            "HistGradientBoostingClassifier": ("two three gaps", {"max_iter": 5, "min_samples_leaf": 5}),
            "HistGradientBoostingRegressor": ("target", {"max_iter": 5, "min_samples_leaf": 5}),
        }
    ),
]


def ours(case: Case) -> Any:
    """A new estimator of ours."""
    module = importlib.import_module(f"sovereign.ml.aprender.{HOMES[case.name]}")
    return getattr(module, case.name)(**case.params)


def theirs(case: Case) -> Any:
    """A new estimator of scikit-learn's."""
    module = importlib.import_module(f"sklearn.{_MODULES[case.name]}")
    return getattr(module, case.name)(**case.params)


def fitted(model: Any, kind: str) -> Any:
    """The model, after it learned from data of this kind; that few rounds do not converge is meant."""
    X, y = data(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X) if y is None else model.fit(X, y)
