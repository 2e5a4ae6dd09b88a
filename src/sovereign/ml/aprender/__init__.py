"""Estimators that people know, and models that leave Python.

Enters: data as arrays, lists or frames. Leaves: fitted estimators under scikit-learn's contract, and model files that
load elsewhere without it. `base.py` is the contract, `validation.py` what may enter, `peer.py` what users of
scikit-learn catch; `metrics.py` says how good a model is. Read `base.py` first.
"""

from __future__ import annotations

from sovereign.ml.aprender import metrics

__all__ = ["metrics"]
