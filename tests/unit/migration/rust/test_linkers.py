from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.migration.rust import linkers
from sovereign.migration.rust.toolchains import toolchains

MUSL = "aarch64-unknown-linux-musl"


def test_there_is_no_script_without_zig(pretend):
    assert linkers.zig_linker(MUSL, pretend.machine) is None


@pytest.mark.parametrize(
    ("triple", "name"),
    [
        ("aarch64-unknown-linux-musl", "aarch64-linux-musl"),
        ("x86_64-unknown-linux-musl", "x86_64-linux-musl"),
        ("aarch64-unknown-linux-gnu", "aarch64-linux-gnu.2.17"),
        ("x86_64-unknown-linux-gnu", "x86_64-linux-gnu.2.17"),
    ],
)
def test_the_script_hands_target_and_arguments_to_zig(pretend, triple, name):
    pretend.machine = replace(pretend.machine, cache=pretend.root / "a cache's folder")
    pretend.zig()
    assert pretend.machine.zig is not None
    places = '"$ZIG_GLOBAL_CACHE_DIR" "$ZIG_LOCAL_CACHE_DIR" "$ZIG_LIB_DIR"'
    pretend.machine.zig.write_text(f'#!/bin/sh\nprintf "%s\\n" {places} "$@"\n')
    script = linkers.zig_linker(triple, pretend.machine)
    assert script is not None
    said = subprocess.run([script, "two words", "-o"], capture_output=True, text=True, check=True).stdout
    store = str(pretend.machine.cache / "zig")
    *places, library = said.splitlines()[:3]
    assert places == [store, store]
    assert Path(library).parent == pretend.machine.cache / "zig-library"
    assert Path(library).readlink() == pretend.machine.zig.parent / "lib"
    assert said.splitlines()[3:] == ["cc", "-target", name, "-Os", "two words", "-o"]


def test_the_script_is_written_once_and_mended_when_it_differs(pretend):
    pretend.zig()
    script = linkers.zig_linker(MUSL, pretend.machine)
    assert script is not None
    first = script.stat()
    assert linkers.zig_linker(MUSL, pretend.machine) == script
    assert script.stat().st_ino == first.st_ino
    text = script.read_text()
    script.write_text("exit 1")
    assert linkers.zig_linker(MUSL, pretend.machine) == script
    assert script.read_text() == text


def test_two_zigs_have_scripts_of_their_own(pretend):
    pretend.zig()
    other = replace(pretend.machine, zig=pretend.program("zig", folder="other"))
    assert linkers.zig_linker(MUSL, pretend.machine) != linkers.zig_linker(MUSL, other)


def test_zig_is_cold_until_it_has_linked(pretend):
    pretend.zig()
    script = linkers.zig_linker(MUSL, pretend.machine)
    assert linkers.is_cold(script, MUSL, pretend.machine)
    linkers.keep_warm(script, MUSL, pretend.machine)
    assert not linkers.is_cold(script, MUSL, pretend.machine)
    other = "x86_64-unknown-linux-musl"
    assert linkers.is_cold(linkers.zig_linker(other, pretend.machine), other, pretend.machine)


def test_environments_with_one_version_of_zig_share_its_library(pretend):
    first, second = (pretend.environment(name, "0.15.1") for name in ("first", "second"))
    script = linkers.zig_linker(MUSL, first)
    shared = pretend.machine.cache / "zig-library" / "ziglang-0.15.1"
    assert shared.readlink() == first.zig.parent / "lib"
    assert linkers.zig_linker(MUSL, second) != script
    assert shared.readlink() == first.zig.parent / "lib", "a library that exists is kept"
    linkers.keep_warm(script, MUSL, first)
    assert not linkers.is_cold(linkers.zig_linker(MUSL, second), MUSL, second)


def test_a_shared_library_that_vanished_is_replaced(pretend):
    first, second = (pretend.environment(name, "0.15.1") for name in ("first", "second"))
    linkers.zig_linker(MUSL, first)
    shutil.rmtree(first.zig.parent)
    linkers.zig_linker(MUSL, second)
    shared = pretend.machine.cache / "zig-library" / "ziglang-0.15.1"
    assert shared.readlink() == second.zig.parent / "lib"


def test_another_version_of_zig_has_a_library_of_its_own(pretend):
    first, second = pretend.environment("first", "0.15.1"), pretend.environment("second", "0.16.0")
    script = linkers.zig_linker(MUSL, first)
    linkers.keep_warm(script, MUSL, first)
    assert linkers.is_cold(linkers.zig_linker(MUSL, second), MUSL, second)


def test_no_other_linker_is_ever_cold(pretend):
    lld = pretend.lld()
    for linker in (None, lld):
        assert not linkers.is_cold(linker, MUSL, pretend.machine)
        linkers.keep_warm(linker, MUSL, pretend.machine)
    assert not (pretend.machine.cache / "linkers").exists()


def test_the_toolchains_own_lld_comes_first(pretend):
    pretend.rustup()
    system = pretend.lld()
    assert linkers.lld_linker("wasm-ld", toolchains(pretend.machine)[0], pretend.machine) == system
    own = pretend.program("rust-lld", folder="rustup/lib/rustlib/x86_64-unknown-linux-gnu/bin")
    assert linkers.lld_linker("wasm-ld", toolchains(pretend.machine)[0], pretend.machine) == own


def test_llvms_newest_linker_of_the_right_kind_is_taken(pretend):
    assert linkers.system_lld("wasm-ld", pretend.machine) is None
    for version in ("9", "22", "19", "next"):
        pretend.program("wasm-ld", folder=f"usr/lib/llvm-{version}/bin")
    pretend.program("ld.lld", folder="usr/lib/llvm-23/bin")
    assert linkers.system_lld("wasm-ld", pretend.machine) == pretend.root / "usr/lib/llvm-22/bin/wasm-ld"


def test_a_linker_on_path_is_the_last_resort(pretend):
    found = pretend.program("ld.lld")
    assert linkers.system_lld("ld.lld", pretend.machine) == found
