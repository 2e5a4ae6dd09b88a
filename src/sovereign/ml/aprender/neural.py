"""Networks of dense layers that tell classes or numbers.

Enters: `X (n, d)`, classes or numbers `y`, weights of rows. Leaves: `coefs_` and `intercepts_`, the weights and biases
of each layer. One pass over the rows is native (`crates/train/src/mlp.rs`); what decides how many there are is here.

Networks compute in single precision whatever comes in, as those of every deep learning framework do: steps are taken
from small samples of the rows, whose noise is far above its rounding, and products take half as long.
Read `reference_network.py` for the same in NumPy.
"""

from __future__ import annotations

import math
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self, TypeAlias

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Classifier, Estimator, Regressor
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.metrics import accuracy_score, r2_score
from sovereign.ml.aprender.parameters import choice, count, number, require, seed_of, truth
from sovereign.ml.aprender.peer import no_convergence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

__all__ = ["MLPClassifier", "MLPRegressor"]

_ACTIVATIONS = ("identity", "relu", "tanh", "logistic")
_SCHEDULES = ("constant", "invscaling", "adaptive")
_TWO = 2
_ALL_BUT_ONE = math.nextafter(1.0, 0.0)
_USUAL_BATCH = 200
# What an adaptive rate is divided by when the loss stands still, and the rate below which it is not.
_SLOWER, _LEAST_RATE = 5.0, 1e-6


class _Data(NamedTuple):
    """Rows, what they should be as the core takes it, and their weights."""

    X: NDArray[np.float32]
    y: NDArray[Any]
    weights: NDArray[np.float64] | None

    def part(self, rows: NDArray[np.intp]) -> _Data:
        """Some of the rows."""
        return _Data(self.X[rows], self.y[rows], None if self.weights is None else self.weights[rows])


class _Walk:
    """Where training stands: parameters, what the optimizer remembers, how many steps it made and how long they are."""

    def __init__(self, parameters: NDArray[np.float32], *, is_adam: bool, rate: float) -> None:
        self.parameters = parameters
        self.first = np.zeros_like(parameters)
        self.second = np.zeros_like(parameters) if is_adam else None
        self.steps = 0
        self.rate = rate


class _Watch:
    """Whether passes still make it better; lower is better."""

    def __init__(self, tolerance: float, patience: float) -> None:
        self.best = math.inf
        self.is_best = False
        self._tolerance = tolerance
        self._patience = patience
        self._still = 0

    def has_stopped(self, value: float) -> bool:
        """Whether it has not become better by the tolerance for more passes than patience has; then count anew."""
        self._still = self._still + 1 if value > self.best - self._tolerance else 0
        self.is_best = value < self.best
        self.best = min(self.best, value)
        if self._still <= self._patience:
            return False
        self._still = 0
        return True


_Before: TypeAlias = "tuple[list[int], NDArray[np.float32]] | None"


