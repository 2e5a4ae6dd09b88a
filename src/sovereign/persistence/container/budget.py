"""How long a file will take to load on a machine of known rates, and how large one may be for a budget of time.

Enters: the sizes of a file and the rates of a platform. Leaves: an estimate in seconds. It is an estimate: rates are
measured or taken from a data sheet, not proved, and an operating system may always take longer. It bounds itself,
though: the largest size for a budget never has an estimate above it, which a property test asserts.

| step        | costs |
|-------------|-------|
| header      | a fixed time |
| reading     | bytes of the file / read rate |
| checksum    | bytes of the file / checksum rate |
| signature   | a fixed time + bytes before the signature / hash rate, where the file is signed |
| expanding   | bytes of the payload when expanded / expansion rate, where it is compressed |
| decoding    | bytes of the payload when expanded / decoding rate |

The sum is taken times 1.1.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sovereign.errors import GateFailed, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.persistence.container.header import Header

__all__ = [
    "PLATFORMS",
    "FileSizes",
    "Platform",
    "assert_time_budget",
    "calibrate",
    "max_size",
    "ring_buffer_bytes",
    "wcet",
]

_MARGIN = 1.1
_MIB = 1024.0 * 1024.0
_PAGE_BYTES = 4096
_LEAST_RING_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The rates of a machine, in bytes and seconds; `is_measured` tells calibration from a data sheet."""

    name: str
    read_bytes_per_s: float
    expand_bytes_per_s: float
    checksum_bytes_per_s: float
    hash_bytes_per_s: float
    decode_bytes_per_s: float
    signature_s: float
    header_s: float = 1e-6
    is_measured: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, float) and not (value > 0 and math.isfinite(value)):
                message = f"`{field.name}` should be above 0 and finite, it is: `{value}`"
                raise ParameterError("container.parameter", message, name=field.name, value=value, allowed="above 0")


