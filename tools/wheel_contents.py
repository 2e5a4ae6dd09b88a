"""What is inside a wheel, held against what should be.

Enters: the path of a wheel and its processor architecture. Leaves: one sentence per problem; none when the wheel runs
on every Linux of that architecture with glibc 2.17 or newer and holds our package and nothing else. Read `wheel.py`
next.
"""

from __future__ import annotations

import base64
import csv
import fnmatch
import hashlib
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from auditwheel.architecture import Architecture  # type: ignore[import-untyped]
from auditwheel.error import AuditwheelError  # type: ignore[import-untyped]
from auditwheel.libc import Libc  # type: ignore[import-untyped]
from auditwheel.wheel_abi import analyze_wheel_abi  # type: ignore[import-untyped]
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from elftools.elf.sections import SymbolTableSection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["elf_problems", "file_problems", "problems", "record_problems"]

ROOT = Path(__file__).resolve().parent.parent
CORE = "sovereign/_native/_core.abi3.so"
LAUNCHER = "*.data/scripts/ruchy"
# What is compiled where it is used: beside translated programs, around handlers, and as candidates of the bench.
FUNCTIONS = "sovereign/orchestration/serverless"
SOURCES = (
    "sovereign/migration/rust/*.rs",
    "sovereign/migration/rust/support/calls.json",
    f"{FUNCTIONS}/start/*.rs",
    f"{FUNCTIONS}/start/*.ld",
    *(f"sovereign/orchestration/batuta/service/*.{ending}" for ending in ("jsonl", "toml", "ruchy", "golden")),
    *(f"{FUNCTIONS}/coldstart/*.{language}" for language in ("rs", "c", "go", "js", "java")),
)
ALLOWED = ("sovereign/*.py", "sovereign/*.pyi", "sovereign/py.typed", CORE, *SOURCES, LAUNCHER, "*.dist-info/*")
NEEDED = ("entry_points.txt", "METADATA", "RECORD", "WHEEL", "licenses/LICENSE")
MACHINES = {"x86_64": "EM_X86_64", "aarch64": "EM_AARCH64"}
# ARM kernels come with pages of up to 64 KiB; a file that is aligned to less does not load there.
PAGES = {"x86_64": 0x1000, "aarch64": 0x10000}
GLIBC = (2, 17)
LIBRARIES = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libgcc_s.so.1"}
LOADERS = {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}


