"""The live self-test of this room: the kernels agree with NumPy, now, on every backend of this machine.

Enters: fresh random vectors. Leaves: one line of evidence about the choice of backend, and one per backend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.compute.trueno import reference
from sovereign.compute.trueno.backend import Backend, active_backend, available_backends
from sovereign.compute.trueno.vectors import axpy, dot, sum  # noqa: A004 - as NumPy names it
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["run"]

_LENGTHS = (1, 15, 384, 10_007)


def run() -> Iterator[Evidence]:
    """Compare each backend with the reference on data that no earlier run has seen."""
    chosen, names = active_backend(), ", ".join(available_backends())
    yield Evidence("SIMD level", State.OK, f"{chosen} in use, of {names}")
    for backend in available_backends():
        yield agreement(backend)


def agreement(backend: Backend) -> Evidence:
    """How far the kernels of one backend are from NumPy, as a share of what the error bound allows."""
    import numpy as np

    generator = np.random.default_rng()
    worst = 0.0
    for length in _LENGTHS:
        a, b = generator.standard_normal((2, length), dtype=np.float32)
        worst = max(worst, _share(a, b, backend))
    check, evidence = f"{backend} agrees with NumPy", f"largest error {100 * worst:.0f} % of the bound"
    if worst <= 1:
        return Evidence(check, State.OK, evidence)
    return Evidence(check, State.BROKEN, evidence, "build again with `make clean demo`")


def _share(a: NDArray[np.float32], b: NDArray[np.float32], backend: Backend) -> float:
    """The largest error of the three kernels, in units of what is allowed."""
    import numpy as np

    y = b.copy()
    axpy(0.5, a, y, backend=backend)
    expected = reference.axpy(0.5, a, b)
    allowed = 2.0**-24 * (np.abs(0.5 * a) + 2 * np.abs(expected)) + 2.0**-149
    return max(
        abs(dot(a, b, backend=backend) - reference.dot(a, b)) / reference.tolerance(a, b),
        abs(sum(a, backend=backend) - reference.sum(a)) / reference.tolerance(a),
        float(np.max(np.abs(y - expected) / allowed)),
    )
