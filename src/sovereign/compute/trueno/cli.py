"""Look at the arithmetic of this machine: which instructions are in use, and how fast they were measured to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.shell.command import Command, Group, Options
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sovereign.compute.trueno.calibration import Calibration
    from sovereign.shell.console import Console

__all__ = ["GROUP", "main"]

_UNMEASURED = "not calibrated, run `batuta compute calibrate`"


def info(console: Console, _options: Options) -> ExitCode:
    """Show the backend in use, those that this machine has, its measured limits, and the buffer pool.

    Nothing is measured here. Limits are those of the last `calibrate` on this machine; where there was none, the
    lines say so.
    """
    from sovereign.compute.trueno.backend import active_backend, available_backends
    from sovereign.compute.trueno.calibration import kept
    from sovereign.compute.trueno.device import threads
    from sovereign.compute.trueno.pool import pool_facts

    calibration = kept()
    facts = {
        "backend": active_backend().value,
        "available": [backend.value for backend in available_backends()],
        "threads": threads(),
        "calibration": calibration and calibration.to_json(),
        "pool": pool_facts(),
    }
    console.emit(facts)
    rows = [
        ["backend", active_backend().value],
        ["available", ", ".join(available_backends())],
        ["threads", str(threads())],
        *_limits(calibration),
        ["buffer pool", _told(pool_facts())],
    ]
    console.table(["fact", "value"], rows)
    return ExitCode.OK


def calibrate(console: Console, _options: Options) -> ExitCode:
    """Measure the limits of this machine, and keep them in the cache folder.

    One thread multiplies and adds in registers, then reads from each level of memory; the fastest of some rounds
    counts. It takes some seconds. Do it while the machine has nothing else to do.
    """
    from sovereign.compute.trueno.calibration import keep, measure, memory_levels

    with console.progress("measuring", steps=1 + len(memory_levels())) as progress:
        calibration = measure(advance=progress.advance)
    path = keep(calibration)
    console.emit({"calibration": calibration.to_json(), "path": path})
    console.table(["limit", "value"], _limits(calibration))
    console.write(f"\nkept in {path}")
    return ExitCode.OK


def _limits(calibration: Calibration | None) -> list[list[str]]:
    if calibration is None:
        return [["limits", _UNMEASURED]]
    return [
        ["calibrated", calibration.taken],
        ["peak, float32, one thread", f"{calibration.peak_gflops:.0f} GFLOP/s"],
        *(
            [f"read {level.name}, one thread", f"{level.read_gb_s:.1f} GB/s of {_size(level.buffer_bytes)}"]
            for level in calibration.levels
        ),
    ]


def _told(pool: Mapping[str, Any]) -> str:
    used, kept, most = _size(pool["used_bytes"]), _size(pool["kept_bytes"]), _size(pool["limit_bytes"])
    return f"{used} in use, {kept} of at most {most} kept, {pool['hits']} hits, {pool['misses']} misses"


def _size(count: int) -> str:
    """A number of bytes in the unit that leaves it short.

    >>> _size(24 * 1024), _size(300)
    ('24 KiB', '300 B')
    """
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"


GROUP = Group(
    "compute",
    """Look at vectors and matrices: backend, limits, buffer pool.

    Limits are shown when they were measured on this machine, and never guessed.
    """,
    (Command("info", info), Command("calibrate", calibrate)),
)
main = entry(GROUP)
