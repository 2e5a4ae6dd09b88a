"""Train the model of the service, compare it with scikit-learn's, and write `model.apr`."""

import sys
from pathlib import Path

from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier as Reference

import sovereign
from sovereign.ml.aprender import RandomForestClassifier, train_test_split

SEED = 7


def main(target="model.apr"):
    """Train both, say how good they are, and keep ours."""
    data = load_breast_cancer()
    X_train, X_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.25, random_state=SEED)
    ours = RandomForestClassifier(n_estimators=40, max_depth=6, random_state=SEED).fit(X_train, y_train)
    theirs = Reference(n_estimators=40, max_depth=6, random_state=SEED).fit(X_train, y_train)
    scores = [model.score(X_test, y_test) for model in (ours, theirs)]
    print(f"accuracy on {len(y_test)} rows: {scores[0]:.4f}, scikit-learn {scores[1]:.4f}")
    sovereign.save(target, ours, force=True)
    print(f"{target}: {Path(target).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
