"""The one door to the Rust core.

Enters: whatever the functions of `_core.pyi` take. Leaves: those functions, loaded when the first of them is named,
or `native.missing` with what mends it when the core is not built or does not fit this machine. Only the
`_kernels.py` files of the rooms come through here. Read `_core.pyi` next, then `crates/sovereign-python`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sovereign._native._core import (
        active_backend,
        axpy,
        backends,
        build_facts,
        crc32,
        dot,
        nothing,
        parse_header,
        provoke_panic,
        sum,  # noqa: A004 - as NumPy names it
        verify_trailer,
    )
else:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            message = f"module `sovereign._native` has no attribute: `{name}`"
            raise AttributeError(message)
        function = getattr(_load(), name)
        globals()[name] = function
        return function


__all__ = [
    "active_backend",
    "axpy",
    "backends",
    "build_facts",
    "crc32",
    "dot",
    "nothing",
    "parse_header",
    "provoke_panic",
    "sum",
    "verify_trailer",
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
