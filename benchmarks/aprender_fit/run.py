"""Hold fits of estimators that are no trees beside scikit-learn's, against the bars of `method.md`."""

from __future__ import annotations

import importlib
import importlib.metadata
import statistics
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

comparison.pin()  # before NumPy is there, because its library asks once how many threads it may take

import numpy as np  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

OURS, PEER = "aprender", "scikit-learn"
ROUNDS, SHORT_ROUNDS = 5, 25
LONG_NS = 2e8
MEMORY_RATIO, MEMORY_KIB = 1.5, 16 * 1024
MEMORY = """
import pathlib, re, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, {folder!r})
import run
case = run.CASES[{name!r}]
X, y = run.loaded({data!r})
model = run.model(case, {is_ours!r}, X)
few = slice(None, None, max(1, len(X) // 1000))
run.fitted(model, X[few].copy(), None if y is None else y[few])
if {fits!r}:
    run.fitted(model, X, y)
# Not `ru_maxrss`, in which the peak of the process that started this one lives on.
print(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
"""


class Case(NamedTuple):
    """One row: what is fitted, on what, and how bad an answer is; the less the better."""

    home: str
    peer_home: str
    name: str
    data: Callable[[], tuple[NDArray[Any], Any]]
    badness: Callable[[Any, NDArray[Any], Any], float]
    allowed: float
    """How much worse than the peer's ours may be, in parts of it."""
    bar: float | None
    params: dict[str, Any] = {}  # noqa: RUF012 - never written
    peer_params: dict[str, Any] = {}  # noqa: RUF012 - never written
    ask: bool = False
    """Whether a prediction of a thousand rows is timed, not the fit."""


# data, the same in every run


def wide() -> tuple[NDArray[Any], NDArray[Any]]:
    """100,000 rows of 100 columns around a linear function."""
    generator = np.random.default_rng(0)
    X = generator.normal(size=(100_000, 100))
    return X, X @ generator.normal(size=100) + generator.normal(size=len(X)) + 3


def groups() -> tuple[NDArray[Any], None]:
    """The same rows around ten centres, near enough to overlap."""
    generator = np.random.default_rng(1)
    X, _ = wide()
    return X + generator.normal(0, 0.7, size=(10, 100))[generator.integers(0, 10, len(X))], None


def no_groups() -> tuple[NDArray[Any], None]:
    """The same rows around one centre."""
    return wide()[0], None


def narrow() -> tuple[NDArray[Any], NDArray[Any]]:
    """20,000 rows of 20 columns in two classes."""
    generator = np.random.default_rng(2)
    X = generator.normal(size=(20_000, 20))
    return X, (X @ generator.normal(size=20) + generator.logistic(size=len(X)) > 0).astype(int)


def single() -> tuple[NDArray[Any], NDArray[Any]]:
    """The same in single precision."""
    X, y = narrow()
    return X.astype(np.float32), y


def digits() -> tuple[NDArray[Any], NDArray[Any]]:
    """1,797 images of ten digits."""
    from sklearn.datasets import load_digits

    found: tuple[NDArray[Any], NDArray[Any]] = load_digits(return_X_y=True)
    return found


# how bad an answer is


def residuals(model: Any, X: NDArray[Any], y: Any) -> float:
    """Squared residuals."""
    return float(np.square(y - X @ model.coef_ - model.intercept_).sum())


def penalised(model: Any, X: NDArray[Any], y: Any) -> float:
    """What ridge and lasso minimise, by their class."""
    if type(model).__name__ == "Ridge":
        return residuals(model, X, y) + float(np.square(model.coef_).sum())
    return residuals(model, X, y) / (2 * len(X)) + 0.1 * float(np.abs(model.coef_).sum())


def logistic(model: Any, X: NDArray[Any], y: Any) -> float:
    """The penalised loss."""
    scores = model.decision_function(X)
    if scores.ndim == 1:
        loss = np.logaddexp(0, -(2 * y - 1) * scores).sum()
    else:
        loss = (np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(y)), y]).sum()
    return float(loss + 0.5 * np.square(model.coef_).sum())


def hinge(model: Any, X: NDArray[Any], y: Any) -> float:
    """The penalised squared hinge loss."""
    misses = np.maximum(0, 1 - (2 * y - 1) * model.decision_function(X))
    return float(np.square(misses).sum() + 0.5 * (np.square(model.coef_).sum() + np.square(model.intercept_).sum()))


def log_loss(model: Any, X: NDArray[Any], y: Any) -> float:
    """The mean log-loss of two classes."""
    shares = model.predict_proba(X)[np.arange(len(y)), y].astype(np.float64)
    return float(-np.log(np.maximum(shares, 1e-12)).mean())


