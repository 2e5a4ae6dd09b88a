"""The live self-test of this room: models fitted now answer the same from their files, and as plain arithmetic does.

Enters: nothing. Leaves: one line of evidence for each model.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - the self-test makes arrays

from sovereign.ml.aprender import files
from sovereign.ml.aprender.forest import RandomForestClassifier
from sovereign.ml.aprender.linear import LinearRegression
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["run"]

_FIX = "build again with `make clean demo`"
_CHECK = "model there and back"


def run() -> Iterator[Evidence]:
    """Fit a line and a forest on fresh numbers, write them to files, and hold what comes back against both."""
    X = np.random.default_rng().normal(size=(200, 4))
    y = X @ [1.0, -2.0, 0.5, 3.0] + 1.0
    line = LinearRegression().fit(X, y)
    yield _evidence("line", line, X, np.abs(line.predict(X) - y).max() < 1e-9)  # noqa: PLR2004 - what rounding leaves
    forest = RandomForestClassifier(n_estimators=5, random_state=0).fit(X, y > 1)
    yield _evidence("forest", forest, X, float((forest.predict(X) == (y > 1)).mean()) > 0.9)  # noqa: PLR2004 - rows it saw


def _evidence(name: str, model: Any, X: NDArray[Any], learned: Any) -> Evidence:
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.apr"
        files.save(path, model)
        size = path.stat().st_size
        equal = np.array_equal(files.load(path).predict(X), model.predict(X))
    took_ms = 1e3 * (time.perf_counter() - begin)
    if not learned:
        return Evidence(_CHECK, State.BROKEN, f"the {name} did not learn what it was shown", _FIX)
    if not equal:
        return Evidence(_CHECK, State.BROKEN, f"the {name} answers otherwise from its file", _FIX)
    return Evidence(_CHECK, State.OK, f"{name}: {len(X)} equal answers from {size} bytes, {took_ms:.0f} ms", None)
