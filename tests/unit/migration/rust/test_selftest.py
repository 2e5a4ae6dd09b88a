from __future__ import annotations

import pytest

from sovereign.migration.rust import selftest
from sovereign.migration.rust.targets import TARGETS
from sovereign.shell.selftest import State

HOST = "x86_64-unknown-linux-gnu"
# Stands in for rustc: writes the file that `-o` names.
COMPILES = """
if [ "$1" = --print ]; then echo "{root}/rustup"; exit; fi
if [ "$1" = -vV ]; then printf "release: 1.96.0\\nhost: x86_64-unknown-linux-gnu\\n"; exit; fi
for word; do output="$word"; done
{end}
"""


def evidence(pretend, triple: str):
    found = {line.check: line for line in selftest.run(pretend.machine)}
    assert list(found) == [target.triple for target in TARGETS]
    return found[triple]


def test_a_missing_target_is_absent_with_the_command_that_brings_it(pretend):
    line = evidence(pretend, "wasm32-unknown-unknown")
    assert line.state is State.ABSENT
    assert line.fix == "rustup target add wasm32-unknown-unknown"


def test_a_target_that_compiles_is_ok_with_what_was_seen(pretend):
    pretend.rustup()
    pretend.program("rustc", COMPILES.format(root=pretend.root, end='printf 1234 > "$output"'))
    line = evidence(pretend, HOST)
    assert line.state is State.OK
    assert line.evidence.startswith("rustc 1.96.0 of rustup, compiled a program of 4 bytes in ")


def test_a_target_that_does_not_compile_is_broken(pretend):
    pretend.rustup()
    pretend.program("rustc", COMPILES.format(root=pretend.root, end="echo 'error: no linker' >&2; exit 1"))
    line = evidence(pretend, HOST)
    assert (line.state, line.fix) == (State.BROKEN, "make targets")
    assert "error: no linker" in line.evidence


def test_a_cold_linker_is_not_waited_for(pretend):
    sysroot = pretend.rustup()
    pretend.zig()
    pretend.library("aarch64-unknown-linux-musl", sysroot)
    pretend.program("rustc", COMPILES.format(root=pretend.root, end="exit 1"))
    line = evidence(pretend, "aarch64-unknown-linux-musl")
    assert (line.state, line.fix) == (State.ABSENT, "make targets")
    assert line.evidence == "rustc 1.96.0 of rustup, not measured: nothing was linked yet"


@pytest.mark.timeout(300)
@pytest.mark.requires("rust")
def test_no_target_of_this_machine_is_broken():
    assert [line for line in selftest.run() if line.state is State.BROKEN] == []
