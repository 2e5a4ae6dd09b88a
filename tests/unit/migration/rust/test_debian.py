from __future__ import annotations

import os

import pytest

from sovereign.migration.rust import debian, linkers, sysroots
from sovereign.migration.rust.targets import TARGETS, target_named
from sovereign.migration.rust.toolchains import Machine, toolchains

WASM = target_named("wasm32-unknown-unknown")
ARM = target_named("aarch64-unknown-linux-musl")
HOST = target_named("x86_64-unknown-linux-gnu")
APT_CACHE = "printf 'lld-9 - x\\nlld-19 - x\\nlld-22 - x\\nlldb-23 - x\\n'"


@pytest.fixture(name="here")
def _here(pretend, monkeypatch):
    """`debian.main` runs on the pretended machine, whose programs come first on PATH."""
    monkeypatch.setattr(Machine, "here", lambda: pretend.machine)
    monkeypatch.setenv("PATH", f"{pretend.root / 'path'}{os.pathsep}{os.environ['PATH']}")
    return pretend


def test_an_empty_machine_needs_toolchain_linker_and_runners(here):
    here.program("apt-cache", APT_CACHE)
    assert debian.packages_needed(TARGETS, here.machine) == [
        *debian.TOOLCHAIN,
        "lld-22",
        "qemu-user-static",
        "nodejs",
    ]


def test_the_linker_has_a_plain_name_when_debian_names_no_version(here):
    here.program("apt-cache")
    here.program("node")
    assert debian.packages_needed([WASM], here.machine) == [*debian.TOOLCHAIN, "lld"]


def test_linux_targets_need_no_lld(here):
    here.program("qemu-aarch64-static")
    assert debian.packages_needed([ARM], here.machine) == list(debian.TOOLCHAIN)


def test_sources_are_needed_where_only_the_compiler_is(here):
    here.debian(sources=False)
    here.lld()
    here.program("node")
    assert debian.packages_needed([WASM], here.machine) == list(debian.TOOLCHAIN)


def test_nothing_is_needed_where_the_toolchain_brings_the_target(here):
    here.rustup()
    assert debian.packages_needed([HOST], here.machine) == []


def test_packages_are_named_and_not_installed_without_root(here, monkeypatch, capsys):
    here.program("apt-get", f"touch {here.root}/called")
    here.program("qemu-aarch64-static")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert debian.main(["--only", ARM.triple]) == 2
    command = "sudo apt-get install -y --no-install-recommends rustc-web cargo-web rust-web-src"
    assert capsys.readouterr().err == f"targets: packages are missing, install them on Debian with: `{command}`\n"
    assert not (here.root / "called").exists()


def test_packages_are_installed_as_root(here, monkeypatch, capsys):
    here.program("apt-get", f'echo "$DEBIAN_FRONTEND $@" >> {here.root}/called')
    here.program("qemu-aarch64-static")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert debian.main(["--only", ARM.triple]) == 2
    called = (here.root / "called").read_text().splitlines()
    assert called[0] == "noninteractive update -q"
    assert called[1].endswith("install -y --no-install-recommends rustc-web cargo-web rust-web-src")
    assert "no Rust toolchain of version 1.85 or newer was found" in capsys.readouterr().err


def test_a_failing_installation_is_shown(here, monkeypatch, capsys):
    here.program("apt-get", "echo 'E: no such package'; exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert debian.main(["--only", ARM.triple]) == 2
    said = capsys.readouterr().err
    assert "E: no such package" in said
    assert "targets: a set-up step ended with status 100: `apt-get update -q`" in said


CARGO = """
for word; do last="$word"; done
if [ "$1" = vendor ]; then mkdir -p "$last"; exit; fi
deps="$CARGO_TARGET_DIR/aarch64-unknown-linux-musl/release/deps"
mkdir -p "$deps" && touch "$deps/libcore-1.rlib" "$deps/libstd-2.rlib"
"""


def ready_debian(here) -> None:
    """A Debian machine on which `rustc` compiles anything into a file."""
    here.debian(cargo=CARGO)
    here.zig()
    here.program("qemu-aarch64-static")
    rustc = here.root / "usr/bin/rustc"
    text = rustc.read_text().replace("else", 'elif [ "$1" = --target ]; then for w; do o=$w; done; echo > $o; else')
    rustc.write_text(text)


def test_library_crates_and_first_link_are_brought(here, capsys):
    ready_debian(here)
    here.project()
    assert debian.main(["--only", ARM.triple]) == 0
    said = capsys.readouterr().err
    assert "the crates of the lock were brought" in said
    assert f"{ARM.triple}: built the standard library of rustc 1.96.0" in said
    assert f"{ARM.triple}: linked a first program" in said
    toolchain = toolchains(here.machine)[0]
    assert sysroots.is_built(toolchain, ARM.triple, here.machine.cache)
    script = linkers.zig_linker(ARM.triple, here.machine)
    assert not linkers.is_cold(script, ARM.triple, here.machine)


def test_a_second_call_has_nothing_to_do(here, capsys):
    ready_debian(here)
    here.project()
    debian.main(["--only", ARM.triple])
    capsys.readouterr()
    assert debian.main(["--only", ARM.triple]) == 0
    assert capsys.readouterr().err == ""


def test_a_missing_linker_is_named_after_the_library_was_built(here, capsys):
    ready_debian(here)
    assert here.machine.zig is not None
    here.machine = Machine(here.machine.search_path, here.machine.system, here.machine.cache, None, None)
    assert debian.main(["--only", ARM.triple]) == 2
    assert "bring it with: `python3 -m pip install ziglang`" in capsys.readouterr().err


def test_a_library_that_does_not_build_fails_its_target(here, capsys):
    ready_debian(here)
    here.program("cargo", "echo 'error: broken'; exit 101", folder="usr/bin")
    assert debian.main(["--only", ARM.triple]) == 2
    assert f"targets: {ARM.triple}: the standard library does not compile" in capsys.readouterr().err


def test_an_unknown_target_is_a_usage_error(here):
    with pytest.raises(SystemExit) as caught:
        debian.main(["--only", "wasm33"])
    assert caught.value.code == 2
