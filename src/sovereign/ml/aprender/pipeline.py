"""Steps one after the other, used as one estimator and kept in one file.

Enters: estimators with names, all but the last of which transform. Leaves: an estimator that passes its input through
all of them, and one native model of all. scikit-learn's own `Pipeline` takes our estimators too; this one needs no
scikit-learn, and is what a model file of several steps becomes.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sovereign.errors import NotFound, ParameterError
from sovereign.ml.aprender.base import Classifier, Estimator, Regressor
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.metrics import accuracy_score, r2_score
from sovereign.ml.aprender.model_selection import unfitted
from sovereign.ml.aprender.peer import not_fitted
from sovereign.ml.aprender.text import texts_of
from sovereign.ml.aprender.validation import is_sparse
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Pipeline", "make_pipeline"]

_MOST_STEPS = 255


def _taken(values: Any) -> Any:
    """What a step gives as the next one takes it: sparse matrices of texts become dense."""
    return values.toarray() if is_sparse(values) else values


class _Offered:
    """A method that is there exactly where the last step has one of that name: `hasattr` is how callers ask."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    def __get__(self, pipeline: Pipeline | None, kind: type) -> Any:
        if pipeline is None:
            return self
        name = self._method.__name__
        if not hasattr(pipeline.named_steps.popitem()[1], name):
            message = f"the last step of the pipeline has no `{name}`"
            raise AttributeError(message)
        return functools.partial(self._method, pipeline)


def _offered(method: Callable[..., Any]) -> Any:
    return _Offered(method)


