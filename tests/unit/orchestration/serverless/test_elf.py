"""Facts of program files, held against readelf where it is installed."""

from __future__ import annotations

import platform
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from sovereign.errors import FormatError
from sovereign.orchestration.serverless.coldstart.candidates import empty_program
from sovereign.orchestration.serverless.elf import read_program

PYTHON = Path(sys.executable).resolve()


def test_facts_of_a_program_are_those_of_readelf() -> None:
    if shutil.which("readelf") is None:
        pytest.fail("binutils come with the C compiler that every set-up needs", pytrace=False)
    found = read_program(PYTHON.read_bytes())
    said = subprocess.run(["readelf", "-lSW", PYTHON], capture_output=True, text=True, check=True).stdout
    assert found.needs_loader == ("INTERP" in said)
    sections = re.findall(r"\] (\S+)\s+(\S+)\s+[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+\s+([A-Zx]*) ", said)
    code = sum(int(size, 16) for _, _, size, flags in sections if "A" in flags and "X" in flags)
    data = sum(
        int(size, 16)
        for _, kind, size, flags in sections
        if "A" in flags and "W" in flags and "X" not in flags and kind != "NOBITS"
    )
    assert (found.code_bytes, found.data_bytes) == (code, data)
    assert not found.has_writable_code
    assert not found.has_executable_stack


def test_empty_program_runs_and_is_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(empty_program())
    path.chmod(0o755)
    assert subprocess.run([path], check=False).returncode == 0
    found = read_program(path.read_bytes())
    assert found.machine == {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    assert not found.needs_loader
    assert path.stat().st_size < 150


@pytest.mark.parametrize("cut", [0, 5, 63, 70, 71])
def test_program_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(FormatError) as caught:
        read_program(empty_program()[:cut])
    assert caught.value.code == "serverless.no_program_file"


def test_writable_code_and_a_stack_that_runs_are_seen() -> None:
    data = bytearray(empty_program())
    struct.pack_into("<I", data, 64 + 4, 7)
    assert read_program(bytes(data)).has_writable_code
    # Without a header about the stack the kernel lets it run.
    assert read_program(bytes(data)).has_executable_stack
    struct.pack_into("<II", data, 64, 0x6474E551, 6)
    assert not read_program(bytes(data)).has_executable_stack
    struct.pack_into("<II", data, 64, 0x6474E551, 7)
    assert read_program(bytes(data)).has_executable_stack