def problems(wheel: Path, architecture: str) -> list[str]:
    """Everything that is wrong with a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = [*_tag_problems(wheel, architecture, files), *file_problems(files), *record_problems(files)]
    if CORE in files:
        found += elf_problems(files[CORE], architecture)
        found += _policy_problems(wheel, architecture)
    return [f"{problem}: `{wheel.name}`" for problem in found]


def _tag_problems(wheel: Path, architecture: str, files: dict[str, bytes]) -> Iterator[str]:
    """The name and the metadata promise the same: stable ABI from 3.11, glibc from 2.17."""
    platforms = [f"manylinux2014_{architecture}", f"manylinux_2_17_{architecture}"]
    if not wheel.name.endswith(f"-cp311-abi3-{'.'.join(platforms)}.whl"):
        yield "the name does not promise the stable ABI of Python 3.11 on glibc 2.17"
    text = next((data.decode() for name, data in files.items() if name.endswith(".dist-info/WHEEL")), "")
    tags = re.findall(r"^Tag: (\S+)$", text, re.MULTILINE)
    if sorted(tags) != sorted(f"cp311-abi3-{platform}" for platform in platforms):
        yield f"the metadata has other tags than the name, {', '.join(tags) or 'none'}"
    if "Root-Is-Purelib: false" not in text:
        yield "the metadata says that the package has no native code"


def file_problems(files: dict[str, bytes]) -> Iterator[str]:
    """Our package with its licence, nothing else, and no path of the machine that built it."""
    for name, data in files.items():
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in ALLOWED):
            yield f"a file does not belong into the wheel, {name}"
        for place in (ROOT, Path.home()):
            # `crates/a/src/b` holds no path below `/src`: the root is where a path begins.
            if re.search(rb"(?<![\w.-])" + re.escape(f"{place}/".encode()), data):
                yield f"a path of this machine stands in {name}"
    if CORE not in files:
        yield f"a file is missing, {CORE}"
    if not fnmatch.filter(files, LAUNCHER):
        yield f"a file is missing, {LAUNCHER}"
    for wanted in NEEDED:
        if not any(fnmatch.fnmatchcase(name, f"*.dist-info/{wanted}") for name in files):
            yield f"a file is missing, {wanted}"


def record_problems(files: dict[str, bytes]) -> Iterator[str]:
    """The record lists every file with its digest and size, so that installers can check them."""
    record = next((name for name in files if name.endswith(".dist-info/RECORD")), None)
    if record is None:
        return
    listed = {row[0]: row[1:] for row in csv.reader(io.StringIO(files[record].decode()))}
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        if name != record and listed.get(name) != [f"sha256={digest}", str(len(data))]:
            yield f"the record does not fit the file {name}"
    for name in listed.keys() - files.keys():
        yield f"the record lists a file that is not there, {name}"


def elf_problems(image: bytes, architecture: str) -> list[str]:
    """The native module is for this architecture, needs little, offers one symbol, and trusts no path."""
    elf = ELFFile(io.BytesIO(image))
    checks: tuple[Callable[[ELFFile, str], Iterator[str]], ...] = (
        _header_problems,
        _segment_problems,
        _library_problems,
        _version_problems,
        _symbol_problems,
    )
    return [problem for check in checks for problem in check(elf, architecture)]


def _header_problems(elf: ELFFile, architecture: str) -> Iterator[str]:
    header = (elf["e_machine"], elf.elfclass, elf.little_endian, elf["e_type"])
    if header != (MACHINES[architecture], 64, True, "ET_DYN"):
        yield f"the native module is not a 64-bit library for {architecture}"


def _segment_problems(elf: ELFFile, architecture: str) -> Iterator[str]:
    for segment in elf.iter_segments():
        kind, flags = segment["p_type"], segment["p_flags"]
        if kind == "PT_LOAD" and segment["p_align"] < PAGES[architecture]:
            yield f"the native module is aligned to pages of {segment['p_align']} bytes"
        if kind in {"PT_LOAD", "PT_GNU_STACK"} and flags & 1 and flags & 2:
            yield "the native module has memory that is both writable and executable"


def _library_problems(elf: ELFFile, architecture: str) -> Iterator[str]:
    for section in elf.iter_sections():
        if isinstance(section, DynamicSection):
            for tag in section.iter_tags():
                if tag.entry.d_tag in {"DT_RPATH", "DT_RUNPATH"}:
                    yield "the native module says itself where its libraries are"
                needed = getattr(tag, "needed", None)  # only tags of that kind have it
                if needed and needed not in {*LIBRARIES, LOADERS[architecture]}:
                    yield f"the native module needs a library that not every system has, {needed}"


def _version_problems(elf: ELFFile, architecture: str) -> Iterator[str]:
    del architecture  # the floor is the same for all
    for section in elf.iter_sections():
        if isinstance(section, GNUVerNeedSection):
            names = {version.name for _library, versions in section.iter_versions() for version in versions}
            for name in sorted(names):
                number = re.fullmatch(r"GLIBC_(\d+)\.(\d+)(?:\.\d+)?", name)
                if name.startswith("GLIBC") and not (number and (int(number[1]), int(number[2])) <= GLIBC):
                    yield f"the native module needs a newer C library, {name}"


def _symbol_problems(elf: ELFFile, architecture: str) -> Iterator[str]:
    del architecture
    table = elf.get_section_by_name(".dynsym")
    symbols = list(table.iter_symbols()) if isinstance(table, SymbolTableSection) else []
    hidden = {"STB_LOCAL"}
    offered = {s.name for s in symbols if s["st_shndx"] != "SHN_UNDEF" and s["st_info"]["bind"] not in hidden}
    if offered != {"PyInit__core"}:
        yield f"the native module offers other symbols than its entry, {', '.join(sorted(offered)) or 'none'}"


def _policy_problems(wheel: Path, architecture: str) -> Iterator[str]:
    """What auditwheel, the judge of these tags, says."""
    try:
        verdict = analyze_wheel_abi(
            Libc.GLIBC,
            Architecture(architecture),
            wheel,
            frozenset(),
            disable_isa_ext_check=False,
            allow_graft=False,
        )
    except AuditwheelError as error:
        yield f"auditwheel refuses it, {error}"
        return
    if verdict.overall_policy.name not in {f"manylinux_2_{minor}_{architecture}" for minor in range(5, GLIBC[1] + 1)}:
        yield f"auditwheel finds that it needs more than glibc 2.17, {verdict.overall_policy.name}"
