"""Images of scikit-learn's models that are sums of products: linear ones, counting Bayes, networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every builder handles arrays

from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.sources import floats, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["BUILDERS"]

_BINARY = 2
_ACTIVATIONS = ("identity", "relu", "tanh", "logistic")


def _linear(model: Any, coef: Any, intercept: Any, link: Link = Link.IDENTITY) -> Image:
    """`X · coefᵀ + intercept`, then the link; intercept may be one number for all rows of coef."""
    rows = np.atleast_2d(np.asarray(coef))
    heights = np.broadcast_to(np.asarray(intercept, dtype=rows.dtype).ravel(), (len(rows),))
    weights, offsets = floats(rows, heights)
    classes = len(model.classes_) if hasattr(model, "classes_") else 0
    n_outputs = classes if classes and link is not Link.DECISION else len(weights)
    return Image.describe(
        Family.LINEAR,
        n_features=weights.shape[1],
        n_outputs=n_outputs,
        link=link,
        n_classes=classes,
        arrays={"coef": weights, "intercept": offsets},
    )


def _regression(model: Any) -> Image:
    return _linear(model, model.coef_, model.intercept_)


def _decision(model: Any) -> Image:
    return _linear(model, model.coef_, model.intercept_, Link.DECISION)


def _logistic(model: Any) -> Image:
    is_apart = getattr(model, "solver", None) == "liblinear"
    several = Link.ONE_VS_REST if is_apart else Link.SOFTMAX
    return _linear(model, model.coef_, model.intercept_, Link.LOGISTIC if len(model.classes_) == _BINARY else several)


def _gradient_descent(model: Any) -> Image:
    if model.loss != "log_loss":
        return _decision(model)
    link = Link.LOGISTIC if len(model.classes_) == _BINARY else Link.ONE_VS_REST
    return _linear(model, model.coef_, model.intercept_, link)


def _multinomial(model: Any) -> Image:
    return _linear(model, model.feature_log_prob_, model.class_log_prior_, Link.LOG_JOINT)


def _complement(model: Any) -> Image:
    prior = model.class_log_prior_ if len(model.classes_) == 1 else np.zeros(len(model.classes_))
    return _linear(model, model.feature_log_prob_, prior, Link.LOG_JOINT)


def _bernoulli(model: Any) -> Image:
    if model.binarize is not None:
        refuse(model, "binarize", model.binarize, None)
    absent = np.log1p(-np.exp(model.feature_log_prob_))
    prior = model.class_log_prior_ + absent.sum(axis=1)
    return _linear(model, model.feature_log_prob_ - absent, prior, Link.LOG_JOINT)


def _gaussian(model: Any) -> Image:
    mean, variance, prior = floats(model.theta_, model.var_, np.log(model.class_prior_))
    return Image.describe(
        Family.GAUSSIAN_NB,
        n_features=mean.shape[1],
        n_outputs=len(mean),
        link=Link.LOG_JOINT,
        n_classes=len(mean),
        arrays={"mean": mean, "variance": variance, "log_prior": prior},
    )


def _network(model: Any) -> Image:
    """Layers of a multi-layer perceptron."""
    classes = len(model.classes_) if hasattr(model, "classes_") else 0
    links = {"identity": Link.IDENTITY, "softmax": Link.SOFTMAX, "logistic": Link.LOGISTIC}
    if model.out_activation_ not in links:
        refuse(model, "loss", model.loss, "squared_error or log_loss")
    if model.out_activation_ == "logistic" and model.n_outputs_ != 1:
        refuse(model, "y", "several labels a row", "one class a row")
    arrays: dict[str, NDArray[Any]] = {}
    parts = floats(*model.coefs_, *model.intercepts_)
    depth = len(model.coefs_)
    for layer in range(depth):
        arrays |= {f"weight.{layer}": parts[layer], f"bias.{layer}": parts[depth + layer]}
    return Image.describe(
        Family.MLP,
        n_features=len(model.coefs_[0]),
        n_outputs=classes or model.n_outputs_,
        link=links[model.out_activation_],
        n_classes=classes,
        extra=(depth, _ACTIVATIONS.index(model.activation)),
        arrays=arrays,
    )


_REGRESSORS = (
    "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LarsCV LassoLars LassoLarsCV"
    " OrthogonalMatchingPursuit BayesianRidge ARDRegression HuberRegressor SGDRegressor TheilSenRegressor"
    " QuantileRegressor LinearSVR PassiveAggressiveRegressor"
).split()
_DECIDERS = "RidgeClassifier RidgeClassifierCV LinearSVC Perceptron PassiveAggressiveClassifier".split()
_PROBABLE = "LogisticRegression LogisticRegressionCV LinearDiscriminantAnalysis".split()

BUILDERS: dict[str, Callable[[Any], Image]] = {
    **dict.fromkeys(_REGRESSORS, _regression),
    **dict.fromkeys(_DECIDERS, _decision),
    **dict.fromkeys(_PROBABLE, _logistic),
    "SGDClassifier": _gradient_descent,
    "MultinomialNB": _multinomial,
    "ComplementNB": _complement,
    "BernoulliNB": _bernoulli,
    "GaussianNB": _gaussian,
    "MLPClassifier": _network,
    "MLPRegressor": _network,
}
