from __future__ import annotations

import subprocess

import pytest

from sovereign.diagnostic import Span
from sovereign.errors import SourceError
from sovereign.migration.rust import batch
from sovereign.migration.rust.batch import compile_together
from sovereign.migration.rust.build import Built, Job, Training
from sovereign.migration.rust.findings import SourceMap
from sovereign.migration.rust.library import HEADER, support_library

# The first test compiles the support module, which a busy machine takes its time for.
pytestmark = pytest.mark.timeout(300)

SAY = 'fn main() {\n    run_main(|| {\n        say!("NUMBER");\n        Ok(())\n    });\n}\n'
ECHO = """fn main() {
    println!("{:?}", std::env::args().skip(1).collect::<Vec<_>>());
    std::process::exit(NUMBER);
}
"""
LINES = tuple(range(10, 20))


def job(folder, number: int, text: str, **how) -> Job:
    externs = (("support", support_library()),)
    body = HEADER + text.replace("NUMBER", str(number))
    return Job(body, folder / f"program{number}", externs=externs, origin=SourceMap(f"{number}.py", LINES), **how)


def run(built: Built, *arguments: str) -> tuple[str, int]:
    finished = subprocess.run([built.path, *arguments], capture_output=True, text=True, check=False)
    return finished.stdout, finished.returncode


def test_programs_that_are_compiled_together_stay_apart(tmp_path):
    jobs = [job(tmp_path, number, SAY if number % 2 else ECHO) for number in range(6)]
    found = compile_together(jobs, workers=1)
    assert [answer.path for answer in found] == [each.output for each in jobs]
    assert len({answer.path.stat().st_ino for answer in found}) == 1
    assert run(found[3]) == ("3\n", 0)
    assert run(found[4], "a", "b") == ('["a", "b"]\n', 4)


def test_a_program_that_is_refused_does_not_take_the_others_with_it(tmp_path):
    texts = [SAY, "fn main() {\n    missing(NUMBER);\n}\n", SAY, "fn main() {\n    let x: i64 = NUMBER.0;\n}\n", SAY]
    found = compile_together([job(tmp_path, number, text) for number, text in enumerate(texts)], workers=1)
    assert [type(answer) for answer in found] == [Built, SourceError, Built, SourceError, Built]
    assert [run(found[number])[0] for number in (0, 2, 4)] == ["0\n", "2\n", "4\n"]
    (finding,) = found[1].diagnostics
    assert (finding.span.line, finding.labels[0].span) == (4, Span("1.py", 13, 1, 13, 1))
    assert str(found[1]).startswith("rustc refuses the program at program.rs:4, from 1.py:13: cannot find function")


def test_what_cannot_be_moved_is_compiled_alone(tmp_path):
    alone = 'mod inner { pub const ANSWER: i64 = NUMBER; }\nfn main() { println!("{}", crate::inner::ANSWER) }\n'
    jobs = [job(tmp_path, 0, SAY), job(tmp_path, 1, alone), job(tmp_path, 2, SAY)]
    found = compile_together(jobs)
    assert [run(answer)[0] for answer in found] == ["0\n", "1\n", "2\n"]
    assert found[0].path.stat().st_ino != found[1].path.stat().st_ino


def test_outputs_of_one_name_are_compiled_alone(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    found = compile_together([job(tmp_path / "a", 1, SAY), job(tmp_path / "b", 1, ECHO)])
    assert [run(answer) for answer in found] == [("1\n", 0), ("[]\n", 1)]


def test_a_trained_program_is_compiled_alone(tmp_path, monkeypatch):
    seen = []

    def attempt(job: Job) -> SourceError:
        seen.append(job.output.name)
        return SourceError("rust.rejected", "", diagnostics=())

    monkeypatch.setattr(batch, "attempt", attempt)
    compile_together([job(tmp_path, 0, SAY, training=(Training(),)), job(tmp_path, 1, SAY, training=(Training(),))])
    assert sorted(seen) == ["program0", "program1"]


def test_no_job_has_no_answer():
    assert compile_together([]) == []
