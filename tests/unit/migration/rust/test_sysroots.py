from __future__ import annotations

import json

import pytest

from sovereign.errors import DeviceError
from sovereign.migration.rust import sysroots
from sovereign.migration.rust.toolchains import toolchains

TRIPLE = "aarch64-unknown-linux-musl"
# Stands in for cargo: notes how it was called, and leaves what a build would.
CARGO = """
here={root}
echo >> $here/calls
printf '%s\\n' "$@" > $here/words
env > $here/environment
deps="$CARGO_TARGET_DIR/{triple}/release/deps"
mkdir -p "$deps"
touch "$deps/libcore-1.rlib" "$deps/libstd-2.rlib" "$deps/libsysroot-3.rlib" "$deps/libcore-1.rmeta"
"""


def kit(pretend, cargo: str = CARGO):
    pretend.debian(cargo=cargo.format(root=pretend.root, triple=TRIPLE))
    return toolchains(pretend.machine)[0]


def test_the_library_lies_where_rustc_looks(pretend):
    toolchain, cache = kit(pretend), pretend.machine.cache
    assert not sysroots.is_built(toolchain, TRIPLE, cache)
    folder = sysroots.build(toolchain, TRIPLE, cache, has_std=True)
    assert folder == sysroots.folder(toolchain, TRIPLE, cache)
    assert sysroots.is_built(toolchain, TRIPLE, cache)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert files == [f"lib/rustlib/{TRIPLE}/lib/lib{name}.rlib" for name in ("core-1", "std-2")]


def test_nothing_else_is_left_in_the_cache(pretend):
    folder = sysroots.build(kit(pretend), TRIPLE, pretend.machine.cache, has_std=True)
    assert [path.name for path in folder.parent.iterdir()] == [TRIPLE]


def test_a_second_call_builds_nothing(pretend):
    toolchain = kit(pretend)
    for _ in range(2):
        sysroots.build(toolchain, TRIPLE, pretend.machine.cache, has_std=True)
    assert (pretend.root / "calls").read_text() == "\n"


@pytest.mark.parametrize(
    ("has_std", "crates", "features"),
    [(True, "std,panic_abort", "panic-unwind"), (False, "core,alloc", "compiler-builtins-mem")],
)
def test_cargo_builds_offline_from_the_crates_of_the_sources(pretend, has_std, crates, features):
    toolchain = kit(pretend)
    sysroots.build(toolchain, TRIPLE, pretend.machine.cache, has_std=has_std, jobs=3)
    words = (pretend.root / "words").read_text().splitlines()
    assert words[:7] == ["build", "--release", "--offline", "--target", TRIPLE, "--jobs", "3"]
    assert f"build-std={crates}" in words
    assert f"build-std-features={features}" in words
    assert f"source.library.directory={json.dumps(str(toolchain.sources / 'vendor'))}" in words


def test_the_users_flags_do_not_reach_the_library(pretend, monkeypatch):
    monkeypatch.setenv("CARGO_ENCODED_RUSTFLAGS", "-Copt-level=0")
    monkeypatch.setenv("CARGO_PROFILE_RELEASE_DEBUG", "2")
    toolchain = kit(pretend)
    sysroots.build(toolchain, TRIPLE, pretend.machine.cache, has_std=True)
    environment = (pretend.root / "environment").read_text().splitlines()
    assert "CARGO_ENCODED_RUSTFLAGS=" + "\x1f".join(sysroots.FLAGS) in environment
    assert f"RUSTC={toolchain.rustc}" in environment
    assert "RUSTC_BOOTSTRAP=1" in environment
    assert "CARGO_PROFILE_RELEASE_DEBUG=0" in environment


@pytest.mark.parametrize(
    ("cargo", "reason"),
    [
        ("echo noise; echo 'error: no such crate'; exit 101", "error: no such crate"),
        ("exit 3", "cargo ended with status 3"),
    ],
)
def test_a_library_that_does_not_compile_is_refused_and_leaves_nothing(pretend, cargo, reason):
    toolchain = kit(pretend, cargo)
    with pytest.raises(DeviceError) as caught:
        sysroots.build(toolchain, TRIPLE, pretend.machine.cache, has_std=True)
    assert (caught.value.code, caught.value.detail["reason"]) == ("targets.missing", reason)
    assert str(caught.value).endswith(f"for {TRIPLE}: `{reason}`")
    assert not list(sysroots.folder(toolchain, TRIPLE, pretend.machine.cache).parent.iterdir())


def test_a_toolchain_without_sources_is_refused(pretend):
    pretend.rustup()
    toolchain = toolchains(pretend.machine)[0]
    with pytest.raises(DeviceError, match="sources of the standard library are not installed") as caught:
        sysroots.build(toolchain, TRIPLE, pretend.machine.cache, has_std=True)
    assert caught.value.code == "targets.missing"


def test_compiler_lock_and_flags_decide_the_folder(pretend, monkeypatch):
    first = sysroots.folder(kit(pretend), TRIPLE, pretend.machine.cache)
    assert first.parent.name.startswith("1.96.0-")
    lock = pretend.root / "usr/lib/rustlib/src/rust/library/Cargo.lock"
    lock.write_text("version = 4\n")
    second = sysroots.folder(toolchains(pretend.machine)[0], TRIPLE, pretend.machine.cache)
    rustc = pretend.root / "usr/bin/rustc"
    rustc.write_text(rustc.read_text().replace("rustc 1.96.0", "rustc 1.96.0 (another commit)"))
    third = sysroots.folder(toolchains(pretend.machine)[0], TRIPLE, pretend.machine.cache)
    monkeypatch.setattr(sysroots, "FLAGS", ())
    fourth = sysroots.folder(toolchains(pretend.machine)[0], TRIPLE, pretend.machine.cache)
    assert len({first, second, third, fourth}) == 4
