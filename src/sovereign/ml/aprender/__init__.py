"""Estimators that people know, and models that leave Python.

Enters: data as arrays, lists or frames, fitted models of scikit-learn, model files. Leaves: fitted estimators under
scikit-learn's contract, and model files that load elsewhere without it. `base.py` is the contract, `validation.py` what
may enter, `peer.py` what users of scikit-learn catch, `checks.py` the contract as functions to be called. Then one
family a file: `linear`, `logistic`, `svm`, `tree`, `forest`, `boosting`, `neighbors`, `naive_bayes`, `cluster`,
`decomposition`, `preprocessing`, `neural`, `text`, `ngram`, joined by `pipeline`. `model_selection` and `metrics` judge
them. `image.py` is the one form of what was learned, `predictor.py` runs it, `state.py` and `files.py` keep it,
`importing.py` takes it over from scikit-learn, `embedding.py` makes it small. Read `base.py` first.
"""

from __future__ import annotations

from sovereign.ml.aprender import checks, metrics
from sovereign.ml.aprender.boosting import GradientBoostingClassifier, GradientBoostingRegressor
from sovereign.ml.aprender.cluster import DBSCAN, KMeans
from sovereign.ml.aprender.decomposition import PCA
from sovereign.ml.aprender.embedding import embedded_file, embedded_image
from sovereign.ml.aprender.files import Facts, image_of, load, model_file, save
from sovereign.ml.aprender.forest import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sovereign.ml.aprender.frozen import FrozenClassifier, FrozenClusterer, FrozenRegressor, FrozenTransformer
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.importing import from_sklearn, importable
from sovereign.ml.aprender.linear import ElasticNet, Lasso, LinearRegression, Ridge
from sovereign.ml.aprender.logistic import LogisticRegression
from sovereign.ml.aprender.model_selection import (
    KFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    train_test_split,
)
from sovereign.ml.aprender.naive_bayes import GaussianNB, MultinomialNB
from sovereign.ml.aprender.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sovereign.ml.aprender.neural import MLPClassifier, MLPRegressor
from sovereign.ml.aprender.ngram import Completion, NgramMarkov
from sovereign.ml.aprender.pipeline import Pipeline, make_pipeline
from sovereign.ml.aprender.predictor import Predictor
from sovereign.ml.aprender.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sovereign.ml.aprender.svm import LinearSVC, LinearSVM, LinearSVR
from sovereign.ml.aprender.text import CountVectorizer, TfidfVectorizer
from sovereign.ml.aprender.tree import DecisionTreeClassifier, DecisionTreeRegressor

__all__ = [
    "DBSCAN",
    "PCA",
    "Completion",
    "CountVectorizer",
    "DecisionTreeClassifier",
    "DecisionTreeRegressor",
    "ElasticNet",
    "ExtraTreesClassifier",
    "ExtraTreesRegressor",
    "Facts",
    "Family",
    "FrozenClassifier",
    "FrozenClusterer",
    "FrozenRegressor",
    "FrozenTransformer",
    "GaussianNB",
    "GradientBoostingClassifier",
    "GradientBoostingRegressor",
    "Image",
    "KFold",
    "KMeans",
    "KNeighborsClassifier",
    "KNeighborsRegressor",
    "Lasso",
    "LinearRegression",
    "LinearSVC",
    "LinearSVM",
    "LinearSVR",
    "Link",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "MinMaxScaler",
    "MultinomialNB",
    "NgramMarkov",
    "OneHotEncoder",
    "Pipeline",
    "Predictor",
    "RandomForestClassifier",
    "RandomForestRegressor",
    "Ridge",
    "StandardScaler",
    "StratifiedKFold",
    "TfidfVectorizer",
    "checks",
    "cross_val_predict",
    "cross_val_score",
    "cross_validate",
    "embedded_file",
    "embedded_image",
    "from_sklearn",
    "image_of",
    "importable",
    "load",
    "make_pipeline",
    "metrics",
    "model_file",
    "save",
    "train_test_split",
]
