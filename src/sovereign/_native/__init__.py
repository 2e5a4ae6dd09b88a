# ruff: noqa: F405 - the names come from the stub, and a test compares the list with it
"""The one door to the Rust core.

Enters: whatever the classes and functions of `_core.pyi` take. Leaves: those, loaded when the first of them is named,
or `native.missing` with what mends it when the core is not built or does not fit this machine. Only the
`_kernels.py` files of the rooms come through here. Read `_core.pyi` next, then `crates/sovereign-python`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sovereign._native._core import *  # noqa: F403 - `__all__` is the list
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            message = f"module `sovereign._native` has no attribute: `{name}`"
            raise AttributeError(message)
        found = getattr(_load(), name)
        globals()[name] = found
        return found


__all__ = [
    "Array",
    "Matrix",
    "PackedMatrix",
    "Predictor",
    "Trace",
    "Vector",
    "abs",
    "active_backend",
    "add",
    "argmax",
    "argmin",
    "argmin_axis1",
    "assign_means",
    "axpy",
    "backends",
    "boost_trees",
    "build_facts",
    "cholesky",
    "clip",
    "column_moments",
    "column_products",
    "conv2d",
    "crc32",
    "decode_payload",
    "decompress",
    "decompress_a4",
    "dequantize",
    "descend_by_columns",
    "descend_by_products",
    "div",
    "dot",
    "evaluate",
    "exp",
    "fit_margin",
    "fma",
    "fma_loop",
    "from_dlpack",
    "gather",
    "gelu",
    "grow_forest",
    "guard_map",
    "identify",
    "is_map_damaged",
    "layer_norm",
    "leaky_relu",
    "lerp",
    "log",
    "log_softmax",
    "logistic_loss",
    "matmul",
    "matvec",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mul",
    "neg",
    "norm_l1",
    "norm_l2",
    "norm_linf",
    "normalize",
    "nothing",
    "outer",
    "outline",
    "pack",
    "pack_numbers",
    "pairwise_l2_squared",
    "parse_header",
    "plan_tensors",
    "pool_facts",
    "pool_limit",
    "pool_trim",
    "pow",
    "prefix_sum",
    "provoke_panic",
    "qr",
    "quantize",
    "read_loop",
    "reciprocal",
    "register_choice",
    "register_operators",
    "release_map",
    "relu",
    "residual_products",
    "rms_norm",
    "scale",
    "scatter",
    "seed_potentials",
    "set_rates",
    "set_threads",
    "sigmoid",
    "silu",
    "softmax",
    "solve_triangular",
    "sqrt",
    "square",
    "sub",
    "sum",
    "system_calls",
    "tanh",
    "threads",
    "top_k",
    "train_mlp",
    "transpose",
    "unpack_numbers",
    "var",
    "verify_file",
    "verify_trailer",
    "write_a1",
]


def _load() -> object:
    """The compiled module.

    Errors    DeviceError  when it is not there, or the system refuses to load it.
    """
    import importlib

    try:
        return importlib.import_module("sovereign._native._core")
    except ImportError as error:
        from sovereign.errors import DeviceError

        raise DeviceError(
            "native.missing",
            f"the Rust core cannot be loaded, build it with `make demo`: `{error}`",
            backend="native",
            reason=str(error),
            fix="make demo",
        ) from error
