"""Hold trees beside scikit-learn, LightGBM, XGBoost and onnxruntime, against the bars of `method.md`; keep the run."""

from __future__ import annotations

import importlib.metadata
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

comparison.pin()  # before NumPy is there, because its library asks once how many threads it may take

import numpy as np  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OURS = "aprender"
PEERS = ("scikit-learn", "lightgbm", "xgboost-cpu", "onnxruntime", "skl2onnx")
ROWS, FEATURES, TREES = 20_000, 20, 100
FIT_ROUNDS, PREDICT_ROUNDS = 3, 15
POINTS = 0.005
SINGLE = 1e-5
BARS = {
    "fit forest": ("scikit-learn", 50.0),
    "fit boosting": ("LightGBM", 143.0),
    "predict 1_000, forest of depth 8": ("onnxruntime", 28.6),
    "predict 1_000, forest without limits": ("onnxruntime", 45.5),
    "predict 1_000, boosting": ("XGBoost", 100.0),
    "predict 1, forest of depth 8": ("onnxruntime", 100.0),
    "predict 1, forest without limits": ("onnxruntime", 100.0),
    "memory of fit, forest": ("scikit-learn", 150.0),
    "memory of fit, boosting": ("scikit-learn", 150.0),
}
FITS = {
    "forest": ("RandomForestClassifier(n_estimators=100, random_state=0)", "RandomForestClassifier"),
    "boosting": ("GradientBoostingClassifier()", "HistGradientBoostingClassifier"),
}
MEMORY = """
import re, sys
from pathlib import Path
import numpy as np
from {module} import {name} as Model
X, y = np.load({folder!r} + "/X.npy"), np.load({folder!r} + "/y.npy")
model = Model({params})
model.fit(X[:100], y[:100])
def kib(field):
    return int(re.search(field + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
Path("/proc/self/clear_refs").write_text("5")
before = kib("VmRSS")
model.fit(X, y)
print(kib("VmHWM") - before)
"""


def data() -> tuple[Any, Any, Any, Any]:
    """Rows to fit and rows to judge by, the same in every run."""
    from sklearn.datasets import make_classification

    X, y = make_classification(
        ROWS * 3 // 2, FEATURES, n_informative=10, n_redundant=4, flip_y=0.05, class_sep=0.8, random_state=0
    )
    X = X.astype(np.float32)
    return X[:ROWS], y[:ROWS], X[ROWS:], y[ROWS:]


def stop(reason: str) -> NoReturn:
    """End with status 2: what is wrong is not measured."""
    print(f"not measured, {reason}", file=sys.stderr)
    raise SystemExit(2)


def peer(name: str) -> Any:
    """A library to compare with; `tools/prepare.py peers` brings it."""
    found = comparison.peer(name)
    return found if found is not None else stop(f"`{name}` is not installed")


class Run:
    """Rows, ratios and bars as they come."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.ratios: dict[str, float] = {}
        self.bars: dict[str, Any] = {}

    def time(self, row: str, statements: Mapping[str, str], names: Mapping[str, object], rounds: int) -> None:
        """Time the candidates of a row in turns."""
        calls = 1 if rounds == FIT_ROUNDS else _calls(statements, names)
        times = measure.interleaved(statements, names, rounds=rounds, calls=calls)
        for name, found in times.items():
            self.rows[f"{row}: {name}"] = {
                "median_ns": found.median_ns,
                "fastest_ns": found.fastest_ns,
                "slowest_ns": found.slowest_ns,
            }
            print(f"{row:<40}{name:<14}{found.median_ns / 1e3:12.1f} us", flush=True)
            if name != OURS:
                self.compare(row, name, measure.paired_ratio(times, name, OURS))

    def compare(self, row: str, other: str, ratio: float) -> None:
        """Keep how much longer a peer takes, and the bar if it is the peer's."""
        self.ratios[f"{row}: {other} over ours"] = ratio
        name, most = BARS.get(row, (None, 0.0))
        if other == name:
            self.bars[f"{row}: ours in % of {other}"] = {"measured": 100 / ratio, "most": most}
        print(f"{row:<40}{other:<14}{ratio:12.2f}x ours", flush=True)


def _calls(statements: Mapping[str, str], names: Mapping[str, object]) -> int:
    """Calls that make a round of about 20 ms."""
    found = measure.interleaved(statements, names, rounds=3, calls=2)
    slowest = max(times.fastest_ns for times in found.values())
    return max(1, int(2e7 / slowest))


def fits(run: Run) -> None:
    """Fit forests and boosted trees; the scores must be as good as the peers'."""
    from sklearn import ensemble

    from sovereign.ml.aprender import boosting, forest

    X, y, Z, w = data()
    cases: dict[str, dict[str, Any]] = {
        "fit forest": {
            OURS: forest.RandomForestClassifier(random_state=0),
            "scikit-learn": ensemble.RandomForestClassifier(random_state=0),
        },
        "fit boosting": {
            OURS: boosting.GradientBoostingClassifier(),
            "LightGBM": peer("lightgbm").LGBMClassifier(n_jobs=1, verbose=-1),
            "scikit-learn": ensemble.HistGradientBoostingClassifier(early_stopping=False),
            "XGBoost": peer("xgboost").XGBClassifier(n_jobs=1, tree_method="hist"),
        },
    }
    for row, models in cases.items():
        names: dict[str, object] = {"X": X, "y": y, **{f"m{place}": each for place, each in enumerate(models.values())}}
        statements = {name: f"m{place}.fit(X, y)" for place, name in enumerate(models)}
        run.time(row, statements, names, FIT_ROUNDS)
        scores = {name: float(model.score(Z, w)) for name, model in models.items()}
        print(f"{row:<40}test scores   {scores}", flush=True)
        if scores[OURS] < scores[BARS[row][0]] - POINTS:
            stop(f"`{row}` tells unseen rows worse than its peer: `{scores}`")


