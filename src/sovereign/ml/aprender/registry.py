"""Every estimator that a model file may become, by name, and where it stands.

A file names its estimator, and only what is listed here is made of it: nothing from a file is imported or executed.
A new estimator takes a line; `tests/unit/ml/aprender/test_registry.py` holds the list against the room.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from sovereign.errors import FormatError

if TYPE_CHECKING:
    from sovereign.ml.aprender.base import Estimator

__all__ = ["HOMES", "estimator_class"]

_ROOM = "sovereign.ml.aprender"

HOMES = {
    # linear models
    "LinearRegression": "linear",
    "Ridge": "linear",
    "Lasso": "linear",
    "ElasticNet": "linear",
    "LogisticRegression": "logistic",
    "LinearSVC": "svm",
    "LinearSVR": "svm",
    # trees
    "DecisionTreeClassifier": "tree",
    "DecisionTreeRegressor": "tree",
    "RandomForestClassifier": "forest",
    "RandomForestRegressor": "forest",
    "ExtraTreesClassifier": "forest",
    "ExtraTreesRegressor": "forest",
    "GradientBoostingClassifier": "boosting",
    "GradientBoostingRegressor": "boosting",
    # neighbours, counts, groups, directions
    "KNeighborsClassifier": "neighbors",
    "KNeighborsRegressor": "neighbors",
    "GaussianNB": "naive_bayes",
    "MultinomialNB": "naive_bayes",
    "KMeans": "cluster",
    "DBSCAN": "cluster",
    "PCA": "decomposition",
    # columns
    "StandardScaler": "preprocessing",
    "MinMaxScaler": "preprocessing",
    "OneHotEncoder": "preprocessing",
    # networks
    "MLPClassifier": "neural",
    "MLPRegressor": "neural",
    # texts
    "CountVectorizer": "text",
    "TfidfVectorizer": "text",
    "NgramMarkov": "ngram",
    # several steps
    "Pipeline": "pipeline",
    # from elsewhere
    "FrozenClassifier": "frozen",
    "FrozenClusterer": "frozen",
    "FrozenRegressor": "frozen",
    "FrozenTransformer": "frozen",
}


def estimator_class(name: str, path: str) -> type[Estimator]:
    """The class of this name.

    Errors    FormatError  when the list has none; `path` is the file that names it.
    """
    home = HOMES.get(name)
    if home is None:
        message = f"the file is of an estimator that this version does not have: `{name}`"
        raise FormatError("aprender.image", message, path=path, field="custom.estimator", offset=0)
    found: type[Estimator] = getattr(importlib.import_module(f"{_ROOM}.{home}"), name)
    return found
