"""What every estimator shares: parameters, the fitted state, its native model, and scikit-learn's contract.

Enters: a class whose constructor only stores its parameters, and whose `fit` sets attributes that end in `_`. Leaves:
an object that scikit-learn's `clone`, `Pipeline` and `GridSearchCV` take for one of theirs, though this package needs
no scikit-learn: what they ask for is a set of methods, and their classes of tags are imported when they ask.

A family adds `fit`, and `_image` and `_restore`, the way into a model file and back; predictions come from the native
model that is made of the image. Arrays that were learned are read-only, and assigning one drops the native model, so
that a prediction never comes from a state that is no longer there. Read `validation.py` before, `linear.py` next.
"""

from __future__ import annotations

import functools
import inspect
import time
import warnings
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import validation
from sovereign.ml.aprender.metrics import accuracy_score, r2_score
from sovereign.ml.aprender.parameters import require
from sovereign.ml.aprender.peer import not_fitted
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sovereign.ml.aprender.image import Image
    from sovereign.ml.aprender.predictor import Predictor

__all__ = ["Classifier", "Clusterer", "Estimator", "Regressor", "Transformer"]


# Known when data was looked at, and before anything was learned of it.
_OF_INPUT = frozenset({"classes_", "feature_names_in_", "n_features_in_"})