PLATFORMS = {
    platform.name: platform
    for platform in (
        Platform(
            name="automotive-s32g",
            read_bytes_per_s=50 * _MIB,
            expand_bytes_per_s=200 * _MIB,
            checksum_bytes_per_s=2000 * _MIB,
            hash_bytes_per_s=200 * _MIB,
            decode_bytes_per_s=5e8,
            signature_s=800e-6,
        ),
        Platform(
            name="aerospace-rad750",
            read_bytes_per_s=10 * _MIB,
            expand_bytes_per_s=50 * _MIB,
            checksum_bytes_per_s=100 * _MIB,
            hash_bytes_per_s=20 * _MIB,
            decode_bytes_per_s=5e7,
            signature_s=5000e-6,
        ),
        Platform(
            name="edge-rpi4",
            read_bytes_per_s=100 * _MIB,
            expand_bytes_per_s=400 * _MIB,
            checksum_bytes_per_s=3000 * _MIB,
            hash_bytes_per_s=300 * _MIB,
            decode_bytes_per_s=1e9,
            signature_s=200e-6,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class FileSizes:
    """What an estimate needs to know of a file."""

    file_bytes: int
    expanded_bytes: int
    is_compressed: bool = True
    is_signed: bool = False

    @classmethod
    def of(cls, header: Header, file_bytes: int) -> FileSizes:
        """The sizes of an A1 file."""
        return cls(file_bytes, header.uncompressed_size, header.compression != 0, header.is_signed)


def wcet(sizes: FileSizes, platform: Platform) -> float:
    """The longest that loading should take, in seconds.

    >>> round(wcet(FileSizes(50 << 20, 50 << 20, is_compressed=False), PLATFORMS["automotive-s32g"]), 2)
    1.24
    """
    seconds = platform.header_s + sizes.file_bytes / platform.read_bytes_per_s
    seconds += sizes.file_bytes / platform.checksum_bytes_per_s
    if sizes.is_signed:
        seconds += platform.signature_s + sizes.file_bytes / platform.hash_bytes_per_s
    if sizes.is_compressed:
        seconds += sizes.expanded_bytes / platform.expand_bytes_per_s
    seconds += sizes.expanded_bytes / platform.decode_bytes_per_s
    return seconds * _MARGIN


def max_size(
    budget_s: float, platform: Platform, *, ratio: float = 1.0, is_compressed: bool = False, is_signed: bool = False
) -> int:
    """The largest file that loads within a budget, in bytes; 0 when not even its header does.

    `ratio` is how many times larger the payload is when expanded.

    Errors    ParameterError  when the budget or the ratio is not above 0 and finite.

    >>> size = max_size(1.0, PLATFORMS["edge-rpi4"])
    >>> wcet(FileSizes(size, size, is_compressed=False), PLATFORMS["edge-rpi4"]) <= 1.0
    True
    """
    for name, value in (("budget_s", budget_s), ("ratio", ratio)):
        if not (value > 0 and math.isfinite(value)):
            message = f"`{name}` should be above 0 and finite, it is: `{value}`"
            raise ParameterError("container.parameter", message, name=name, value=value, allowed="above 0")

    def fits(size: int) -> bool:
        sizes = FileSizes(size, math.ceil(size * ratio), is_compressed, is_signed)
        return wcet(sizes, platform) <= budget_s

    # Bisection over whole bytes: the estimate grows with the size, and a formula would round the wrong way somewhere.
    low, high = 0, 1 << 62
    if not fits(0):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def assert_time_budget(sizes: FileSizes, platform: Platform, budget_s: float) -> float:
    """Refuse a file that may take longer than its budget; gives the estimate.

    Errors    GateFailed  `container.budget`, with the largest size that fits.
    """
    estimate = wcet(sizes, platform)
    if estimate <= budget_s:
        return estimate
    ratio = max(sizes.expanded_bytes, 1) / max(sizes.file_bytes, 1)
    most = max_size(budget_s, platform, ratio=ratio, is_compressed=sizes.is_compressed, is_signed=sizes.is_signed)
    message = (
        f"loading should take at most {budget_s * 1e3:.3f} ms on {platform.name} and may take {estimate * 1e3:.3f} ms, "
        f"a file that fits has at most so many bytes: `{most}`"
    )
    raise GateFailed(
        "container.budget", message, rule="time budget", measured=estimate, required=budget_s, max_size_bytes=most
    )


def ring_buffer_bytes(expand_bytes_per_s: float, consume_bytes_per_s: float, window_s: float) -> int:
    """The smallest buffer that takes up what comes faster than it is used within a window, in whole pages.

    >>> ring_buffer_bytes(400e6, 100e6, 0.01)
    3002368
    """
    if window_s < 0 or not all(map(math.isfinite, (expand_bytes_per_s, consume_bytes_per_s, window_s))):
        message = f"the window should be finite and not negative, it is: `{window_s}`"
        raise ParameterError("container.parameter", message, name="window_s", value=window_s, allowed="0 or more")
    surplus = max(expand_bytes_per_s - consume_bytes_per_s, 0.0) * window_s
    pages = math.ceil(math.ceil(surplus) / _PAGE_BYTES)
    return max(pages * _PAGE_BYTES, _LEAST_RING_BYTES)


def calibrate(*, size_bytes: int = 16 << 20, rounds: int = 5) -> Platform:
    """Measure this machine: the slowest of several rounds of each step, with a file in the system's cache.

    Reading is measured from the cache, so a cold disk is slower; give `read_bytes_per_s` of the disk where that counts.

    Cost      about a second and twice `size_bytes` of memory.
    """
    import tempfile

    import numpy as np

    from sovereign.persistence.container import _kernels
    from sovereign.persistence.container.compression import compressed
    from sovereign.persistence.container.crypto.suites import SUITES
    from sovereign.persistence.container.header import Compression, Suite

    numbers = np.random.default_rng(0).normal(size=size_bytes // 4).astype("f4")
    data = numbers.round(1).tobytes()
    stored = compressed(data, Compression.ZSTD)

    def hashed() -> object:
        hasher = SUITES[Suite.STANDARD_2025].hash()
        hasher.update(data)
        return hasher.digest()

    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        read = _slowest(lambda: os.pread(file.fileno(), len(data), 0), rounds)
    checksum = _slowest(lambda: _kernels.crc32(data), rounds)
    expand = _slowest(lambda: _kernels.decompress("zstd", stored, len(data), 0), rounds)
    decode = _slowest(lambda: np.frombuffer(data, "<f4").copy(), rounds)
    return Platform(
        name="this machine",
        read_bytes_per_s=len(data) / read,
        expand_bytes_per_s=len(data) / expand,
        checksum_bytes_per_s=len(data) / checksum,
        hash_bytes_per_s=len(data) / _slowest(hashed, rounds),
        decode_bytes_per_s=len(data) / decode,
        signature_s=_signature_seconds(rounds),
        is_measured=True,
    )


def _signature_seconds(rounds: int) -> float:
    from sovereign.persistence.container.crypto.keys import generate
    from sovereign.persistence.container.header import Suite

    key = generate(Suite.STANDARD_2025)
    signature, public = key.sign(b"calibration"), key.public
    return _slowest(lambda: public.verify(signature, b"calibration"), 10 * rounds)


def _slowest(step: Callable[[], object], rounds: int) -> float:
    """The longest of several rounds; the first, which warms caches, does not count."""
    step()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return max(*times, 1e-9)
