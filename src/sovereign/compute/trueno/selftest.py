"""The live self-test of this room: the kernels agree with NumPy, now, on every backend of this machine.

Enters: fresh random arrays. Leaves: one line of evidence about the choice of backend, and one per backend, for which
every family of kernels did some work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.compute.trueno import activations, matrices, vectors
from sovereign.compute.trueno.backend import Backend, active_backend, available_backends
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import numpy as np

__all__ = ["agreement", "run"]

_LENGTHS = (1, 15, 384, 10_007)
_SIDE = 33


def run() -> Iterator[Evidence]:
    """Compare each backend with the reference on data that no earlier run has seen."""
    chosen, names = active_backend(), ", ".join(available_backends())
    yield Evidence("SIMD level", State.OK, f"{chosen} in use, of {names}")
    for backend in available_backends():
        yield agreement(backend)


def agreement(backend: Backend) -> Evidence:
    """How far the kernels of one backend are from NumPy, as a share of what the error bound allows."""
    import numpy as np

    from sovereign.compute.trueno.agreement import share

    generator = np.random.default_rng()
    worst, where, count = 0.0, "", 0
    for room, name, arguments, options in _work(generator):
        found = getattr(room, name)(*arguments, **options, backend=backend)
        error = share(name, _plain(found), *arguments, **options)
        worst, where = max((worst, where), (error, name))
        count += 1
    check = f"{backend} agrees with NumPy"
    if worst <= 1:
        return Evidence(check, State.OK, f"largest error {100 * worst:.0f} % of the bound, in {count} results")
    fix = "build again with `make clean demo`"
    return Evidence(check, State.BROKEN, f"`{where}` is {worst:.3g} times its bound away", fix)


def _plain(result: Any) -> Any:
    """The arrays of a result as NumPy's."""
    import numpy as np

    return tuple(map(np.asarray, result)) if isinstance(result, tuple) else np.asarray(result)


def _work(generator: np.random.Generator) -> Iterator[tuple[ModuleType, str, tuple[Any, ...], dict[str, Any]]]:
    """A representative of each family of kernels: where it is, its name, arguments and options."""
    for length in _LENGTHS:
        a, b, c = generator.standard_normal((3, length), dtype="float32")
        for name in ("exp", "sum", "max", "argmax", "norm_l2", "prefix_sum"):
            yield vectors, name, (a,), {}
        for name in ("add", "dot"):
            yield vectors, name, (a, b), {}
        yield vectors, "fma", (a, b, c), {}
        yield vectors, "top_k", (a, 1), {}
        yield vectors, "quantize", (a, 0.05), {"zero_point": 3}
        yield activations, "tanh", (a,), {}
        yield activations, "softmax", (a,), {}
        yield activations, "layer_norm", (a,), {"weight": b, "bias": c}
    a, b = generator.standard_normal((2, _SIDE, _SIDE), dtype="float32")
    definite = a @ a.T
    definite[range(_SIDE), range(_SIDE)] += 1  # away from singular
    yield matrices, "matmul", (a, b), {}
    yield matrices, "matvec", (a, b[0]), {}
    yield matrices, "pairwise_l2_squared", (a, b), {}
    yield matrices, "cholesky", (definite,), {}
    yield matrices, "qr", (a,), {}