class _Network(Estimator):
    """What both share: parameters, passes, the way into an image and back."""

    _dtypes: ClassVar[tuple[np.dtype[Any], ...]] = (np.dtype(np.float32),)
    _head: ClassVar[str]

    # What `partial_fit` goes on with: where training stands, and its random numbers.
    _going: tuple[_Walk, np.random.Generator] | None = None

    coefs_: list[NDArray[np.float32]]
    intercepts_: list[NDArray[np.float32]]
    n_layers_: int
    n_outputs_: int
    out_activation_: str
    n_iter_: int
    t_: int
    loss_: float
    loss_curve_: list[float]
    best_loss_: float | None
    validation_scores_: list[float] | None
    best_validation_score_: float | None

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        dropout: float = 0.0,
    ) -> None:
        """Only store.

        Parameters    dropout  the share of numbers between layers that a batch goes without; the others are raised to
                               make up for them. Nothing is left out of predictions.
                      All others are those of scikit-learn's classes of these names; `solver` is "adam" or "sgd".
        """
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.dropout = dropout

    # parameters

    def _settings(self) -> dict[str, Any]:
        """What the core reads of the parameters.

        Errors    ParameterError  when one is not what it may be.
        """
        require("solver", self.solver, "adam or sgd; lbfgs is not offered", makes_sense=self.solver in ("adam", "sgd"))
        choice("learning_rate", self.learning_rate, _SCHEDULES)
        rate, epsilon = number("learning_rate_init", self.learning_rate_init, 0), number("epsilon", self.epsilon, 0)
        require("learning_rate_init", rate, "above 0", makes_sense=rate > 0)
        require("epsilon", epsilon, "above 0", makes_sense=epsilon > 0)
        self._require_patience()
        return {
            "activation": choice("activation", self.activation, _ACTIVATIONS),
            "head": self._head,
            "alpha": number("alpha", self.alpha, 0),
            "dropout": number("dropout", self.dropout, 0, _ALL_BUT_ONE),
            "solver": self.solver,
            "momentum": number("momentum", self.momentum, 0, 1),
            "is_ahead": truth("nesterovs_momentum", self.nesterovs_momentum) and self.momentum > 0,
            "beta_1": number("beta_1", self.beta_1, 0, _ALL_BUT_ONE),
            "beta_2": number("beta_2", self.beta_2, 0, _ALL_BUT_ONE),
            "epsilon": epsilon,
        }

    def _require_patience(self) -> None:
        count("max_iter", self.max_iter, 1)
        number("tol", self.tol, 0)
        number("power_t", self.power_t, 0)
        number("validation_fraction", self.validation_fraction, 0, _ALL_BUT_ONE)
        if self.n_iter_no_change != math.inf:
            count("n_iter_no_change", self.n_iter_no_change, 1)
        for name in ("shuffle", "warm_start", "early_stopping"):
            truth(name, getattr(self, name))

    def _hidden(self) -> list[int]:
        sizes = self.hidden_layer_sizes
        sizes = list(sizes) if hasattr(sizes, "__iter__") else [sizes]
        return [count("hidden_layer_sizes", size, 1) for size in sizes]

    def _batch(self, rows: int) -> int:
        if isinstance(self.batch_size, str):
            choice("batch_size", self.batch_size, ("auto",))
            return min(_USUAL_BATCH, rows)
        batch = count("batch_size", self.batch_size, 1)
        if batch > rows:
            warnings.warn(f"`batch_size` is larger than the sample, all rows are one batch: `{batch}`", stacklevel=5)
        return min(batch, rows)

    # training

    def _train(self, data: _Data, outputs: int, before: _Before) -> None:
        """Learn from all rows, from random parameters on, or from those of before where they fit."""
        settings = self._settings()
        random = validation.random_generator(self.random_state)
        widths = [data.X.shape[1], *self._hidden(), outputs]
        is_warm = before is not None and before[0] == widths
        walk = self._walk_from(before[1] if is_warm and before else _initial(widths, self.activation, random))
        held = None
        if self.early_stopping:
            data, held = self._parted(data, random)
        settings |= {"widths": widths, "batch": self._batch(len(data.X))}
        self._begin(widths)
        self._going = None
        watch, best = _Watch(self.tol, self.n_iter_no_change), walk.parameters
        while self.n_iter_ < self.max_iter:
            self._pass(data, walk, settings, random)
            has_stopped = watch.has_stopped(self.loss_ if held is None else -self._held_score(held, walk, widths))
            if held is not None and watch.is_best:
                best = walk.parameters.copy()
            if has_stopped and not self._goes_on_slower(walk):
                break
            if self.n_iter_ == self.max_iter:
                self._warn_of_the_limit()
        self._learn(walk.parameters if held is None else best, widths)
        self.best_loss_ = watch.best if held is None else None
        self.best_validation_score_ = None if held is None else -watch.best

    def _begin(self, widths: list[int]) -> None:
        """Set up what is learned beside the parameters."""
        self.n_layers_, self.n_outputs_ = len(widths), widths[-1]
        self.out_activation_ = self._output()
        self.n_iter_, self.t_ = 0, 0
        self.loss_curve_ = []
        self.validation_scores_ = [] if self.early_stopping else None

    def _output(self) -> str:
        """What follows the last layer."""
        raise NotImplementedError

    def _pass(self, data: _Data, walk: _Walk, settings: dict[str, Any], random: np.random.Generator) -> None:
        """Pass over the rows once.

        Errors    ParameterError  when the loss is no number any more.
        """
        rows = len(data.X)
        order = random.permutation(rows) if self.shuffle else None
        now = {**settings, "rate": walk.rate, "steps": walk.steps, "seed": seed_of(random) if self.dropout else 0}
        loss = _kernels.train_mlp(*data, order, walk.parameters, walk.first, walk.second, now)
        if not math.isfinite(loss) or not np.isfinite(walk.parameters).all():
            message = (
                f"Solver produced non-finite parameter weights, in pass {self.n_iter_ + 1} of {type(self).__name__};"
                f" scale the columns of X, or take a lower `learning_rate_init`: `{self.learning_rate_init}`"
            )
            raise ParameterError("aprender.values", message, name="X", value=loss, allowed="a finite loss")
        self.n_iter_ += 1
        self.t_ += rows
        self.loss_ = loss
        self.loss_curve_.append(loss)
        walk.steps += -(-rows // settings["batch"])
        if self.solver == "sgd" and self.learning_rate == "invscaling":
            walk.rate = self.learning_rate_init / (self.t_ + 1) ** self.power_t

    def _goes_on_slower(self, walk: _Walk) -> bool:
        """Whether smaller steps are tried before training ends."""
        if self.solver != "sgd" or self.learning_rate != "adaptive" or walk.rate <= _LEAST_RATE:
            return False
        walk.rate /= _SLOWER
        return True

    def _warn_of_the_limit(self) -> None:
        message = (
            f"{type(self).__name__} did not converge within {self.n_iter_} passes, raise `max_iter` or scale the"
            f" columns: loss `{self.loss_:.3e}`"
        )
        warnings.warn(message, no_convergence(), stacklevel=4)

    def _learn(self, parameters: NDArray[np.float32], widths: list[int]) -> None:
        """Set the layers from all numbers one behind the other."""
        parts = _layers(parameters.copy(), widths)
        self.coefs_ = _frozen(weights for weights, _ in parts)
        self.intercepts_ = _frozen(biases for _, biases in parts)

    # early stopping

    def _parted(self, data: _Data, random: np.random.Generator) -> tuple[_Data, _Data]:
        """Rows to train on, and rows to stop by."""
        rows = len(data.X)
        wanted = math.ceil(self.validation_fraction * rows)
        enough = _TWO <= wanted < rows
        require("validation_fraction", self.validation_fraction, "enough for 2 rows, and not all", makes_sense=enough)
        mixed = random.permutation(rows)
        if data.y.ndim == 1:
            # Rows at equal distances in the order of their classes: of each class the same share.
            mixed = mixed[np.argsort(data.y[mixed], kind="stable")]
        is_held = np.zeros(rows, dtype=bool)
        is_held[mixed[((np.arange(wanted) + 0.5) * rows / wanted).astype(np.intp)]] = True
        return data.part(np.flatnonzero(~is_held)), data.part(np.flatnonzero(is_held))

    def _held_score(self, held: _Data, walk: _Walk, widths: list[int]) -> float:
        self._learn(walk.parameters, widths)
        score = self._score_of(held)
        assert self.validation_scores_ is not None
        self.validation_scores_.append(score)
        return score

    def _score_of(self, held: _Data) -> float:
        """What `score` says of rows that have been checked."""
        raise NotImplementedError

    # one pass at a time

    def _train_once(self, data: _Data, outputs: int) -> None:
        """One pass, which goes on where the last one ended."""
        settings = self._settings()
        require("early_stopping", self.early_stopping, "False for `partial_fit`", makes_sense=not self.early_stopping)
        widths = [data.X.shape[1], *self._hidden(), outputs]
        if not hasattr(self, "coefs_"):
            self._begin(widths)
            self.best_loss_, self.best_validation_score_ = math.inf, None
            random = validation.random_generator(self.random_state)
            self._going = (self._walk_from(_initial(widths, self.activation, random)), random)
        elif self._going is None:
            # After `fit`, or out of a file: what the optimizer remembered is gone.
            require("hidden_layer_sizes", widths, "those of before", makes_sense=self._widths() == widths)
            self._going = (self._walk_from(self._parameters()), validation.random_generator(self.random_state))
        walk, random = self._going
        self._pass(data, walk, {**settings, "widths": widths, "batch": self._batch(len(data.X))}, random)
        self.best_loss_ = min(self.loss_, self.loss_ if self.best_loss_ is None else self.best_loss_)
        self._learn(walk.parameters, widths)

    def _walk_from(self, parameters: NDArray[np.float32]) -> _Walk:
        return _Walk(parameters, is_adam=self.solver == "adam", rate=float(self.learning_rate_init))

    def _before(self) -> _Before:
        """What a warm start begins at; to be asked before the input is looked at, which forgets it."""
        return (self._widths(), self._parameters()) if self.warm_start and hasattr(self, "coefs_") else None

    def _widths(self) -> list[int]:
        return [len(self.coefs_[0]), *map(len, self.intercepts_)]

    def _parameters(self) -> NDArray[np.float32]:
        """All learned numbers one behind the other, as the core takes them."""
        both = zip(self.coefs_, self.intercepts_, strict=True)
        return np.concatenate([part.ravel() for pair in both for part in pair])

    # image

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        super().__setstate__(state)
        for layers in (self.coefs_, self.intercepts_) if hasattr(self, "coefs_") else ():
            for array in layers:
                # What was learned is read-only, also behind a pickle.
                array.flags.writeable = False

    def _network_image(self, link: Link, classes: int) -> Image:
        arrays: dict[str, NDArray[Any]] = {}
        for layer, (weights, biases) in enumerate(zip(self.coefs_, self.intercepts_, strict=True)):
            arrays |= {f"weight.{layer}": weights, f"bias.{layer}": biases}
        return Image.describe(
            Family.MLP,
            n_features=self.n_features_in_,
            n_outputs=classes or len(self.intercepts_[-1]),
            link=link,
            n_classes=classes,
            extra=(len(self.coefs_), _ACTIVATIONS.index(self.activation)),
            arrays=arrays,
        )

    def _restore(self, image: Image) -> None:
        layers = range(image.further(7))
        self.coefs_ = _frozen(image[f"weight.{layer}"] for layer in layers)
        self.intercepts_ = _frozen(image[f"bias.{layer}"] for layer in layers)
        self.n_layers_, self.n_outputs_ = len(layers) + 1, len(self.intercepts_[-1])
        self.out_activation_ = self._output()


# A sequence of widths means a network: the numbers of layer after layer, weights (rows, columns) before biases.


def _initial(widths: list[int], activation: str, random: np.random.Generator) -> NDArray[np.float32]:
    """Random parameters, as large as keeps the variance from layer to layer.

    Source    Glorot & Bengio 2010.
    """
    parts = []
    for rows, columns in pairwise(widths):
        bound = math.sqrt((2.0 if activation == "logistic" else 6.0) / (rows + columns))
        parts.append(random.uniform(-bound, bound, (rows + 1) * columns))
    return np.concatenate(parts).astype(np.float32)


def _layers(
    parameters: NDArray[np.float32], widths: list[int]
) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Views of the weights and biases of each layer."""
    found, start = [], 0
    for rows, columns in pairwise(widths):
        middle, end = start + rows * columns, start + (rows + 1) * columns
        found.append((parameters[start:middle].reshape(rows, columns), parameters[middle:end]))
        start = end
    return found


def _frozen(arrays: Iterable[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """A list of views that cannot be written."""
    views = [array.view() for array in arrays]
    for view in views:
        view.flags.writeable = False
    return views


class MLPClassifier(Classifier, _Network):
    """Classes by a network of dense layers, whose last is followed by the softmax, or by the logistic function of two.

    Minimises the mean log-loss of a batch plus `alpha / 2 * |w|²` over its rows.

    Shapes    X (n, d), y (n,) of at least two classes; coefs_ a list of (rows, columns), intercepts_ of (columns,).
    Values    float32 inside and out, whatever X is: the noise of small batches is far above its rounding, and products
              take half as long.
    Learned   loss_curve_ holds the loss of each pass, the mean over its batches before their steps; with
              early_stopping, validation_scores_ the accuracy on the rows held back.
    Errors    ParameterError  when y has one class, a parameter is not what it may be, or training diverges.
    Warnings  `peer.no_convergence()` when it ends at max_iter.
    Cost      six times n * numbers of the network for each pass; equal bits for any number of threads.
    Source    Kingma & Ba 2015 (Adam), Nesterov 1983 as Sutskever 2013 has it, Srivastava et al. 2014 (dropout). Differs
              from scikit-learn: single precision, dropout, no L-BFGS.

    >>> X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], ["no", "yes", "yes", "no"]
    >>> MLPClassifier((16,), learning_rate_init=0.1, max_iter=100, random_state=0).fit(X, y).predict(X).tolist()
    ['no', 'yes', 'yes', 'no']
    """

    _head = "classes"

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Pass over the rows until the loss, or the score of rows held back, stands still.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        before = self._before()
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows), least=_TWO)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        self._train(_Data(rows, indexes, weights), self._scores(), before)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Pass once over these rows, from where the last call ended.

        Shapes    X (n, d), y (n,), classes (k,), sample_weight (n,).
        Errors    ParameterError  when `classes` are missing in the first call or differ in a later one, or `y` holds
                  another class.
        """
        is_first = not hasattr(self, "coefs_")
        rows = self._check_input(X, reset=is_first)
        indexes = self._check_known_classes(y, len(rows), classes, is_first=is_first)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        self._train_once(_Data(rows, indexes, weights), self._scores())
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float32]:
        """The probability of each class (n, k), in the order of `classes_`.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return np.asarray(self._predictor().predict(self._check_rows(X)))

    def predict_log_proba(self, X: Any) -> NDArray[np.float32]:
        """The logarithm of each probability (n, k)."""
        with np.errstate(divide="ignore"):
            logarithms: NDArray[np.float32] = np.log(self.predict_proba(X))
        return logarithms

    def _scores(self) -> int:
        return 1 if len(self.classes_) == _TWO else len(self.classes_)

    def _output(self) -> str:
        return "logistic" if self._scores() == 1 else "softmax"

    def _score_of(self, held: _Data) -> float:
        return float(accuracy_score(held.y, self._predictor().labels(held.X), sample_weight=held.weights))

    def _image(self) -> Image:
        return self._network_image(Link.LOGISTIC if self._scores() == 1 else Link.SOFTMAX, len(self.classes_))


class MLPRegressor(Regressor, _Network):
    """Numbers by a network of dense layers.

    Minimises half the mean squared difference in a batch plus `alpha / 2 * |w|²` over its rows.

    Shapes    X (n, d), y (n,) or (n, m); coefs_ a list of (rows, columns), intercepts_ of (columns,).
    Values    float32 inside, whatever X is, as of `MLPClassifier`; predictions are float64 unless X is float32, as
              users of scikit-learn expect.
    Learned   as of `MLPClassifier`; validation_scores_ holds coefficients of determination.
    Errors    ParameterError  when a parameter is not what it may be, or training diverges.
    Warnings  `peer.no_convergence()` when it ends at max_iter.
    Cost      as of `MLPClassifier`.
    Source    as of `MLPClassifier`; as in scikit-learn, gradients are those of squared differences summed over columns.

    >>> X = [[i / 20] for i in range(21)]
    >>> y = [x * x for (x,) in X]
    >>> model = MLPRegressor((32,), learning_rate_init=0.01, max_iter=1000, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.98
    True
    """

    _head = "numbers"
    _multi_output: ClassVar[bool] = True

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Pass over the rows until the loss, or the score of rows held back, stands still.

        Shapes    X (n, d), y (n,) or (n, m), sample_weight (n,).
        """
        before = self._before()
        data = self._data(self._check_input(X, reset=True), y, sample_weight)
        self._train(data, data.y.shape[1], before)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Pass once over these rows, from where the last call ended.

        Shapes    X (n, d), y (n,) or (n, m), sample_weight (n,).
        Errors    ShapeError  when `y` has another number of columns than before.
        """
        data = self._data(self._check_input(X, reset=not hasattr(self, "coefs_")), y, sample_weight)
        if hasattr(self, "coefs_") and data.y.shape[1] != self.n_outputs_:
            message = f"y has {data.y.shape[1]} columns, but MLPRegressor is expecting: `{self.n_outputs_}`"
            raise ShapeError("aprender.shape", message, expected=("n", self.n_outputs_), got=data.y.shape)
        self._train_once(data, data.y.shape[1])
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The predicted number of each row (n,), or numbers (n, m) where `y` had several columns.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        values = super().predict(X)
        return values if getattr(X, "dtype", None) == np.float32 else values.astype(np.float64)

    def _data(self, rows: NDArray[np.float32], y: Any, sample_weight: Any) -> _Data:
        label = type(self).__name__
        targets = validation.target_numbers(y, len(rows), estimator=label, dtype=rows.dtype, multi_output=True)
        weights = validation.weights(sample_weight, len(rows), estimator=label)
        return _Data(rows, targets.reshape(len(rows), -1), weights)

    def _output(self) -> str:
        return "identity"

    def _score_of(self, held: _Data) -> float:
        told = np.asarray(self._predictor().predict(held.X)).reshape(held.y.shape)
        return float(r2_score(held.y, told, sample_weight=held.weights))

    def _image(self) -> Image:
        return self._network_image(Link.IDENTITY, 0)
