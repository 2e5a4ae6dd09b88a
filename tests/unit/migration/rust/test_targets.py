from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sovereign.errors import DeviceError, NotFound
from sovereign.migration.rust import linkers, sysroots
from sovereign.migration.rust.targets import TARGETS, Lack, Missing, Recipe, find, host, require, target_named
from sovereign.migration.rust.toolchains import toolchains

if TYPE_CHECKING:
    from pathlib import Path

HOST = "x86_64-unknown-linux-gnu"
WASM = "wasm32-unknown-unknown"
ARM = "aarch64-unknown-linux-gnu"
MUSL = "aarch64-unknown-linux-musl"
BARE = "thumbv7em-none-eabihf"


def recipe(pretend, triple: str) -> Recipe:
    answer = find(triple, pretend.machine)
    assert isinstance(answer, Recipe), answer
    return answer


def missing(pretend, triple: str) -> Missing:
    answer = find(triple, pretend.machine)
    assert isinstance(answer, Missing), answer
    return answer


def built(pretend, triple: str) -> Path:
    toolchain = next(kit for kit in toolchains(pretend.machine) if kit.sources)
    folder = sysroots.folder(toolchain, triple, pretend.machine.cache)
    folder.mkdir(parents=True)
    return folder


def test_unknown_target_is_refused_with_the_nearest_names(pretend):
    with pytest.raises(NotFound) as caught:
        find("wasm33-unknown-unknown", pretend.machine)
    assert caught.value.code == "targets.unknown"
    assert caught.value.detail["nearest"][0] == WASM
    assert str(caught.value).endswith(f"did you mean `{WASM}`: `wasm33-unknown-unknown`")


def test_a_name_like_no_other_gets_no_suggestion(pretend):
    with pytest.raises(NotFound) as caught:
        find("Ω", pretend.machine)
    assert caught.value.detail["nearest"] == []
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("triple", [target.triple for target in TARGETS])
def test_every_target_is_missing_when_there_is_no_toolchain(pretend, triple):
    answer = missing(pretend, triple)
    assert answer.lack is Lack.TOOLCHAIN
    assert answer.reason == "no Rust toolchain of version 1.85 or newer was found"
    assert answer.command == f"rustup target add {triple}"


def test_rustup_alone_is_told_to_add_the_target(pretend):
    pretend.rustup()
    pretend.program("apt-get")
    answer = missing(pretend, WASM)
    assert (answer.lack, answer.command) == (Lack.LIBRARY, f"rustup target add {WASM}")


def test_rustups_installed_target_is_built_with_its_own_library(pretend):
    sysroot = pretend.rustup()
    pretend.library(WASM, sysroot)
    lld = pretend.program("rust-lld", folder=f"rustup/lib/rustlib/{HOST}/bin")
    answer = recipe(pretend, WASM)
    assert (answer.origin, answer.version, answer.sysroot, answer.linker) == ("rustup", "1.96.0", None, lld)
    assert answer.flags == (f"-Clinker={lld}",)
    assert answer.arguments == ("--target", WASM, "--offline")


def test_a_microcontroller_needs_no_std(pretend):
    pretend.lld()
    sysroot = pretend.rustup()
    pretend.library(BARE, sysroot, "core", "alloc")
    pretend.library(WASM, sysroot, "core", "alloc")
    assert recipe(pretend, BARE).sysroot is None
    assert missing(pretend, WASM).lack is Lack.LIBRARY


def test_a_musl_host_links_as_its_toolchain_does(pretend):
    pretend.rustup(host="x86_64-unknown-linux-musl")
    assert recipe(pretend, "x86_64-unknown-linux-musl").flags == ()


def test_the_host_needs_neither_library_nor_linker_of_ours(pretend):
    pretend.rustup()
    answer = recipe(pretend, HOST)
    assert (answer.sysroot, answer.linker, answer.flags) == (None, None, ())
    assert host(pretend.machine) == HOST


def test_zig_links_for_the_host_where_no_c_compiler_is(pretend):
    pretend.rustup()
    (pretend.root / "path/cc").unlink()
    answer = missing(pretend, HOST)
    assert (answer.lack, answer.command) == (Lack.DRIVER, "apt-get install -y gcc libc6-dev")
    pretend.zig()
    assert recipe(pretend, HOST).linker == linkers.zig_linker(HOST, pretend.machine)


def test_an_installed_debian_toolchain_is_completed_by_our_command(pretend):
    pretend.debian()
    (pretend.root / "path/apt-get").unlink()
    assert missing(pretend, WASM).command == f"python3 -m sovereign.migration.rust.debian --only {WASM}"


def test_a_bare_debian_machine_is_sent_to_our_command(pretend):
    pretend.program("apt-get")
    assert missing(pretend, WASM).command == f"python3 -m sovereign.migration.rust.debian --only {WASM}"


def test_there_is_no_host_without_a_toolchain(pretend):
    assert host(pretend.machine) is None


