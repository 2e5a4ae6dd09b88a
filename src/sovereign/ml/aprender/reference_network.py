"""The plain twin of training a network: one pass in NumPy and double precision, as its definitions read.

Enters: parameters one behind the other, rows, and the settings that the core takes. Leaves: the loss of the pass, and
parameters after it. Tests hold `crates/train/src/mlp.rs` against it, and itself against differences of losses.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np  # noqa: TID253 - arrays are what it computes on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

__all__ = ["loss_and_gradient", "one_pass", "scores"]

_Numbers: TypeAlias = "NDArray[np.float64]"

_ACTIVATIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "identity": (lambda sums: sums, np.ones_like),
    "relu": (lambda sums: np.maximum(sums, 0), lambda values: (values > 0).astype(float)),
    "tanh": (np.tanh, lambda values: 1 - values**2),
    "logistic": (lambda sums: 1 / (1 + np.exp(-sums)), lambda values: values * (1 - values)),
}


def _layers(parameters: _Numbers, widths: list[int]) -> list[tuple[_Numbers, _Numbers]]:
    found, start = [], 0
    for rows, columns in pairwise(widths):
        middle, end = start + rows * columns, start + (rows + 1) * columns
        found.append((parameters[start:middle].reshape(rows, columns), parameters[middle:end]))
        start = end
    return found


def _values(parameters: _Numbers, X: _Numbers, settings: Mapping[str, Any]) -> list[_Numbers]:
    """The input, what each hidden layer makes of it, and the scores."""
    function, _ = _ACTIVATIONS[settings["activation"]]
    *hidden, last = _layers(parameters, settings["widths"])
    values = [X]
    for weights, biases in hidden:
        values.append(function(values[-1] @ weights + biases))
    return [*values, values[-1] @ last[0] + last[1]]


def scores(parameters: _Numbers, X: _Numbers, settings: Mapping[str, Any]) -> _Numbers:
    """What the last layer says (n, m)."""
    return _values(parameters, X, settings)[-1]


def _head(found: _Numbers, y: NDArray[Any], head: str) -> tuple[_Numbers, _Numbers]:
    """The loss of each row (n,), and how it changes with its scores (n, m)."""
    if head == "numbers":
        return 0.5 * ((found - y) ** 2).mean(axis=1), found - y
    if found.shape[1] == 1:
        found = np.hstack([np.zeros_like(found), found])
        losses, slopes = _head(found, y, head)
        return losses, slopes[:, 1:]
    raised = np.exp(found - found.max(axis=1, keepdims=True))
    shares = raised / raised.sum(axis=1, keepdims=True)
    wanted = np.eye(found.shape[1])[y]
    return -np.log((shares * wanted).sum(axis=1)), shares - wanted


def loss_and_gradient(
    parameters: _Numbers, X: _Numbers, y: NDArray[Any], weights: _Numbers, settings: Mapping[str, Any]
) -> tuple[float, _Numbers]:
    """The loss of a batch with its penalty, and its gradient (p,), which of m numbers a row is m times as large."""
    values = _values(parameters, X, settings)
    losses, slopes = _head(values[-1], y, settings["head"])
    slopes = slopes * weights[:, None]
    _, derivative = _ACTIVATIONS[settings["activation"]]
    layers = _layers(parameters, settings["widths"])
    parts: list[_Numbers] = []
    for place in reversed(range(len(layers))):
        matrix = layers[place][0]
        parts = [(values[place].T @ slopes + settings["alpha"] * matrix).ravel(), slopes.sum(axis=0), *parts]
        if place:
            slopes = (slopes @ matrix.T) * derivative(values[place])
    penalty = 0.5 * settings["alpha"] * sum(float((matrix**2).sum()) for matrix, _ in layers)
    return (float(weights @ losses) + penalty) / float(weights.sum()), np.concatenate(parts) / weights.sum()


def one_pass(
    parameters: _Numbers, X: _Numbers, y: NDArray[Any], weights: _Numbers, settings: Mapping[str, Any]
) -> tuple[float, _Numbers]:
    """The mean loss of the batches before their steps, and the parameters after all of them, from no memory on."""
    parameters, batch = parameters.copy(), settings["batch"]
    first, second = np.zeros_like(parameters), np.zeros_like(parameters)
    loss, rate = 0.0, settings["rate"]
    for step, start in enumerate(range(0, len(X), batch), start=1):
        rows = slice(start, start + batch)
        found, gradient = loss_and_gradient(parameters, X[rows], y[rows], weights[rows], settings)
        loss += found * len(X[rows])
        if settings["solver"] == "sgd":
            first = settings["momentum"] * first - rate * gradient
            parameters += settings["momentum"] * first - rate * gradient if settings["is_ahead"] else first
            continue
        first = settings["beta_1"] * first + (1 - settings["beta_1"]) * gradient
        second = settings["beta_2"] * second + (1 - settings["beta_2"]) * gradient**2
        mean, square = first / (1 - settings["beta_1"] ** step), second / (1 - settings["beta_2"] ** step)
        # The root of the square is corrected after epsilon is added, as the core and scikit-learn have it.
        correction = np.sqrt(1 - settings["beta_2"] ** step)
        parameters -= rate * mean / (np.sqrt(square) + settings["epsilon"] / correction)
    return loss / len(X), parameters
