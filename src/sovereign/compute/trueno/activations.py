"""What neural networks put between products: rectifiers, sigmoids, and the norms of rows.

Enters: arrays as in `vectors.py`; `softmax` and its kin work on each row of a matrix. Leaves: `out`, or a new array.
The names are the native functions themselves. Read `matrices.py` next.
"""

from __future__ import annotations

from sovereign.compute.trueno._kernels import (
    gelu,
    layer_norm,
    leaky_relu,
    log_softmax,
    relu,
    rms_norm,
    sigmoid,
    silu,
    softmax,
    tanh,
)

__all__ = [
    "gelu",
    "layer_norm",
    "leaky_relu",
    "log_softmax",
    "relu",
    "rms_norm",
    "sigmoid",
    "silu",
    "softmax",
    "tanh",
]
