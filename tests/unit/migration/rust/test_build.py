from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from sovereign.diagnostic import Span
from sovereign.errors import DeviceError, SourceError
from sovereign.migration.rust import build
from sovereign.migration.rust.build import Built, Job, Profile, Training, compile_many, compile_program, compile_project
from sovereign.migration.rust.findings import SourceMap, refused
from sovereign.migration.rust.project import write_project

HELLO = 'fn main() {\n    println!("{}", std::env::args().count() * 42);\n}\n'
WRONG = 'fn main() {\n    let x: i64 = "a";\n    y();\n}\n'


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))


def answer(built: Built, *arguments: str) -> str:
    return subprocess.run([built.path, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("profile", Profile)
def test_a_program_is_compiled_with_every_profile(tmp_path, profile):
    built = compile_program(Job(HELLO, tmp_path / "hello", profile))
    assert answer(built, "a") == "84\n"
    assert built.size_bytes == (tmp_path / "hello").stat().st_size
    assert built.command[0].endswith("rustc")


def test_the_same_text_is_compiled_once(tmp_path):
    job = Job(HELLO, tmp_path / "hello")
    first = compile_program(job)
    again = compile_program(replace(job, output=tmp_path / "again"))
    assert (first.is_cached, again.is_cached) == (False, True)
    assert answer(again) == "42\n"
    assert not compile_program(replace(job, text=f"{HELLO}\n")).is_cached
    assert not compile_program(replace(job, profile=Profile.SIZE)).is_cached
    assert not compile_program(replace(job, uses_cache=False)).is_cached


def test_what_rustc_refuses_is_one_error_with_the_line_of_the_source(tmp_path):
    job = Job(WRONG, tmp_path / "wrong", origin=SourceMap("wrong.py", (None, 11, 12, None)))
    with pytest.raises(SourceError) as caught:
        compile_program(job)
    error = caught.value
    assert error.code == "rust.rejected"
    assert str(error).startswith("rustc refuses the program at program.rs:")
    places = {each.span.line: each.labels[0].span for each in error.diagnostics}
    assert places == {2: Span("wrong.py", 11, 1, 11, 1), 3: Span("wrong.py", 12, 1, 12, 1)}
    assert not (tmp_path / "wrong").exists()


def test_a_line_without_a_source_has_no_label(tmp_path):
    with pytest.raises(SourceError) as caught:
        compile_program(Job("fn main() { y() }", tmp_path / "wrong"))
    (finding,) = caught.value.diagnostics
    assert finding.labels == ()
    assert "E0425" in finding.message


def test_what_the_linker_refuses_is_an_error_too(tmp_path):
    text = 'unsafe extern "C" { fn nowhere_to_be_found(); }\nfn main() { unsafe { nowhere_to_be_found() } }\n'
    with pytest.raises(SourceError) as caught:
        compile_program(Job(text, tmp_path / "wrong"))
    assert "linking with" in str(caught.value)


def test_words_without_a_form_are_kept():
    error = refused([{"level": "warning", "message": "w"}], SourceMap(), "ice\nthread panicked\n")
    assert str(error) == "rustc refuses the program: thread panicked"


def test_a_compiler_that_takes_too_long_is_stopped(tmp_path):
    with pytest.raises(DeviceError) as caught:
        compile_program(Job(HELLO, tmp_path / "hello", timeout_s=0.001))
    assert caught.value.code == "rust.compiler"


def test_many_programs_are_compiled_and_each_has_its_answer(tmp_path):
    texts = [HELLO, WRONG, HELLO.replace("42", "43")]
    jobs = [Job(text, tmp_path / f"program{number}") for number, text in enumerate(texts)]
    one, two, three = compile_many(jobs, workers=2)
    assert answer(one) == "42\n"
    assert isinstance(two, SourceError)
    assert answer(three) == "43\n"


def test_a_bare_program_is_compiled_without_the_standard_library(tmp_path):
    text = (
        "#![no_std]\n#![no_main]\n#[panic_handler]\nfn panic(_: &core::panic::PanicInfo) -> ! { loop {} }\n"
        '#[no_mangle]\npub extern "C" fn _start() -> ! { loop {} }\n'
    )
    built = compile_program(Job(text, tmp_path / "bare", Profile.SIZE, is_bare=True))
    assert built.size_bytes < 20_000


def test_a_program_runs_its_training_and_the_records_are_merged(tmp_path, monkeypatch):
    """The tool of this machine need not fit its compiler, so that one stands in which only notes what it is given."""
    tool = tmp_path / "profdata"
    tool.write_text(f'#!/bin/sh\nls "$4" > {tmp_path}/given\nexit 1\n')
    tool.chmod(0o755)
    monkeypatch.setattr(build, "_mergers", lambda _: [str(tool)])
    with pytest.raises(DeviceError) as caught:
        compile_program(Job(HELLO, tmp_path / "hello", training=(Training(("a",)), Training(stdin=b"x"))))
    assert caught.value.code == "rust.training"
    assert ".profraw" in (tmp_path / "given").read_text()


def test_a_training_run_that_dies_is_an_error(tmp_path):
    text = "fn main() {\n    std::process::abort()\n}\n"
    with pytest.raises(DeviceError) as caught:
        compile_program(Job(text, tmp_path / "hello", training=(Training(),)))
    assert str(caught.value) == "a training run was ended by signal 6"


def test_a_project_is_written_and_built(tmp_path):
    folder = tmp_path / "shapes"
    write_project(folder, "shapes", {"src/main.rs": "mod area;\nfn main() { area::say() }\n"})
    (folder / "src/area.rs").write_text('pub fn say() { println!("area") }\n')
    built = compile_project(folder, tmp_path / "program", profile=Profile.DEBUG)
    assert answer(built) == "area\n"
    (folder / "src/area.rs").write_text("pub fn say() { nothing() }\n")
    with pytest.raises(SourceError) as caught:
        compile_project(folder, tmp_path / "program", profile=Profile.DEBUG)
    assert "src/area.rs:1" in str(caught.value)
