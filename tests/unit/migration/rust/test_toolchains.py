from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.migration.rust.toolchains import Machine, toolchains


def test_the_toolchain_on_path_comes_before_the_systems(pretend):
    pretend.debian()
    pretend.rustup()
    assert [kit.origin for kit in toolchains(pretend.machine)] == ["rustup", "debian"]


def test_one_toolchain_under_two_names_counts_once(pretend):
    pretend.debian()
    machine = replace(pretend.machine, search_path=str(pretend.root / "usr/bin"))
    assert [kit.origin for kit in toolchains(machine)] == ["debian"]


@pytest.mark.parametrize(
    ("version", "usable"), [("1.63.0", False), ("1.84.1", False), ("1.85.0", True), ("2.0.0", True)]
)
def test_a_toolchain_must_be_of_the_oldest_version_or_newer(pretend, version, usable):
    pretend.rustup(version=version)
    assert bool(toolchains(pretend.machine)) is usable


def test_a_prerelease_keeps_its_name(pretend):
    pretend.rustup(version="1.97.0-nightly")
    assert toolchains(pretend.machine)[0].version == "1.97.0-nightly"


@pytest.mark.parametrize("text", ["exit 1", "echo rubbish", "printf 'release: 1.96.0\\nhost: x\\n'; exit 1", "exit 0"])
def test_a_compiler_that_does_not_answer_is_left_out(pretend, text):
    pretend.program("rustc", text)
    pretend.program("cargo")
    assert toolchains(pretend.machine) == []


def test_a_compiler_that_cannot_start_is_left_out(pretend):
    pretend.program("rustc").write_bytes(b"\x7fELF, but not really")
    pretend.program("cargo")
    assert toolchains(pretend.machine) == []


def test_a_compiler_without_cargo_is_left_out(pretend):
    pretend.rustup()
    (pretend.root / "path/cargo").unlink()
    assert toolchains(pretend.machine) == []


def test_a_toolchain_installed_meanwhile_is_seen(pretend):
    pretend.debian(version="1.63.0")
    assert toolchains(pretend.machine) == []
    rustc = pretend.root / "usr/bin/rustc"
    rustc.write_text(rustc.read_text().replace("1.63.0", "1.96.0"))
    os.utime(rustc, ns=(1, 1))
    assert [kit.version for kit in toolchains(pretend.machine)] == ["1.96.0"]


def test_compilers_are_asked_once(pretend):
    count = pretend.root / "count"
    pretend.rustup()
    rustc = pretend.root / "path/rustc"
    rustc.write_text(rustc.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\necho >> {count}\n"))
    for _ in range(3):
        toolchains(pretend.machine)
    assert count.read_text() == "\n\n"


def test_sources_count_only_with_the_crates_that_they_need(pretend):
    pretend.debian()
    assert toolchains(pretend.machine)[0].sources is not None
    (pretend.root / "usr/lib/rustlib/src/rust/library/vendor").rmdir()
    assert toolchains(pretend.machine)[0].sources is None


def test_the_toolchains_own_linker_is_seen(pretend):
    pretend.rustup()
    assert toolchains(pretend.machine)[0].lld is None
    own = pretend.program("rust-lld", folder="rustup/lib/rustlib/x86_64-unknown-linux-gnu/bin")
    assert toolchains(pretend.machine)[0].lld == own


def test_this_machine_is_described_by_its_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/somewhere")
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path))
    machine = Machine.here()
    assert (machine.search_path, machine.cache, machine.system) == ("/somewhere", tmp_path, Path("/usr"))
    assert machine.project is None or (machine.project / "Cargo.lock").is_file()


def test_zig_is_found_in_its_package_or_not_at_all(monkeypatch, tmp_path):
    package = tmp_path / "ziglang"
    package.mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert Machine.here().zig is None
    (package / "__init__.py").touch()
    assert Machine.here().zig is None
    (package / "zig").touch()
    assert Machine.here().zig == package / "zig"
