from __future__ import annotations

import subprocess
import time
from dataclasses import replace

import pytest

from sovereign.errors import SourceError
from sovereign.migration.rust.build import Job, compile_program
from sovereign.migration.rust.library import HEADER, support_library

# The first test compiles the support module, which a busy machine takes its time for.
pytestmark = pytest.mark.timeout(300)


def test_a_program_is_linked_with_the_compiled_support_module(tmp_path):
    program = (
        HEADER + 'fn main() {\n    run_main(|| {\n        say!("{}", repr(&text!("a")));\n        Ok(())\n    });\n}\n'
    )
    library = support_library()
    assert support_library() == library
    job = Job(program, tmp_path / "program", externs=(("support", library),))
    compile_program(job)
    started = time.monotonic()
    built = compile_program(replace(job, uses_cache=False))
    assert subprocess.run([built.path], capture_output=True, text=True, check=True).stdout == "'a'\n"
    assert time.monotonic() - started < 10  # 0.2 s on an idle machine


def test_a_support_module_that_does_not_compile_is_refused(tmp_path):
    (tmp_path / "lib.rs").write_text("pub fn f() -> Nothing {}\n")
    with pytest.raises(SourceError):
        support_library(folder=tmp_path)
