"""Native programs that are kept: found while they stand for their files, and never run when they do not."""

from __future__ import annotations

import fcntl
import subprocess
from pathlib import Path

import pytest

from sovereign.migration.ruchy import native_cache

# A program is compiled with optimisation and with the whole of the support module that it needs.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def program(tmp_path):
    (tmp_path / "numbers.ruchy").write_text("fun double(x) { x * 2 }\n")
    path = tmp_path / "main.ruchy"
    path.write_text("from numbers import double\nprintln(double(21), env_args())\n")
    return path


def output(native: Path | None, *words: str) -> str:
    assert native is not None
    return subprocess.run([native, *words], capture_output=True, text=True, check=True).stdout


def test_a_native_program_stands_for_a_file_until_one_of_its_files_changes(program, tmp_path):
    assert native_cache.find(str(program)) == (False, None)
    native = native_cache.build(str(program))
    assert native_cache.find(str(program)) == (True, native)
    assert output(native, "a b") == '42 ["a b"]\n'
    module = tmp_path / "numbers.ruchy"
    before = module.read_text()
    module.write_text("fun double(x) { x + x + 1 }\n")
    assert native_cache.find(str(program)) == (False, None)
    module.write_text(before)
    assert native_cache.find(str(program)) == (True, native)
    assert native is not None
    native.write_bytes(native.read_bytes()[:100])
    assert native_cache.find(str(program)) == (False, None)


def test_a_program_that_is_not_compiled_is_looked_at_once(program):
    program.write_text('println(df!["a" => [1]])\n')
    assert native_cache.build(str(program)) is None
    assert native_cache.find(str(program)) == (True, None)


def test_a_program_with_errors_leaves_no_record(program):
    program.write_text("println(\n")
    assert native_cache.build(str(program)) is None
    assert native_cache.find(str(program)) == (False, None)


def test_a_build_that_fails_leaves_nothing_that_could_be_run(program, cache, monkeypatch):
    def fails(_job):
        raise OSError

    monkeypatch.setattr("sovereign.migration.rust.compile_program", fails)
    with pytest.raises(OSError):
        native_cache.build(str(program))
    assert native_cache.find(str(program)) == (False, None)
    assert not [path for path in cache.rglob("*") if path.is_file() and "native" in path.parts]


def test_one_build_goes_on_at_a_time(program, cache, monkeypatch):
    monkeypatch.setattr(native_cache.os, "nice", lambda _step: 0)
    place = cache / "ruchy" / "build.lock"
    place.parent.mkdir(parents=True)
    with place.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        native_cache.build_alone(str(program))
    assert native_cache.find(str(program)) == (False, None)


@pytest.mark.parametrize(("given", "wanted"), [("wait", "wait"), ("off", "off"), ("odd", "background"), (None, "background")])
def test_the_environment_says_when_to_build(given, wanted, monkeypatch):
    monkeypatch.delenv("RUCHY_BUILD", raising=False)
    if given is not None:
        monkeypatch.setenv("RUCHY_BUILD", given)
    assert native_cache.wanted() == wanted