class Pipeline(Estimator):
    """Passes data through named steps; what it can do is what its last step can do.

    steps  pairs of name and estimator; all but the last have `transform`.

    After `fit`, `steps_` are the fitted estimators; those of `steps` stay as they were.

    >>> from sovereign.ml.aprender import LinearRegression, StandardScaler
    >>> model = make_pipeline(StandardScaler(), LinearRegression()).fit([[0.0], [2.0]], [1.0, 3.0])
    >>> model.predict([[1.0]]).round(6).tolist()
    [2.0]
    """

    _requires_y: ClassVar[bool] = False

    steps_: list[tuple[str, Any]]

    def __init__(self, steps: Sequence[tuple[str, Any]]) -> None:
        self.steps = steps

    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> Self:
        """Fit each step on what the one before makes of the input; `fit_params` go to the last.

        Errors    ParameterError  when a step cannot transform, or names are not different; and those of the steps.
        """
        self._require_steps()
        fitted = []
        passed = X
        for name, step in self.steps[:-1]:
            fresh = unfitted(step)
            passed = _taken(fresh.fit_transform(passed, y))
            fitted.append((name, fresh))
        name, last = self.steps[-1]
        fresh = unfitted(last)
        fresh.fit(passed, **fit_params) if y is None else fresh.fit(passed, y, **fit_params)
        self._forget()
        self.steps_ = [*fitted, (name, fresh)]
        return self

    def _require_steps(self) -> None:
        names = [name for name, _ in self.steps]
        if (
            not names
            or len(names) > _MOST_STEPS
            or len(set(names)) != len(names)
            or any("__" in name for name in names)
        ):
            message = (
                f"steps should have from 1 to {_MOST_STEPS} different names without `__`, they have: `{names[:9]}`"
            )
            raise ParameterError("aprender.parameter", message, name="steps", value=names, allowed="different names")
        for name, step in self.steps[:-1]:
            if not hasattr(step, "transform"):
                kind = type(step).__name__
                message = f"all steps but the last should transform, the step `{name}` does not, it is: `{kind}`"
                raise ParameterError("aprender.parameter", message, name="steps", value=kind, allowed="a transformer")

    # what the last step can do

    @_offered
    def predict(self, X: Any) -> NDArray[Any]:
        """What the last step predicts."""
        last = self._fitted_steps()[-1][1]
        if not self._reads_texts():
            values: NDArray[Any] = last.predict(self._passed(X))
        elif isinstance(last, Classifier):
            values = last.classes_[self._predictor().labels(texts_of(X))]
        else:
            values = self._predictor().predict(texts_of(X))
        return values

    @_offered
    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The probabilities that the last step gives."""
        if self._reads_texts():
            values: NDArray[Any] = self._predictor().predict(texts_of(X))
        else:
            values = self._last("predict_proba")(self._passed(X))
        return values

    @_offered
    def decision_function(self, X: Any) -> NDArray[Any]:
        """The scores that the last step gives."""
        if self._reads_texts():
            values: NDArray[Any] = self._predictor().scores(texts_of(X))
        else:
            values = self._last("decision_function")(self._passed(X))
        return values

    @_offered
    def transform(self, X: Any) -> Any:
        """What the last step makes of the input."""
        return self._last("transform")(self._passed(X))

    def score(self, X: Any, y: Any = None, **options: Any) -> float:
        """The score that the last step gives."""
        last = self._fitted_steps()[-1][1]
        if isinstance(last, Classifier | Regressor):
            measure = accuracy_score if isinstance(last, Classifier) else r2_score
            return float(measure(y, self.predict(X), **options))
        passed = self._passed(X)
        return float(last.score(passed, **options) if y is None else last.score(passed, y, **options))

    def _reads_texts(self) -> bool:
        """Whether the native model takes texts in one go, where steps would need the matrix of all terms."""
        first, last = self._fitted_steps()[0][1], self.steps_[-1][1]
        return first is not last and isinstance(first, Estimator) and first._accepts == "texts"  # noqa: SLF001

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes that the last step tells apart."""
        classes: NDArray[Any] = self._fitted_steps()[-1][1].classes_
        return classes

    @property
    def n_features_in_(self) -> int:  # type: ignore[override]
        """Columns that the first step takes."""
        count: int = self._fitted_steps()[0][1].n_features_in_
        return count

    def _fitted_steps(self) -> list[tuple[str, Any]]:
        if "steps_" not in vars(self):
            raise not_fitted(self)
        return self.steps_

    def _last(self, method: str) -> Any:
        return getattr(self._fitted_steps()[-1][1], method)

    def _passed(self, X: Any) -> Any:
        for _, step in self.steps_[:-1]:
            X = _taken(step.transform(X))
        return X

    @property
    def named_steps(self) -> dict[str, Any]:
        """The steps by name, fitted where the pipeline is."""
        return dict(vars(self).get("steps_", self.steps))

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, key: int | str) -> Any:
        """A step by place or by name.

        Errors    NotFound  when there is no step of that name.
        """
        if isinstance(key, str):
            found = self.named_steps.get(key)
            if found is None:
                message = f"the pipeline has no step of that name: `{key}`"
                raise NotFound("aprender.step", message, name=key, nearest=nearest(key, self.named_steps))
            return found
        return list(self.named_steps.values())[key]

    @property
    def _estimator_type(self) -> str | None:  # type: ignore[override]
        kind: str | None = getattr(self.steps[-1][1], "_estimator_type", None) if self.steps else None
        return kind

    # parameters

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - scikit-learn's signature
        """The steps, and with `deep` each step by name and its parameters as `name__parameter`."""
        params: dict[str, Any] = {"steps": self.steps}
        if deep:
            for name, step in self.steps:
                params[name] = step
                params |= {f"{name}__{inner}": value for inner, value in step.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Change `steps`, a step by name, or a parameter of a step as `name__parameter`.

        Errors    ParameterError  when there is no such step or parameter.
        """
        if "steps" in params:
            self.steps = params.pop("steps")
        for key, value in params.items():
            name, _, inner = key.partition("__")
            places = [place for place, (known, _) in enumerate(self.steps) if known == name]
            if not places:
                known = [each for each, _ in self.steps]
                message = f"Invalid parameter '{name}' for estimator Pipeline, its steps are: `{', '.join(known)}`"
                raise ParameterError("aprender.parameter", message, name=name, value=value, allowed=known)
            if inner:
                self.steps[places[0]][1].set_params(**{inner: value})
            else:
                self.steps = [*self.steps[: places[0]], (name, value), *self.steps[places[0] + 1 :]]
        return self

    # the image

    def _image(self) -> Image:
        images = [step._image() for _, step in self.steps_]  # noqa: SLF001 - estimators of one room
        images[:-1] = [image.passing() for image in images[:-1]]
        first, last = images[0], images[-1]
        extra = [last.further(place) for place in range(8, 16)]
        return Image.describe(
            Family.PIPELINE,
            n_features=first.n_features,
            n_outputs=last.n_outputs,
            link=last.link,
            n_classes=last.n_classes,
            extra=(len(images), *extra),
            arrays=Image.nested(images),
        )


def make_pipeline(*steps: Any) -> Pipeline:
    """A pipeline whose steps are named after their classes, with a number where a class stands twice."""
    kinds = [type(step).__name__.lower() for step in steps]
    names = [
        f"{kind}-{kinds[: place + 1].count(kind)}" if kinds.count(kind) > 1 else kind
        for place, kind in enumerate(kinds)
    ]
    return Pipeline(list(zip(names, steps, strict=True)))
