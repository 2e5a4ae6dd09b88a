"""Where an operation runs, and why: the answer of `explain=True`, and the number of threads.

Enters: what the native core says about a choice; one function of `device.rs` of `crates/trueno` makes it, from sizes,
operations, bytes and rates. Leaves: `Choice`. A GPU has its member in `Backend` and is refused until its kernels
come. Rates that were measured on this machine and kept are used from the start. Read `calibration.py` for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.compute.trueno import _kernels, calibration

if TYPE_CHECKING:
    from sovereign.compute.trueno.calibration import Calibration

__all__ = ["Choice", "threads", "use_rates"]


class Choice(NamedTuple):
    """Which backend an operation took, on how many threads, and why."""

    backend: str
    threads: int
    reason: str


_kernels.register_choice(Choice)


def threads(most: int | None = None) -> int:
    """The most threads that one operation takes unasked; a number sets it, for the whole process.

    Errors    ParameterError  when the number is less than 1.

    >>> threads() >= 1
    True
    """
    if most is not None:
        _kernels.set_threads(most)
    return _kernels.threads()


def use_rates(measured: Calibration | None) -> None:
    """Let later choices stand on measured rates; None for the cautious ones that hold for any machine."""
    if measured is None:
        _kernels.set_rates()
        return
    _kernels.set_rates(peak_gflops=measured.peak_gflops, read_gb_s=measured.memory_gb_s, is_calibrated=True)


use_rates(calibration.kept())
