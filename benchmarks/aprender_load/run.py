"""Measure how long a forest takes from its file to its first prediction, beside joblib, against `method.md`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

comparison.pin()

import joblib  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.datasets import make_classification  # noqa: E402
from sklearn.ensemble import RandomForestClassifier as Theirs  # noqa: E402

import sovereign  # noqa: E402
from sovereign.ml.aprender import RandomForestClassifier  # noqa: E402

ROUNDS = 15
BAR = 0.10


def main() -> int:
    """Measure, report, judge."""
    measure.refuse_handicaps()
    X, y = make_classification(20_000, 20, n_informative=12, random_state=0)
    X = X.astype(np.float32)
    row = X[:1]
    with tempfile.TemporaryDirectory() as folder:
        mapped, packed, theirs = f"{folder}/mapped.apr", f"{folder}/packed.apr", f"{folder}/theirs.joblib"
        model = RandomForestClassifier(n_estimators=100, random_state=0).fit(X, y)
        sovereign.save(mapped, model, layout="mapped")
        sovereign.save(packed, model)
        joblib.dump(Theirs(n_estimators=100, random_state=0).fit(X, y), theirs)
        if not np.array_equal(sovereign.load(mapped).predict(X), model.predict(X)):
            print("not measured, the loaded forest answers otherwise", file=sys.stderr)
            return 2
        files = {"mapped": mapped, "a1": packed, "joblib": theirs}
        sizes = {name: Path(path).stat().st_size for name, path in files.items()}
        names = {"load": sovereign.load, "joblib": joblib, "row": row}
        names |= {"mapped": mapped, "packed": packed, "theirs": theirs}
        loads = measure.interleaved(
            {"load, mapped": "load(mapped)", "load, a1": "load(packed)", "joblib.load": "joblib.load(theirs)"},
            names,
            rounds=ROUNDS,
            calls=1,
        )
        firsts = measure.interleaved(
            {"load, predict": "load(mapped).predict(row)", "joblib.load, predict": "joblib.load(theirs).predict(row)"},
            names,
            rounds=ROUNDS,
            calls=1,
        )
    rows = loads | firsts
    for name, each in rows.items():
        print(
            f"{name:<24}{each.median_ns / 1e6:10.2f} ms   ({each.fastest_ns / 1e6:.2f} to {each.slowest_ns / 1e6:.2f})"
        )
    pairs = [("load, mapped", "joblib.load"), ("load, predict", "joblib.load, predict"), ("load, a1", "joblib.load")]
    ratios = {" / ".join(pair): measure.paired_ratio(rows, *pair) for pair in pairs}
    bars = {name: (ratio, BAR) for name, ratio in ratios.items() if "a1" not in name}
    for name, (measured, most) in bars.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.3f}, at most {most}")
    kept = {
        "rows": {name: each._asdict() for name, each in rows.items()},
        "ratios": ratios,
        "bytes": sizes,
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main())