class Estimator:
    """An object that learns from data; the parent of every estimator here.

    Class attributes say what an estimator takes:

    `_accepts`         "numbers", "texts" or "categories".
    `_allows_nan`      NaN in `X` means a value that is missing.
    `_accepts_sparse`  `X` may be a sparse matrix of SciPy.
    `_positive_only`   `X` must not be negative.
    `_multi_output`    `y` may have several columns.
    `_dtypes`          element types that `X` is taken in; the first stands for all others.
    """

    __slots__ = ("__dict__", "__weakref__", "_native", "_record")

    _accepts: ClassVar[str] = "numbers"
    _allows_nan: ClassVar[bool] = False
    _accepts_sparse: ClassVar[bool] = False
    _positive_only: ClassVar[bool] = False
    _multi_output: ClassVar[bool] = False
    _requires_y: ClassVar[bool] = False
    _requires_fit: ClassVar[bool] = True
    _estimator_type: ClassVar[str | None] = None
    _dtypes: ClassVar[tuple[np.dtype[Any], ...]] = (np.dtype(np.float64), np.dtype(np.float32))

    n_features_in_: int

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "fit" in vars(cls):
            cls.fit = _recorded(cls.fit)  # type: ignore[attr-defined]

    # parameters

    @classmethod
    @functools.cache
    def _defaults(cls) -> dict[str, Any]:
        """The constructor's parameters with their defaults, in its order."""
        parameters = inspect.signature(cls.__init__).parameters
        return {name: each.default for name, each in parameters.items() if name != "self"}

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - scikit-learn's signature
        """The parameters by name; with `deep` also those of estimators among them, as `name__parameter`."""
        params: dict[str, Any] = {}
        for name in sorted(self._defaults()):
            value = getattr(self, name)
            params[name] = value
            if deep and hasattr(value, "get_params") and not isinstance(value, type):
                params |= {f"{name}__{inner}": each for inner, each in value.get_params().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Change parameters by name, `name__parameter` for those of an estimator among them.

        Errors    ParameterError  when there is no such parameter; the message holds the nearest name.
        """
        nested: dict[str, dict[str, Any]] = {}
        for key, value in params.items():
            name, _, inner = key.partition("__")
            self._require_parameter(name)
            if inner:
                nested.setdefault(name, {})[inner] = value
            else:
                setattr(self, name, value)
        for name, inside in nested.items():
            getattr(self, name).set_params(**inside)
        return self

    def _require_parameter(self, name: str) -> None:
        known = self.get_params(deep=False)
        if name not in known:
            near = nearest(name, known)
            hint = f", perhaps `{near[0]}`" if near else ""
            label, listed = type(self).__name__, ", ".join(known)
            message = f"Invalid parameter '{name}' for estimator {label}{hint}, it has: `{listed}`"
            raise ParameterError("aprender.parameter", message, name=name, value=name, allowed=sorted(known))

    def __repr__(self) -> str:
        changed = [
            f"{name}={getattr(self, name)!r}"
            for name, default in self._defaults().items()
            if not _is_same(getattr(self, name, default), default)
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    # fitted state

    def __setattr__(self, name: str, value: Any) -> None:
        if name.endswith("_") and not name.startswith("_"):
            object.__setattr__(self, "_native", None)
            if isinstance(value, np.ndarray):
                value = value.view()
                value.flags.writeable = False
        object.__setattr__(self, name, value)

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def __sklearn_is_fitted__(self) -> bool:
        return any(name.endswith("_") and not name.startswith("_") and name not in _OF_INPUT for name in vars(self))

    def _require_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            raise not_fitted(self)

    def _forget(self) -> None:
        """Drop what was learned before, so that a failed `fit` leaves no mixture."""
        for name in [name for name in vars(self) if name.endswith("_") and not name.startswith("_")]:
            delattr(self, name)
        object.__setattr__(self, "_native", None)
        object.__setattr__(self, "_record", None)

    # the native model

    def _image(self) -> Image:
        """The fitted state in its one form, from which `_restore` and the native model are made."""
        raise NotImplementedError

    def _restore(self, image: Image) -> None:
        """Set the learned attributes from an image of the same class."""
        raise NotImplementedError

    def _predictor(self) -> Predictor:
        """The native model, made when it is first needed."""
        self._require_fitted()
        native: Predictor | None = getattr(self, "_native", None)
        if native is None:
            from sovereign.ml.aprender.predictor import Predictor

            native = Predictor(self._image())
            object.__setattr__(self, "_native", native)
        return native

    def predictor(self) -> Predictor:
        """The native model alone: what runs in a browser and on a microcontroller, without this object around it.

        It checks less and answers sooner: arrays of float32 or float64 in, arrays out.

        Errors    NotFittedError  before `fit`.
        """
        return self._predictor()

    def training_record(self) -> dict[str, Any]:
        """How it was fitted: `samples` and `duration_ms`; empty where it came from a file or from elsewhere."""
        return dict(getattr(self, "_record", None) or {})

    # input

    def _check_input(self, X: Any, *, reset: bool, least_rows: int = 1) -> NDArray[Any]:
        """`X` as a matrix; with `reset` its columns are learned, without it they must be the learned ones."""
        names = validation.column_names(X)
        array = validation.matrix(
            X,
            estimator=type(self).__name__,
            dtypes=self._dtypes,
            allow_nan=self._allows_nan,
            least_rows=least_rows,
        )
        if reset:
            self._forget()
            self.n_features_in_ = array.shape[1]
            if names is not None:
                self.feature_names_in_ = np.array(names, dtype=object)
        else:
            self._require_columns(array.shape[1], names)
        if self._positive_only and array.size and array.min() < 0:
            message = f"Negative values in data passed to X of {type(self).__name__}, the least is: `{array.min()}`"
            raise ParameterError("aprender.values", message, name="X", value=float(array.min()), allowed=">= 0")
        return array

    def _require_columns(self, count: int, names: list[str] | None) -> None:
        self._require_names(names)
        if count != self.n_features_in_:
            name = type(self).__name__
            message = f"X has {count} features, but {name} is expecting {self.n_features_in_} features as input"
            raise ShapeError("aprender.shape", message, expected=("n", self.n_features_in_), got=("n", count))

    def _require_names(self, names: list[str] | None) -> None:
        learned: NDArray[Any] | None = getattr(self, "feature_names_in_", None)
        label = type(self).__name__
        if learned is None and names is not None:
            warnings.warn(f"X has feature names, but {label} was fitted without feature names", stacklevel=5)
        elif learned is not None and names is None:
            message = f"X does not have valid feature names, but {label} was fitted with feature names"
            warnings.warn(message, stacklevel=5)
        elif learned is not None and names != learned.tolist():
            message = _names_differ(learned.tolist(), names or [])
            raise ParameterError("aprender.columns", message, name="X", value=names, allowed=learned.tolist())

    def _check_rows(self, X: Any) -> NDArray[Any]:
        """What `predict` and `transform` take: an input like the one of `fit`."""
        self._require_fitted()
        return self._check_input(X, reset=False)

    # scikit-learn

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, Tags, TargetTags

        tags = Tags(
            estimator_type=self._estimator_type,
            target_tags=TargetTags(required=self._requires_y, multi_output=self._multi_output),
            requires_fit=self._requires_fit,
            input_tags=InputTags(
                two_d_array=self._accepts != "texts",
                string=self._accepts != "numbers",
                categorical=self._accepts == "categories",
                allow_nan=self._allows_nan,
                sparse=self._accepts_sparse,
                positive_only=self._positive_only,
            ),
        )
        for mixin in (Classifier, Regressor, Transformer):
            if isinstance(self, mixin):
                mixin._tag(self, tags)  # noqa: SLF001 - the mixins are this class's own halves
        return tags


def _recorded(fit: Callable[..., Any]) -> Callable[..., Any]:
    """The same `fit`, after which the estimator knows how many rows it saw and how long it took."""

    @functools.wraps(fit)
    def measured(self: Estimator, X: Any, *arguments: Any, **options: Any) -> Any:
        begin = time.perf_counter()
        fitted = fit(self, X, *arguments, **options)
        duration_ms = round((time.perf_counter() - begin) * 1e3, 3)
        shape = getattr(X, "shape", None)
        rows = shape[0] if shape else len(X) if hasattr(X, "__len__") else len(np.asarray(X))
        object.__setattr__(self, "_record", {"samples": int(rows), "duration_ms": duration_ms})
        return fitted

    return measured


def _is_same(value: object, default: object) -> bool:
    """Whether a parameter has its default; arrays and estimators are never the default."""
    if value is default:
        return True
    return type(value) is type(default) and isinstance(value, bool | int | float | str | tuple) and value == default


def _names_differ(learned: list[str], given: list[str]) -> str:
    """What is wrong with the names of columns, at most five of a kind."""
    lines = ["The feature names should match those that were passed during fit."]
    unknown = [name for name in given if name not in learned]
    missing = [name for name in learned if name not in given]
    if unknown:
        lines += ["Feature names unseen at fit time:", *_listed(unknown)]
    if missing:
        lines += ["Feature names seen at fit time, yet now missing:", *_listed(missing)]
    if not unknown and not missing:
        lines.append("Feature names must be in the same order as they were in fit.")
    return "\n".join(lines)


def _listed(names: list[str]) -> list[str]:
    most = 5
    return [f"- {name}" for name in names[:most]] + (["- ..."] if len(names) > most else [])


class Classifier:
    """An estimator that tells classes apart. `classes_` (k,) are in order; native models speak of them by index."""

    _estimator_type: ClassVar[str | None] = "classifier"
    _requires_y: ClassVar[bool] = True
    _has_poor_score: ClassVar[bool] = False
    _multi_class: ClassVar[bool] = True

    classes_: NDArray[Any]

    def _check_classes(self, y: Any, rows: int, *, least: int = 1) -> NDArray[np.int32]:
        """Learn the classes, and give for each row the index of its class (n,)."""
        label = type(self).__name__
        array = validation.target_classes(y, rows, estimator=label)
        self.classes_, indexes = validation.classes_of(array)
        if len(self.classes_) < least:
            message = f"{label} needs samples of at least {least} classes, it got one class: `{self.classes_[0]}`"
            raise ParameterError("aprender.classes", message, name="y", value=len(self.classes_), allowed=f">= {least}")
        return indexes

    def _check_known_classes(self, y: Any, rows: int, classes: Any, *, is_first: bool) -> NDArray[np.int32]:
        """The index of the class of each row (n,), where `classes` are given in the first call of several."""
        label = type(self).__name__
        require("classes", classes, "given in the first call", makes_sense=not (is_first and classes is None))
        if classes is not None:
            found = np.unique(validation.target_classes(classes, len(classes), estimator=label))
            is_same = is_first or (found.shape == self.classes_.shape and bool((found == self.classes_).all()))
            require("classes", classes, "the same in every call", makes_sense=is_same)
            self.classes_ = found
        targets = validation.target_classes(y, rows, estimator=label)
        places = np.minimum(np.searchsorted(self.classes_, targets), len(self.classes_) - 1)
        strange = self.classes_[places] != targets
        if strange.any():
            value, known = np.asarray(targets)[strange][0], self.classes_.tolist()
            message = f"`y` of {label} holds a class that `classes` does not: `{value}`"
            raise ParameterError("aprender.values", message, name="y", value=value, allowed=known)
        return places.astype(np.int32)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Share of rows whose class is predicted right."""
        return float(accuracy_score(y, self.predict(X), sample_weight=sample_weight))

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each row (n,).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        assert isinstance(self, Estimator)
        rows = self._check_rows(X)
        labels: NDArray[Any] = self.classes_[self._predictor().labels(rows)]
        return labels

    def _tag(self, tags: Any) -> None:
        from sklearn.utils import ClassifierTags

        tags.classifier_tags = ClassifierTags(poor_score=self._has_poor_score, multi_class=self._multi_class)


class Regressor:
    """An estimator that tells numbers."""

    _estimator_type: ClassVar[str | None] = "regressor"
    _requires_y: ClassVar[bool] = True
    _has_poor_score: ClassVar[bool] = False

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """The coefficient of determination: 1 is perfect, 0 as good as the mean, below that worse."""
        return float(r2_score(y, self.predict(X), sample_weight=sample_weight))

    def predict(self, X: Any) -> NDArray[Any]:
        """The predicted number of each row (n,), or numbers (n, m) where `y` had several columns.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        assert isinstance(self, Estimator)
        values: NDArray[Any] = self._predictor().predict(self._check_rows(X))
        return values

    def _tag(self, tags: Any) -> None:
        from sklearn.utils import RegressorTags

        tags.regressor_tags = RegressorTags(poor_score=self._has_poor_score)


class Transformer:
    """An estimator that makes other columns of columns."""

    _dtypes: ClassVar[tuple[np.dtype[Any], ...]]
    _keeps_dtype: ClassVar[bool] = True

    def transform(self, X: Any) -> Any:
        """The new columns (n, m) of each row.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        assert isinstance(self, Estimator)
        rows = self._check_rows(X)
        values = self._predictor().predict(rows)
        return self._framed(values.reshape(len(rows), -1), X)

    def fit_transform(self, X: Any, y: Any = None, **fit_params: Any) -> Any:
        """`fit`, then `transform` of the same input."""
        return self.fit(X, y, **fit_params).transform(X)  # type: ignore[attr-defined]

    def set_output(self, *, transform: str | None = None) -> Self:
        """Choose what `transform` gives: "default" for arrays, "pandas" or "polars" for frames with names."""
        allowed = ("default", "pandas", "polars")
        if transform is None:
            return self
        if transform not in allowed:
            message = f"`transform` should be one of `{', '.join(allowed)}`, it is: `{transform}`"
            raise ParameterError("aprender.parameter", message, name="transform", value=transform, allowed=allowed)
        # The name under which scikit-learn's `clone` looks for it.
        self._sklearn_output_config = {"transform": transform}
        return self

    def _framed(self, values: NDArray[Any], X: Any) -> Any:
        wanted = getattr(self, "_sklearn_output_config", {}).get("transform", "default")
        if wanted == "default":
            return values
        import importlib

        names = list(self.get_feature_names_out())
        frames = importlib.import_module(wanted)
        if wanted == "pandas":
            return frames.DataFrame(values, columns=names, index=getattr(X, "index", None))
        return frames.DataFrame(values, schema=names, orient="row")

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The names of the columns that `transform` gives: those that came in, unless a family has other ones."""
        assert isinstance(self, Estimator)
        self._require_fitted()
        return self._names_in(input_features)

    def _names_in(self, input_features: Any) -> NDArray[Any]:
        assert isinstance(self, Estimator)
        learned: NDArray[Any] | None = getattr(self, "feature_names_in_", None)
        if input_features is None:
            count = self.n_features_in_
            return learned if learned is not None else np.array([f"x{place}" for place in range(count)], dtype=object)
        names = np.asarray(input_features, dtype=object)
        if learned is not None and names.tolist() != learned.tolist():
            message = f"input_features is not equal to feature_names_in_, it is: `{names.tolist()}`"
            raise ParameterError("aprender.columns", message, name="input_features", value=names, allowed=learned)
        if len(names) != self.n_features_in_:
            wanted = self.n_features_in_
            message = f"input_features should have length equal to number of features ({wanted}), got {len(names)}"
            raise ShapeError("aprender.shape", message, expected=(self.n_features_in_,), got=names.shape)
        return names

    def _tag(self, tags: Any) -> None:
        from sklearn.utils import TransformerTags

        tags.transformer_tags = TransformerTags()
        if self._keeps_dtype:
            tags.transformer_tags.preserves_dtype = [dtype.name for dtype in self._dtypes]


class Clusterer:
    """An estimator that groups rows; `labels_` (n,) are the groups of the rows it was fitted on."""

    _estimator_type: ClassVar[str | None] = "clusterer"

    labels_: NDArray[np.int32]

    def fit_predict(self, X: Any, y: Any = None, **fit_params: Any) -> NDArray[np.int32]:
        """`fit`, then the groups of the same rows (n,)."""
        return self.fit(X, y, **fit_params).labels_  # type: ignore[attr-defined,no-any-return]