def test_debians_library_is_named_as_unbuilt_when_only_its_sources_are_there(pretend):
    pretend.debian()
    pretend.lld()
    answer = missing(pretend, WASM)
    assert answer.lack is Lack.BUILD
    assert answer.command == f"python3 -m sovereign.migration.rust.debian --only {WASM}"


def test_a_checkout_names_its_own_tool(pretend):
    pretend.debian()
    pretend.project()
    assert missing(pretend, WASM).command == f"python3 tools/targets_for_debian.py --only {WASM}"


def test_debian_without_sources_lacks_the_library(pretend):
    pretend.debian(sources=False)
    assert missing(pretend, MUSL).lack is Lack.LIBRARY


def test_debian_serves_what_rustup_lacks(pretend):
    pretend.rustup()
    pretend.debian()
    pretend.lld()
    assert missing(pretend, WASM).command.endswith(f"sovereign.migration.rust.debian --only {WASM}")
    folder = built(pretend, WASM)
    answer = recipe(pretend, WASM)
    assert (answer.origin, answer.sysroot) == ("debian", folder)
    assert answer.rustc == pretend.root / "usr/bin/rustc"
    assert answer.cargo == pretend.root / "usr/bin/cargo"


def test_rustup_comes_first_when_both_have_the_target(pretend):
    pretend.library(WASM, pretend.rustup())
    pretend.debian()
    pretend.lld()
    built(pretend, WASM)
    assert recipe(pretend, WASM).origin == "rustup"


def test_a_built_library_is_told_to_rustc_and_cargo(pretend):
    pretend.debian()
    pretend.lld()
    folder = built(pretend, BARE)
    answer = recipe(pretend, BARE)
    lld = pretend.root / "path/rust-lld"
    assert answer.flags == ("--sysroot", str(folder), f"-Clinker={lld}")
    assert answer.environment == {
        "RUSTC": str(pretend.root / "usr/bin/rustc"),
        "CARGO_ENCODED_RUSTFLAGS": f"--sysroot\x1f{folder}\x1f-Clinker={lld}",
    }
    assert answer.compile_command("a.rs")[:3] == [str(answer.rustc), "--target", BARE]
    assert answer.compile_command("a.rs")[-1] == "a.rs"
    words = answer.build_command("--release")
    assert words == [str(answer.cargo), "build", "--target", BARE, "--offline", "--release"]


def test_bare_targets_lack_a_linker_without_lld(pretend):
    pretend.debian()
    built(pretend, BARE)
    assert missing(pretend, BARE).lack is Lack.LLD


def test_linux_targets_lack_a_linker_without_zig(pretend):
    pretend.debian()
    built(pretend, MUSL)
    answer = missing(pretend, MUSL)
    assert (answer.lack, answer.command) == (Lack.ZIG, "python3 -m pip install ziglang")


def test_musl_programs_are_static_and_linked_by_zig(pretend):
    pretend.debian()
    pretend.zig()
    built(pretend, MUSL)
    answer = recipe(pretend, MUSL)
    assert answer.linker == linkers.zig_linker(MUSL, pretend.machine)
    assert answer.flags[-2:] == ("-Clink-self-contained=no", "-Ctarget-feature=+crt-static")


def test_another_linker_keeps_the_rest_of_the_recipe(pretend):
    pretend.rustup()
    answer = recipe(pretend, HOST).linked_by(pretend.root / "ld")
    assert answer.flags == (f"-Clinker={pretend.root}/ld",)
    assert answer.target == target_named(HOST)


def test_the_vendor_folder_is_used_when_it_fits_the_lock(pretend):
    pretend.rustup()
    project = pretend.project()
    from sovereign.migration.rust import vendor

    vendor.folder(project, pretend.machine.cache).mkdir(parents=True)
    assert recipe(pretend, HOST).arguments[2:] == vendor.arguments(project, pretend.machine.cache)


def test_require_hands_on_the_recipe(pretend):
    pretend.rustup()
    assert require(HOST, pretend.machine) == recipe(pretend, HOST)


def test_require_refuses_with_reason_and_command(pretend):
    pretend.rustup()
    with pytest.raises(DeviceError) as caught:
        require(ARM, pretend.machine)
    assert caught.value.code == "targets.missing"
    assert caught.value.detail["reason"] == "its standard library is not installed"
    assert str(caught.value) == (
        f"{ARM} cannot be built here because its standard library is not installed, "
        f"bring it with: `rustup target add {ARM}`"
    )


def test_finding_writes_nothing_but_linker_scripts(pretend):
    pretend.debian()
    pretend.zig()
    pretend.lld()
    for target in TARGETS:
        find(target.triple, pretend.machine)
    files = [path for path in pretend.machine.cache.rglob("*") if path.is_file()]
    assert {path.relative_to(pretend.machine.cache).parts[0] for path in files} <= {"linkers"}


def test_importing_starts_no_program():
    trap = "import sys; sys.addaudithook(lambda e, a: e == 'subprocess.Popen' and sys.exit(7))"
    command = [sys.executable, "-c", f"{trap}; import sovereign.migration.rust, sovereign.migration.rust.selftest"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run(command, check=False, env=environment).returncode == 0
