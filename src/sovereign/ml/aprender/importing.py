"""Fitted models of scikit-learn, taken over without fitting them again: `from_sklearn`.

Enters: a fitted estimator or pipeline of scikit-learn. Leaves: an estimator of this room, or a frozen one where the
room has no such class, whose predictions are the original's: of trees to the last bit, of all others up to rounding.
Classes are told by their names, so that scikit-learn is needed only because the model came from it. What cannot be
taken over as it is, is refused with the parameter that stands in the way. One file of builders a family:
`sources_linear.py`, `sources_trees.py`, `sources_columns.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender import registry, sources_columns, sources_linear, sources_trees
from sovereign.ml.aprender.base import Estimator
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.model_selection import unfitted
from sovereign.ml.aprender.peer import not_fitted
from sovereign.ml.aprender.pipeline import Pipeline
from sovereign.ml.aprender.sources import refuse
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["from_sklearn", "importable"]

_SOURCES: dict[str, Callable[[Any], Image]] = {
    **sources_linear.BUILDERS,
    **sources_trees.BUILDERS,
    **sources_columns.BUILDERS,
}
# Of the same name here and there, and with the same meaning: these come back as our own class.
_OURS = frozenset(registry.HOMES) - {"GradientBoostingClassifier", "GradientBoostingRegressor"}


def importable() -> list[str]:
    """The classes of scikit-learn that `from_sklearn` takes, by name."""
    return sorted([*_SOURCES, "Pipeline", "VotingClassifier", "VotingRegressor"])


def from_sklearn(model: Any) -> Estimator:
    """A fitted scikit-learn estimator or pipeline as one of this room.

    Errors    NotFittedError  when the model has learned nothing.
              ParameterError  `aprender.unsupported` when its class or one of its parameters cannot be taken over.

    >>> from sklearn.linear_model import Ridge
    >>> from_sklearn(Ridge().fit([[0.0], [1.0]], [0.0, 3.0])).predict([[1.0]]).round(6).tolist()
    [2.0]
    """
    name = type(model).__name__
    if not any(kind.__module__.startswith("sklearn.") for kind in type(model).__mro__):
        message = f"a fitted estimator of scikit-learn is taken over, this is of another module: `{name}`"
        raise ParameterError("aprender.unsupported", message, name="model", value=name, allowed="scikit-learn")
    _require_fitted(model)
    if name == "Pipeline":
        return _pipeline(model)
    if name not in _SOURCES and not name.startswith("Voting"):
        near = nearest(name, importable())
        hint = f", perhaps `{near[0]}` would do" if near else ""
        message = f"a model of this class cannot be taken over yet{hint}: `{name}`"
        raise ParameterError("aprender.unsupported", message, name="model", value=name, allowed=importable())
    image = _vote(model) if name.startswith("Voting") else _SOURCES[name](model)
    estimator = _shell(model, image)
    _take_facts(estimator, model, image)
    estimator._restore(image)  # noqa: SLF001 - the room's own way into an estimator
    _take_attributes(estimator, model)
    return estimator


def _require_fitted(model: Any) -> None:
    learned = [name for name in vars(model) if name.endswith("_") and not name.startswith("_")]
    steps = getattr(model, "steps", None)
    if steps:
        for _, step in steps:
            if not isinstance(step, str):
                _require_fitted(step)
    elif not learned and type(model).__name__ not in sources_columns.STATELESS:
        raise not_fitted(model)


def _shell(model: Any, image: Image) -> Estimator:
    """The estimator that the image goes into, with the parameters that both classes have."""
    name = type(model).__name__
    if name in _OURS:
        kind = registry.estimator_class(name, "scikit-learn")
        given, known = model.get_params(deep=False), kind._defaults()  # noqa: SLF001
        return kind(**{key: value for key, value in given.items() if key in known and _is_plain(value)})
    frozen: Any = registry.estimator_class(_frozen_kind(model, image), "scikit-learn")
    shell: Estimator = frozen(origin=f"{type(model).__module__.split('._')[0]}.{name}")
    return shell


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str | tuple | list | dict | np.generic)


def _frozen_kind(model: Any, image: Image) -> str:
    if hasattr(model, "classes_"):
        return "FrozenClassifier"
    if image.family is Family.K_MEANS:
        return "FrozenClusterer"
    return "FrozenRegressor" if hasattr(model, "predict") else "FrozenTransformer"


def _take_facts(estimator: Estimator, model: Any, image: Image) -> None:
    """What every fitted estimator knows of the data it learned from."""
    if image.n_features:
        estimator.n_features_in_ = image.n_features
    names = getattr(model, "feature_names_in_", None)
    if names is not None:
        estimator.feature_names_in_ = np.asarray(names, dtype=object)
    classes = getattr(model, "classes_", None)
    if classes is not None:
        if isinstance(classes, list):
            refuse(model, "y", "several columns of classes", "one column")
        estimator.classes_ = np.asarray(classes)


def _take_attributes(estimator: Estimator, model: Any) -> None:
    """Learned attributes that our class declares, that the original has, and that the image does not bring."""
    declared = {name for kind in type(estimator).__mro__ for name in getattr(kind, "__annotations__", ())}
    for name in sorted(declared - set(vars(estimator))):
        if name.endswith("_") and not name.startswith("_") and hasattr(model, name):
            setattr(estimator, name, getattr(model, name))


def _pipeline(model: Any) -> Pipeline:
    steps = [(name, step) for name, step in model.steps if step is not None and step != "passthrough"]
    steps = sources_columns.joined_text(steps)
    fitted = [(name, step if isinstance(step, Estimator) else from_sklearn(step)) for name, step in steps]
    pipeline = Pipeline([(name, unfitted(step)) for name, step in fitted])
    pipeline.steps_ = fitted
    return pipeline


def _vote(model: Any) -> Image:
    """The average of members, each weighted: soft votes of classifiers, and regressors."""
    if getattr(model, "voting", "soft") != "soft":
        refuse(model, "voting", model.voting, "soft")
    kept = [
        (member, weight)
        for member, weight in zip(model.estimators_, model._weights_not_none or _ones(model), strict=True)  # noqa: SLF001
    ]
    members = [from_sklearn(member)._image() for member, _ in kept]  # noqa: SLF001
    weights = np.array([weight for _, weight in kept], dtype=np.float64)
    first = members[0]
    return Image.describe(
        Family.VOTE,
        n_features=first.n_features,
        n_outputs=first.n_outputs,
        n_classes=first.n_classes,
        extra=(len(members),),
        arrays={"weights": weights, **Image.nested(members)},
    )


def _ones(model: Any) -> list[float]:
    return [1.0] * len(model.estimators_)
