"""Hold native models beside onnxruntime, NumPy and scikit-learn on one thread, against the bars of `method.md`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402

comparison.pin()  # before NumPy is there, because its library asks once how many threads it may take

import numpy as np  # noqa: E402

from sovereign.compute.trueno._kernels import read_loop  # noqa: E402
from sovereign.ml.aprender.image import Family, Image, Link  # noqa: E402
from sovereign.ml.aprender.predictor import Predictor  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

OURS = comparison.OURS = "aprender"
PEERS = ("numpy", "scikit-learn", "onnxruntime", "skl2onnx")
ROWS, SINGLE = 1_000, 1e-3
FLOAT = 4


def rows(features: int, count: int = ROWS) -> Any:
    """Standard normal rows, the same in every run."""
    return np.random.default_rng(features).standard_normal((count, features), dtype=np.float32)


def session(model: Any, features: int, *, is_classifier: bool = False) -> Any:
    """What onnxruntime runs of a model of scikit-learn, on one thread."""
    onnxruntime, skl2onnx = (importlib.import_module(name) for name in ("onnxruntime", "skl2onnx"))
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    # Without the option, probabilities come as dictionaries.
    options = {id(model): {"zipmap": False}} if is_classifier else None
    graph = skl2onnx.to_onnx(model, rows(features, 1), options=options)
    return onnxruntime.InferenceSession(graph.SerializeToString(), settings, providers=["CPUExecutionProvider"])


def judge(statements: Mapping[str, str], names: dict[str, Any], exact: Any) -> Callable[[str], str | None]:
    """What is wrong with a candidate's answer, beside the model in double precision."""

    def wrong(candidate: str) -> str | None:
        if candidate == "reading":
            return None
        answer = np.asarray(eval(statements[candidate], dict(names))).reshape(exact.shape)  # noqa: S307
        error = float(np.max(np.abs(answer - exact) / (1 + np.abs(exact))))
        return f"off by {error:.1e}" if error > SINGLE else None

    return wrong


def linear(features: int) -> tuple[Any, dict[str, Any]]:
    """A regression of scikit-learn, and what the statements of its rows name."""
    from sklearn.linear_model import LinearRegression

    X = rows(features, 200)
    peer = LinearRegression().fit(X, X[:, :5].sum(axis=1))
    peer.coef_, peer.intercept_ = peer.coef_.astype(np.float32), np.float32(peer.intercept_)
    arrays = {"coef": peer.coef_[None, :], "intercept": np.array([peer.intercept_])}
    image = Image.describe(Family.LINEAR, n_features=features, n_outputs=1, arrays=arrays)
    names = {"model": Predictor(image), "peer": peer, "w": peer.coef_, "b": peer.intercept_}
    return peer, names | {"session": session(peer, features)}


def regressions() -> Iterator[Any]:
    """One row and 1,000 of 100 features, and 1,000 of 10,000, which no cache holds."""
    for features in (100, 10_000):
        _, names = linear(features)
        for count in (1, ROWS):
            X = rows(features, count)
            statements = {
                OURS: "model.predict(X)",
                "numpy": "X @ w + b",
                "onnxruntime": "session.run(None, {'X': X})[0]",
                "scikit-learn": "peer.predict(X)",
            }
            bars = {(1, 100): {"onnxruntime": 5.0}, (ROWS, 100): {"onnxruntime": 3.0}}.get((count, features), {})
            if features > ROWS and count == ROWS:
                statements["reading"] = "read_loop(X)"
                bars = {"numpy": 1.25, "reading": 0.9}
            named = names | {"X": X, "read_loop": lambda X: read_loop(X.reshape(-1), 1)}
            exact = X.astype(float) @ names["w"].astype(float) + float(names["b"])
            yield comparison.Comparison(
                f"linear {features:_}, {count:_} row{'s' * (count > 1)}",
                statements,
                named,
                bars,
                bytes_moved=FLOAT * X.size,
                operations=2 * X.size,
                wrong=judge(statements, named, exact),
            )


def centres() -> Any:
    """The nearest of 10 centres."""
    from sklearn.cluster import KMeans

    features, k = 100, 10
    X = rows(features)
    peer = KMeans(k, n_init=1, random_state=0).fit(X)
    C = peer.cluster_centers_
    model = Predictor(Image.describe(Family.K_MEANS, n_features=features, n_outputs=1, arrays={"centroids": C}))
    names = {"model": model, "peer": peer, "C": C, "c": (C * C).sum(axis=1), "np": np, "X": X}
    names["session"] = session(peer, features)
    statements = {
        OURS: "model.labels(X)",
        "numpy": "np.argmin(c - 2 * (X @ C.T), axis=1)",
        "onnxruntime": "session.run(['label'], {'X': X})[0]",
        "scikit-learn": "peer.predict(X)",
    }
    exact = np.argmin(((X[:, None, :].astype(float) - C) ** 2).sum(axis=2), axis=1)
    return comparison.Comparison(
        f"centres {k} x {features}, {ROWS:_} rows",
        statements,
        names,
        {"onnxruntime": 3.0},
        bytes_moved=FLOAT * X.size,
        operations=2 * X.size * k,
        wrong=judge(statements, names, exact),
    )


def network() -> Any:
    """Three layers of 256 and ten classes."""
    from sklearn.neural_network import MLPClassifier

    features, classes, widths = 100, 10, (256, 256, 256)
    X = rows(features)
    peer = MLPClassifier(widths, max_iter=1, random_state=0)
    peer.partial_fit(X, np.arange(ROWS) % classes, classes=np.arange(classes))
    layers = {f"weight.{place}": each.astype(np.float32) for place, each in enumerate(peer.coefs_)}
    layers |= {f"bias.{place}": each.astype(np.float32) for place, each in enumerate(peer.intercepts_)}
    sizes = {"n_features": features, "n_outputs": classes, "n_classes": classes}
    image = Image.describe(Family.MLP, link=Link.SOFTMAX, extra=(len(widths) + 1, 1), arrays=layers, **sizes)
    names = {"model": Predictor(image), "peer": peer, "X": X, "session": session(peer, features, is_classifier=True)}
    statements = {
        OURS: "model.predict(X)",
        "onnxruntime": "session.run(['probabilities'], {'X': X})[0]",
        "scikit-learn": "peer.predict_proba(X)",
    }
    terms = features * 256 + 256 * 256 * 2 + 256 * classes
    return comparison.Comparison(
        f"network 3 x 256, {ROWS:_} rows",
        statements,
        names,
        {"onnxruntime": 0.9},
        bytes_moved=FLOAT * X.size,
        operations=2 * ROWS * terms,
        wrong=judge(statements, names, peer.predict_proba(X.astype(float))),
    )


def main() -> int:
    """Time all rows, and say whether the bars hold."""
    measured = comparison.limits()
    kept = comparison.compare([*regressions(), centres(), network()], measured)
    return comparison.finish(HERE, kept, [comparison.as_json(measured)], PEERS)


if __name__ == "__main__":
    raise SystemExit(main())