def moments(model: Any, X: NDArray[Any], y: Any) -> float:
    """How far means and variances are from what NumPy says, and 1: equal answers are equally bad."""
    gaps = [
        np.abs(np.r_[model.theta_[k] - X[y == k].mean(axis=0), model.var_[k] - X[y == k].var(axis=0) - model.epsilon_])
        for k in range(2)
    ]
    return 1 + float(np.max(gaps))


def inertia(model: Any, X: NDArray[Any], y: Any) -> float:
    """Squared distances to the nearest centres, by differences."""
    del y
    return float(
        sum(np.square(X[model.labels_ == k] - center).sum() for k, center in enumerate(model.cluster_centers_))
    )


def unexplained(model: Any, X: NDArray[Any], y: Any) -> float:
    """The variance that the components leave."""
    del y
    return float(X.var(axis=0, ddof=1).sum() - model.explained_variance_.sum())


def different(model: Any, X: NDArray[Any], y: Any) -> float:
    """1, and the share of answers that differ from those by differences of rows."""
    places = [np.argsort(np.square(X - row).sum(axis=1), kind="stable")[:5] for row in X[:50] + 0.01]
    votes = np.array([np.bincount(y[near], minlength=2).argmax() for near in places])
    return 1 + float((model.predict(X[:50] + 0.01) != votes).mean())


CENTERS = 10
NETWORK = {"hidden_layer_sizes": (256, 256, 256), "max_iter": 10, "random_state": 0}
CASES = {
    "LinearRegression": Case("linear", "linear_model", "LinearRegression", wide, residuals, 1e-8, 8.0),
    "Ridge": Case("linear", "linear_model", "Ridge", wide, penalised, 1e-8, 2.0),
    "Lasso": Case("linear", "linear_model", "Lasso", wide, penalised, 1e-6, 2.0, {"alpha": 0.1}, {"alpha": 0.1}),
    "LogisticRegression": Case("logistic", "linear_model", "LogisticRegression", narrow, logistic, 1e-6, 3.0),
    "LogisticRegression, digits": Case(
        "logistic",
        "linear_model",
        "LogisticRegression",
        digits,
        logistic,
        1e-6,
        None,
        {"max_iter": 1000},
        {"max_iter": 1000},
    ),
    "LinearSVC": Case("svm", "svm", "LinearSVC", narrow, hinge, 1e-5, None),
    "MLPClassifier, float64": Case(
        "neural", "neural_network", "MLPClassifier", narrow, log_loss, 0.05, 2.0, NETWORK, NETWORK
    ),
    "MLPClassifier, float32": Case(
        "neural", "neural_network", "MLPClassifier", single, log_loss, 0.05, 2.0, NETWORK, NETWORK
    ),
    "GaussianNB": Case("naive_bayes", "naive_bayes", "GaussianNB", narrow, moments, 1e-9, 5.0),
    "KMeans, no groups": Case(
        "cluster", "cluster", "KMeans", no_groups, inertia, 1e-3, 3.0, {"n_clusters": CENTERS}, {"n_clusters": CENTERS}
    ),
    "KMeans, groups": Case(
        "cluster", "cluster", "KMeans", groups, inertia, 1e-3, 3.0, {"n_clusters": CENTERS}, {"n_clusters": CENTERS}
    ),
    "KMeans, own seeds": Case(
        "cluster",
        "cluster",
        "KMeans",
        groups,
        inertia,
        1e-3,
        3.0,
        {"n_clusters": CENTERS, "n_init": 3, "random_state": 0},
        {"n_clusters": CENTERS, "n_init": 3, "random_state": 0},
    ),
    "PCA": Case(
        "decomposition",
        "decomposition",
        "PCA",
        no_groups,
        unexplained,
        1e-8,
        None,
        {"n_components": 10},
        {"n_components": 10},
    ),
    "KNeighborsClassifier": Case(
        "neighbors",
        "neighbors",
        "KNeighborsClassifier",
        narrow,
        different,
        0.0,
        3.0,
        {},
        {"algorithm": "kd_tree"},
        ask=True,
    ),
}


def loaded(folder: str) -> tuple[NDArray[Any], Any]:
    """The data of a row from where it was kept, so that making it leaves no memory behind that a fit may take."""
    y = Path(folder, "y.npy")
    return np.load(Path(folder, "X.npy")), np.load(y) if y.exists() else None


