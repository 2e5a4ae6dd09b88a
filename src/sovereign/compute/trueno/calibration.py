"""What this machine can do at most: multiply-adds per second, and bytes read per second from each level of memory.

Enters: nothing is measured unasked; `measure` takes a few seconds. Leaves: a `Calibration`, which `keep` writes
into the user's cache with the facts of the machine, and which `kept` reads again as long as these facts hold. The
choice of threads stands on it, and benchmarks show it beside each row. Read `device.py` next.
"""

from __future__ import annotations

import json
import os
import platform
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sovereign.compute.trueno import _kernels
from sovereign.errors import DeviceError
from sovereign.shell.cache import cache_folder
from sovereign.shell.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Calibration", "Level", "keep", "kept", "measure", "memory_levels", "peak_gflops", "read_gb_s"]

_ROUNDS = 9
_ROUND_S = 0.004
_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_KIBI = 1024
_LARGEST_BUFFER = 1 << 30
_SHARE_OF_MEMORY = 4


class Level(NamedTuple):
    """A level of memory, and how fast one thread reads there."""

    name: str
    holds_bytes: int | None
    """The size of the cache; None for main memory."""
    buffer_bytes: int
    """How many bytes were read over and over: too many for the level above, and few enough for this one."""
    read_gb_s: float

    def to_json(self) -> dict[str, object]:
        """The level as a JSON object."""
        return self._asdict()


class Calibration(NamedTuple):
    """The measured limits of one thread on this machine, with the backend in use, and when they were measured."""

    taken: str
    machine: dict[str, object]
    peak_gflops: float
    levels: tuple[Level, ...]

    def to_json(self) -> dict[str, object]:
        """The calibration as a JSON object."""
        return {**self._asdict(), "levels": [level.to_json() for level in self.levels]}

    @property
    def memory_gb_s(self) -> float:
        """The rate of the slowest level, which is main memory."""
        return self.levels[-1].read_gb_s


def measure(*, advance: Callable[[], None] = lambda: None) -> Calibration:
    """Measure the limits of one thread, calling `advance` after each of them.

    Units     10**9 floating-point operations per second, a multiply-add counted as two; 10**9 bytes per second.
    Cost      some seconds, and a buffer of at most 1 GiB.
    """
    peak = peak_gflops()
    advance()
    levels = []
    for name, holds_bytes, buffer_bytes in memory_levels():
        levels.append(Level(name, holds_bytes, buffer_bytes, read_gb_s(buffer_bytes)))
        advance()
    return Calibration(datetime.now(UTC).isoformat(timespec="seconds"), _machine(), peak, tuple(levels))


def memory_levels() -> list[tuple[str, int | None, int]]:
    """Each level of memory, fastest first: name, size, and how many bytes to read there.

    Where the system does not tell the sizes of its caches, main memory is the only level.
    """
    sizes = _cache_sizes()
    found: list[tuple[str, int | None, int]] = []
    for number, size in enumerate(sizes):
        # A last level may be large and shared with strangers; eight times the cache above is surely there.
        most = 8 * sizes[number - 1] if number else size
        found.append((f"L{number + 1}", size, min(size // 2, most)))
    return [*found, ("DRAM", None, min(2 * max(sizes, default=_LARGEST_BUFFER), _LARGEST_BUFFER, _free_memory()))]


def _free_memory() -> int:
    """The bytes that a measurement may take without pushing others out."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _SHARE_OF_MEMORY


def _cache_sizes() -> list[int]:
    """Bytes of the data caches of one core, L1 first."""
    found: dict[int, int] = {}
    for index in sorted(_CACHES.glob("index*")):
        size = re.fullmatch(r"(\d+)K", (index / "size").read_text().strip())
        if size and (index / "type").read_text().strip() != "Instruction":
            found[int((index / "level").read_text())] = int(size[1]) * _KIBI
    return [found[level] for level in sorted(found)]


def peak_gflops(threads: int = 1) -> float:
    """The fastest round of multiply-adds in registers, on so many threads at once."""
    return _fastest(_kernels.fma_loop, threads)


def read_gb_s(buffer_bytes: int) -> float:
    """The fastest round of reading a buffer of that size on one thread, from aligned memory."""
    buffer = _kernels.Vector.empty(buffer_bytes // 4)
    buffer[:] = 1.0  # pages that nobody wrote are all the same one, which never leaves the cache
    return _fastest(lambda passes: _kernels.read_loop(buffer, passes), 1)


def _fastest(work: Callable[[int], int], threads: int) -> float:
    """10**9 units of work per second in the fastest of some rounds, each long enough for the clock."""
    count = 1
    while _timed(work, count, 1)[1] < _ROUND_S:
        count *= 2
    rounds = [_timed(work, count, threads) for _ in range(_ROUNDS)]
    return max(done / seconds for done, seconds in rounds) / 1e9


def _timed(work: Callable[[int], int], count: int, threads: int) -> tuple[int, float]:
    if threads == 1:
        started = time.perf_counter()
        return work(count), time.perf_counter() - started
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [1] * threads))  # all threads are there before the clock runs
        started = time.perf_counter()
        done = sum(pool.map(work, [count] * threads))
        return done, time.perf_counter() - started


def keep(calibration: Calibration) -> Path:
    """Write a calibration into the user's cache, over the one of an earlier day.

    Errors    DeviceError  when the cache cannot be written.
    """
    path = _place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the cache folder cannot be made, {reason}: `{path.parent}`"
        raise DeviceError("shell.cannot_write", message, backend="cache", reason=reason) from error
    write_atomically(path, json.dumps(calibration.to_json(), indent=1) + "\n", force=True)
    return path


def kept() -> Calibration | None:
    """The calibration of this machine, None where there is none or where it is one of another machine or build."""
    try:
        read = json.loads(_place().read_text(encoding="utf-8"))
        levels = tuple(Level(**level) for level in read.pop("levels"))
        calibration = Calibration(**read, levels=levels)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return calibration if calibration.machine == _machine() else None


def _place() -> Path:
    return cache_folder() / "compute" / "calibration.json"


def _machine() -> dict[str, object]:
    """What a calibration holds for: this processor, as many of them, this backend."""
    return {"processor": _processor(), "processors": os.cpu_count(), "backend": _kernels.active_backend()}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text(encoding="utf-8") if cpuinfo.exists() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()
