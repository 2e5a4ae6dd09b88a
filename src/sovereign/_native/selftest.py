"""The live self-test of the native door: the core loads, is built from these sources, and keeps its panics inside.

Enters: the compiled module, and in a clone the sources it was built from. Leaves: evidence, one line each. Whether
core and distribution are of one version is told by the self-test of `batuta`.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign import _native
from sovereign.errors import DeviceError, InternalError
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["containment", "freshness", "run", "source_digest"]

_CLONE = Path(__file__).resolve().parents[3]
_BUILD = "make demo"
_SUFFIXES = {".lock", ".pyi", ".rs", ".toml"}
_PANIC = "a panic, provoked to see what becomes of it"


def run() -> Iterator[Evidence]:
    """Load the core, compare its sources with the clone's, and make it panic."""
    try:
        facts = _native.build_facts()
    except DeviceError as error:
        yield Evidence("native core", State.BROKEN, error.message, _BUILD)
        return
    avx512 = "with" if facts["avx512_compiled"] else "without"
    built = f"{facts['target']}, {facts['profile']}, {facts['compiler']}, {avx512} AVX-512 kernels"
    yield Evidence("native core", State.OK, f"{facts['version']} for {built}")
    if (_CLONE / "Cargo.lock").is_file():
        yield freshness(facts["source_digest"], source_digest(_CLONE, facts["sources"].split()))
    yield containment()


def freshness(built: str, here: str) -> Evidence:
    """The core was built from the sources that stand here."""
    if built == here:
        return Evidence("native sources", State.OK, f"built from these, digest {here}")
    return Evidence("native sources", State.BROKEN, f"built from {built}, here stands {here}", _BUILD)


def source_digest(root: Path, sources: Sequence[str]) -> str:
    """CRC-32 over name, NUL, length and content of each source file; `build.rs` of the core does the same."""
    files = {path.relative_to(root).as_posix(): path for name in sources for path in _below(root / name)}
    digest = 0
    for name in sorted(files):
        content = files[name].read_bytes()
        digest = zlib.crc32(content, zlib.crc32(f"{name}\0{len(content)}\0".encode(), digest))
    return f"{digest:08x}"


def _below(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())
    elif path.is_file():
        yield path


def containment() -> Evidence:
    """A panic inside the core comes out as an error that says where it was."""
    check = "native panic"
    try:
        _native.provoke_panic(_PANIC)
    except InternalError as error:
        if error.detail.get("reason") == _PANIC:
            return Evidence(check, State.OK, f"became `{error.code}` at {error.detail['where']}")
        return Evidence(check, State.BROKEN, f"became another error: {error}", _BUILD)
    return Evidence(check, State.BROKEN, "went by unseen", _BUILD)