def model(case: Case, is_ours: bool, X: NDArray[Any]) -> Any:  # noqa: FBT001 - called by its own script
    """An estimator of the row that is not fitted."""
    home = f"sovereign.ml.aprender.{case.home}" if is_ours else f"sklearn.{case.peer_home}"
    params = dict(case.params if is_ours else case.peer_params)
    if case.name == "KMeans" and "random_state" not in params:
        params |= {"init": X[:CENTERS].copy(), "n_init": 1}
    return getattr(importlib.import_module(home), case.name)(**params)


def fitted(estimator: Any, X: NDArray[Any], y: Any) -> Any:
    """The estimator, fitted."""
    return estimator.fit(X) if y is None else estimator.fit(X, y)


def compare(row: str, case: Case) -> dict[str, Any]:
    """Check and time one row."""
    X, y = case.data()
    ours, theirs = (fitted(model(case, is_ours, X), X, y) for is_ours in (True, False))
    bad, expected = case.badness(ours, X, y), case.badness(theirs, X, y)
    if bad > expected * (1 + case.allowed) + 1e-12:
        print(f"not measured, `{row}` is worse than its peer: {bad!r} against {expected!r}", file=sys.stderr)
        raise SystemExit(2)
    call = "predict(Q)" if case.ask else "fit(X)" if y is None else "fit(X, y)"
    names = {"a": ours, "b": theirs, "X": X, "y": y, "Q": X[:1000] + 0.01}
    statements = {OURS: f"a.{call}", PEER: f"b.{call}"}
    once = measure.interleaved(statements, names, rounds=1, calls=1)
    rounds = ROUNDS if once[PEER].median_ns > LONG_NS else SHORT_ROUNDS
    times = measure.interleaved(statements, names, rounds=rounds, calls=1)
    ratio = measure.paired_ratio(times, PEER, OURS)
    found = {
        "row": row,
        "median_ns": times[OURS].median_ns,
        "fastest_ns": times[OURS].fastest_ns,
        "slowest_ns": times[OURS].slowest_ns,
        "peer_median_ns": times[PEER].median_ns,
        "ratio": ratio,
        "bar": case.bar,
        "badness": bad / expected - 1,
    }
    print(
        f"{_verdict(ratio, case.bar)}{row:<30}{times[OURS].median_ns / 1e6:10.2f} ms{ratio:8.2f}x"
        f"  {bad / expected - 1:+.1e}",
        flush=True,
    )
    return found


def _verdict(ratio: float, bar: float | None) -> str:
    return f"{'':<7}" if bar is None else f"{'ok' if ratio >= bar else 'MISSED':<7}"


def memory(row: str, case: Case) -> dict[str, Any]:
    """How far the peak of resident memory rises by a fit, of both."""
    with tempfile.TemporaryDirectory() as folder:
        X, y = case.data()
        np.save(Path(folder, "X.npy"), X)
        if y is not None:
            np.save(Path(folder, "y.npy"), y)
        risen = {name: _risen(row, folder, is_ours=name == OURS) for name in (OURS, PEER)}
    most = max(MEMORY_RATIO * risen[PEER], risen[PEER] + MEMORY_KIB)
    held = risen[OURS] <= most
    print(
        f"{'ok' if held else 'MISSED':<7}memory, {row:<22}{risen[OURS] / 1024:10.1f} MiB"
        f", peer {risen[PEER] / 1024:.1f} MiB",
        flush=True,
    )
    return {"row": f"memory, {row}", "ours_kib": risen[OURS], "peer_kib": risen[PEER], "held": held}


def _risen(row: str, data: str, *, is_ours: bool) -> float:
    """Kibibytes by which a process that fits all rows has a higher peak than one that fits a few."""

    def peak(*, fits: bool) -> float:
        code = MEMORY.format(folder=str(HERE), data=data, name=row, is_ours=is_ours, fits=fits)
        done = [
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(3)
        ]
        return statistics.median(float(each.stdout) for each in done)

    return peak(fits=True) - peak(fits=False)


def main(wanted: list[str]) -> int:
    """Check, measure, report, judge."""
    measure.refuse_handicaps()
    warnings.simplefilter("ignore")  # of the peer, which does not converge within its own default on digits
    cases = {row: case for row, case in CASES.items() if not wanted or row in wanted}
    rows = [compare(row, case) for row, case in cases.items()]
    peaks = [memory(row, case) for row, case in cases.items() if not case.ask]
    missed = [each["row"] for each in rows if each["bar"] is not None and each["ratio"] < each["bar"]]
    missed += [each["row"] for each in peaks if not each["held"]]
    if not wanted:
        versions = {"scikit-learn": importlib.metadata.version("scikit-learn")}
        result = {"rows": rows, "memory": peaks, "peers": versions}
        print(f"kept in {measure.write(HERE, result).relative_to(HERE)}")
    if missed:
        print(f"bars missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