def forests() -> Iterator[tuple[str, Any, Any, Any]]:
    """Forests of scikit-learn, as ours, and as sessions of onnxruntime."""
    from sklearn.ensemble import RandomForestClassifier

    from sovereign.ml.aprender.importing import from_sklearn

    onnxruntime, to_onnx = peer("onnxruntime"), peer("skl2onnx").to_onnx
    X, y, Z, _ = data()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    for name, depth in (("forest of depth 8", 8), ("forest without limits", None)):
        theirs = RandomForestClassifier(TREES, max_depth=depth, random_state=0).fit(X, y)
        ours = from_sklearn(theirs)
        onnx = to_onnx(theirs, X[:1], options={id(theirs): {"zipmap": False}}).SerializeToString()
        session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        shares = theirs.predict_proba(Z)
        if not (np.asarray(ours.predictor().predict(Z)) == shares).all():
            stop(f"`{name}` differs from scikit-learn's")
        if np.abs(session.run(None, {"X": Z})[1] - shares).max() > SINGLE:
            stop(f"`{name}` of onnxruntime differs from scikit-learn's")
        yield name, theirs, ours.predictor(), session


def predictions(run: Run) -> None:
    """A thousand rows and single ones through forests, and a thousand through boosted trees."""
    from sovereign.ml.aprender.boosting import GradientBoostingClassifier

    X, y, Z, _ = data()
    thousand = np.ascontiguousarray(Z[:1000])
    for name, theirs, ours, session in forests():
        names = {"m": theirs, "p": ours.predict, "s": session.run, "Z": thousand, "f": {"X": thousand}}
        statements = {OURS: "p(Z, threads=1)", "onnxruntime": "s(None, f)", "scikit-learn": "m.predict_proba(Z)"}
        run.time(f"predict 1_000, {name}", statements, names, PREDICT_ROUNDS)
        singles = [np.ascontiguousarray(row[None]) for row in thousand]
        names = {"p": ours.predict, "s": session.run, "rows": singles, "feeds": [{"X": row} for row in singles]}
        statements = {OURS: "for row in rows: p(row)", "onnxruntime": "for feed in feeds: s(None, feed)"}
        times = measure.interleaved(statements, names, rounds=PREDICT_ROUNDS, calls=1)
        single(run, f"predict 1, {name}", times, len(singles))
    ours = GradientBoostingClassifier().fit(X, y).predictor()
    light, xgboost = (
        peer("lightgbm").LGBMClassifier(n_jobs=1, verbose=-1).fit(X, y),
        peer("xgboost").XGBClassifier(n_jobs=1).fit(X, y),
    )
    booster = light.booster_
    names = {"p": ours.predict, "x": xgboost.get_booster().inplace_predict, "l": booster.predict, "Z": thousand}
    statements = {OURS: "p(Z, threads=1)", "XGBoost": "x(Z)", "LightGBM": "l(Z, num_threads=1)"}
    run.time("predict 1_000, boosting", statements, names, PREDICT_ROUNDS)


def single(run: Run, row: str, times: Mapping[str, Any], count: int) -> None:
    """Keep the time of one of so many rows."""
    for name, found in times.items():
        facts = {"median_ns": found.median_ns, "fastest_ns": found.fastest_ns, "slowest_ns": found.slowest_ns}
        run.rows[f"{row}: {name}"] = {key: value / count for key, value in facts.items()}
        print(f"{row:<40}{name:<14}{found.median_ns / count / 1e3:12.2f} us", flush=True)
    run.compare(row, "onnxruntime", measure.paired_ratio(times, "onnxruntime", OURS))


def memory(run: Run) -> None:
    """How far the peak of resident memory rises during a fit, each in a process of its own."""
    X, y = data()[:2]
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/X.npy", X)
        np.save(f"{folder}/y.npy", y)
        for row, (ours, theirs) in FITS.items():
            name, params = ours.removesuffix(")").split("(")
            room = f"sovereign.ml.aprender.{'forest' if row == 'forest' else 'boosting'}"
            peer_params = params if row == "forest" else "early_stopping=False"
            kib = {
                OURS: _risen(folder, room, name, params),
                "scikit-learn": _risen(folder, "sklearn.ensemble", theirs, peer_params),
            }
            print(f"memory of fit, {row:<25}{kib} KiB", flush=True)
            run.compare(f"memory of fit, {row}", "scikit-learn", kib["scikit-learn"] / kib[OURS])


def _risen(folder: str, module: str, name: str, params: str) -> float:
    """Kibibytes by which the peak rose, the median of three processes."""
    code = MEMORY.format(folder=folder, module=module, name=name, params=params)
    done = [subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True) for _ in range(3)]
    return statistics.median(float(each.stdout) for each in done)


def main() -> int:
    """Check, measure, report, judge."""
    measure.refuse_handicaps()
    run = Run()
    predictions(run)
    memory(run)
    fits(run)
    versions = {name: importlib.metadata.version(name) for name in PEERS}
    result = {"rows": run.rows, "ratios": run.ratios, "bars": run.bars, "peers": versions}
    print(f"kept in {measure.write(HERE, result).relative_to(HERE)}")
    missed = [name for name, bar in run.bars.items() if bar["measured"] > bar["most"]]
    if missed:
        print(f"bars missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
