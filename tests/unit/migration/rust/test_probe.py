from __future__ import annotations

import os
import shutil
import struct
import subprocess

import pytest

from sovereign.errors import DeviceError
from sovereign.migration.rust.probe import compile_probe
from sovereign.migration.rust.targets import Recipe, find, require

X86_64, AARCH64, ARM = 62, 183, 40
# The first link for a target may have to build zig's C library.
SLOW = pytest.mark.timeout(300)


def each(*triples):
    return [pytest.param(triple, marks=pytest.mark.requires(triple)) for triple in triples]


def machine_of(elf: bytes) -> int:
    assert elf[:4] == b"\x7fELF"
    return struct.unpack_from("<H", elf, 18)[0]


@SLOW
@pytest.mark.parametrize("triple", each("x86_64-unknown-linux-gnu", "x86_64-unknown-linux-musl"))
@pytest.mark.requires("x86_64")
def test_a_program_for_this_processor_prints_42(triple, tmp_path):
    program = compile_probe(require(triple), tmp_path)
    assert machine_of(program.read_bytes()) == X86_64
    assert subprocess.run([program], capture_output=True, check=True).stdout == b"42\n"


@SLOW
@pytest.mark.requires("aarch64-unknown-linux-musl", "qemu-aarch64")
def test_a_static_program_for_arm_prints_42_in_the_emulator(tmp_path):
    program = compile_probe(require("aarch64-unknown-linux-musl"), tmp_path)
    emulator = shutil.which("qemu-aarch64-static") or shutil.which("qemu-aarch64")
    assert emulator is not None
    assert subprocess.run([emulator, program], capture_output=True, check=True).stdout == b"42\n"


@SLOW
@pytest.mark.parametrize(
    ("triple", "machine", "bits"),
    [
        pytest.param("aarch64-unknown-linux-gnu", AARCH64, 2, marks=pytest.mark.requires("aarch64-unknown-linux-gnu")),
        pytest.param(
            "aarch64-unknown-linux-musl", AARCH64, 2, marks=pytest.mark.requires("aarch64-unknown-linux-musl")
        ),
        pytest.param("thumbv7em-none-eabihf", ARM, 1, marks=pytest.mark.requires("thumbv7em-none-eabihf")),
    ],
)
def test_a_program_is_for_its_target(triple, machine, bits, tmp_path):
    image = compile_probe(require(triple), tmp_path).read_bytes()
    assert (machine_of(image), image[4]) == (machine, bits)


@pytest.mark.requires("wasm32-unknown-unknown", "node")
def test_a_module_for_the_browser_multiplies_by_42(tmp_path):
    module = compile_probe(require("wasm32-unknown-unknown"), tmp_path)
    script = (
        "const bytes = require('fs').readFileSync(process.argv[1]);"
        "WebAssembly.instantiate(bytes).then(made => console.log(made.instance.exports.answer(3)));"
    )
    said = subprocess.run(["node", "-e", script, module], capture_output=True, text=True, check=True).stdout
    assert said == "126\n"


@SLOW
@pytest.mark.requires("aarch64-unknown-linux-musl")
def test_cargo_builds_an_arm_program_that_unwinds(tmp_path, monkeypatch):
    monkeypatch.setenv("RUSTFLAGS", "--cfg broken -Clinker=none")
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "a"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n')
    (tmp_path / "src/main.rs").write_text(
        'fn main() { println!("{}", std::panic::catch_unwind(|| panic!("x")).is_err()); }\n'
    )
    recipe = require("aarch64-unknown-linux-musl")
    environment = {**os.environ, **recipe.environment, "CARGO_TARGET_DIR": str(tmp_path / "target")}
    command = recipe.build_command("--release", "--quiet")
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    program = tmp_path / "target/aarch64-unknown-linux-musl/release/a"
    assert machine_of(program.read_bytes()) == AARCH64
    emulator = shutil.which("qemu-aarch64-static")
    if emulator:
        said = subprocess.run([emulator, program], capture_output=True, check=True).stdout
        assert said == b"true\n"


def pretended(pretend, text: str) -> Recipe:
    pretend.rustup()
    recipe = find("x86_64-unknown-linux-gnu", pretend.machine)
    assert isinstance(recipe, Recipe)
    recipe.rustc.write_text(f"#!/bin/sh\n{text}\n")
    return recipe


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo 'error: linker `cc` not found' >&2; exit 1", "error: linker `cc` not found"),
        ("exit 5", "rustc ended with status 5"),
        ("exit 0", "rustc ended with status 0"),
    ],
)
def test_a_compiler_that_fails_is_an_error_with_its_reason(pretend, tmp_path, text, reason):
    with pytest.raises(DeviceError) as caught:
        compile_probe(pretended(pretend, text), tmp_path)
    assert (caught.value.code, caught.value.detail["reason"]) == ("targets.missing", reason)


def test_a_compiler_that_hangs_is_stopped(pretend, tmp_path):
    with pytest.raises(DeviceError, match="timed out"):
        compile_probe(pretended(pretend, "exec sleep 20"), tmp_path, timeout_s=0.1)
