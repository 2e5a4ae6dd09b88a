"""Translate folders of public Python programs, and say how many answer as CPython did.

Enters: folders of cases (`case.json`, `stdout`, `main.py`; scripts outside this repository make them from public ones).
Leaves: `docs/reference/corpora.md`, and the verdict on each case in `benchmarks/depyler_corpora/results/<folder>.json`.
Nothing of the programs is kept. No test needs this; `--every 3` judges each third case, and the page says so.
"""

from __future__ import annotations

import argparse
import collections
import datetime as dt
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]


from measure import machine  # noqa: E402

from sovereign.migration.depyler import translate  # noqa: E402
from sovereign.migration.rust import Built, Job, compile_together, support_library  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.errors import SovereignError

RESULTS = ROOT / "benchmarks" / "depyler_corpora" / "results"
PAGE = ROOT / "docs" / "reference" / "corpora.md"
TRANSLATION_S = 60
RUN_S = 20
REASONS = 15
OUTCOMES = ("same", "wrong", "rejected", "refused", "crashed")
MEANING = {
    "same": "same output and exit code",
    "wrong": "compiles, and answers differently: a defect",
    "rejected": "translated, but rustc refuses it: a defect",
    "refused": "refused with file, line and reason",
    "crashed": "the translator failed or took over a minute: a defect",
}


@dataclass(frozen=True)
class Case:
    """One run of a program, with what CPython gave."""

    folder: Path
    argv: tuple[str, ...]
    exit_code: int

    @property
    def source(self) -> Path:
        """The program."""
        return self.folder / "main.py"


@dataclass(frozen=True)
class Made:
    """A program translated: its Rust, or why there is none."""

    text: str
    outcome: str
    detail: str


def cases(folder: Path, every: int) -> list[Case]:
    """The cases of a folder, or each so many of them."""
    found = []
    for case in sorted(path.parent for path in folder.glob("*/main.py"))[::every]:
        facts = json.loads((case / "case.json").read_text())
        found.append(Case(case, tuple(facts["argv"]), facts["exit_code"]))
    return found


def _translated(source: str) -> Made:
    """Translate one program; this runs in a process of its own."""
    try:
        made = translate(source, "main.py", inline=False)
    except BaseException as error:  # noqa: BLE001 - whatever the translator does is a verdict
        return Made("", "crashed", f"{type(error).__name__}: {error}"[:300])
    if made.refused:
        first = made.diagnostics[0]
        return Made("", "refused", f"{getattr(first.span, 'line', 0)}: {first.message}")
    return Made(made.text, "", "")


def translate_all(sources: list[str], workers: int) -> list[Made]:
    """Translate programs, each for a minute at most."""
    context = multiprocessing.get_context("fork")
    with context.Pool(workers, maxtasksperchild=20) as pool:
        waiting = [pool.apply_async(_translated, (source,)) for source in sources]
        found = []
        for each in waiting:
            try:
                found.append(each.get(TRANSLATION_S))
            except multiprocessing.TimeoutError:
                found.append(Made("", "crashed", f"no translation after {TRANSLATION_S} s"))
        pool.terminate()
    return found


def judge(found: list[Case], workers: int) -> list[dict[str, str]]:
    """A verdict a case; a program that several cases share is translated and compiled once."""
    texts = {case: case.source.read_text(encoding="utf-8") for case in found}
    unique = sorted(set(texts.values()))
    made = dict(zip(unique, translate_all(unique, workers), strict=True))
    with tempfile.TemporaryDirectory() as folder:
        jobs = {source: _job(source, Path(folder), each.text) for source, each in made.items() if each.text}
        built = dict(zip(jobs, compile_together(list(jobs.values()), workers=workers), strict=True))
        with ThreadPoolExecutor(max_workers=workers) as pool:
            verdicts = pool.map(lambda case: _verdict(case, made[texts[case]], built.get(texts[case])), found)
            return [
                {"case": case.folder.name, "program": _digest(texts[case]), "outcome": outcome, "detail": detail}
                for case, (outcome, detail) in zip(found, verdicts, strict=True)
            ]


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def _job(source: str, folder: Path, text: str) -> Job:
    return Job(text, folder / _digest(source), externs=(("support", support_library()),), uses_cache=False)


def _verdict(case: Case, made: Made, built: Built | SovereignError | None) -> tuple[str, str]:
    if built is None:
        return made.outcome, made.detail
    if not isinstance(built, Built):
        return "rejected", str(built).splitlines()[0][:300]
    with _work(case) as work:
        environment = {"PATH": os.environ["PATH"], "HOME": str(work), "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80"}
        try:
            run = subprocess.run(
                [str(built.path), *case.argv],
                cwd=work,
                env=environment,
                capture_output=True,
                check=False,
                timeout=RUN_S,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return "wrong", f"no end after {RUN_S} s, not optimised"
    expected = (case.folder / "stdout").read_bytes()
    if (run.stdout, run.returncode) == (expected, case.exit_code):
        return "same", ""
    return "wrong", _difference(run.stdout, expected, run.returncode, case.exit_code)


@contextmanager
def _work(case: Case) -> Iterator[Path]:
    """A copy of the files of a case, for the program to run in."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "work")
        shutil.copytree(case.folder, work, ignore=shutil.ignore_patterns("case.json", "stdout"))
        yield work


def _difference(got: bytes, expected: bytes, code: int, wanted: int) -> str:
    pairs = zip(got.split(b"\n"), expected.split(b"\n"), strict=False)
    first = next(((a, b) for a, b in pairs if a != b), (b"", b""))
    return f"exit {code} for {wanted}; {first[0][:80]!r} for {first[1][:80]!r}"


def reason_of(detail: str) -> str:
    """The kind of a refusal: its reason without the line and without names."""
    _, _, text = detail.partition(": ")
    return text[:100]


def summary(name: str, every: int, rows: list[dict[str, str]]) -> dict[str, object]:
    """The funnel of one folder."""
    outcomes = collections.Counter(row["outcome"] for row in rows)
    programs: dict[str, set[str]] = {}
    for row in rows:
        programs.setdefault(row["program"], set()).add(row["outcome"])
    reasons = collections.Counter(reason_of(row["detail"]) for row in rows if row["outcome"] == "refused")
    return {
        "corpus": name,
        "every": every,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": machine(),
        "cases": len(rows),
        "programs": len(programs),
        "programs_same": sum(found == {"same"} for found in programs.values()),
        "outcomes": {outcome: outcomes[outcome] for outcome in OUTCOMES},
        "reasons": dict(reasons.most_common(REASONS)),
        "rows": rows,
    }


def page(results: list[dict[str, object]]) -> str:
    """The page of all folders that were ever judged here."""
    lines = [
        "# Public Python programs",
        "",
        "<!-- Generated by `tools/corpus_report.py`. -->",
        "",
        "Programs that others wrote, translated as they are: each is compiled, run with the arguments of its case,",
        "and its output and exit code compared with CPython 3.11's. Nothing of them stands in this repository.",
        "",
        "Once the folders of cases are there, `python tools/corpus_report.py FOLDER... [--every 3]` judges them and",
        "writes this page. `python tools/py2many_cases.py GITDIR FOLDER` makes that of py2many from its repository.",
        "",
        *[f"- {outcome}: {meaning}." for outcome, meaning in MEANING.items()],
        "",
        "| corpus | date | cases | translated | compiled | same | wrong | refused | crashed | programs all the same |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(result) for result in results]
    for result in results:
        share = "every case" if result["every"] == 1 else f"one case in {result['every']}"
        reasons = result["reasons"]
        assert isinstance(reasons, dict)
        lines += [
            "",
            f"## {result['corpus']}",
            "",
            f"Judged: {share}. Why programs are refused, by their first reason:",
            "",
        ]
        lines += [f"- {count}: {reason}" for reason, count in reasons.items()]
    return "\n".join(lines) + "\n"


def _row(result: dict[str, object]) -> str:
    outcomes = result["outcomes"]
    assert isinstance(outcomes, dict)
    total = int(str(result["cases"]))
    translated = total - outcomes["refused"] - outcomes["crashed"]
    compiled = translated - outcomes["rejected"]
    same = f"{outcomes['same']} ({100 * outcomes['same'] / max(total, 1):.0f} %)"
    wholly = f"{result['programs_same']} of {result['programs']}"
    cells = [result["corpus"], result["date"], total, translated, compiled, same]
    cells += [outcomes["wrong"], outcomes["refused"], outcomes["crashed"], wholly]
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> int:
    """Judge the folders given, and write the page of all results that are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--every", type=int, default=1, help="judge one case in so many")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    for folder in options.folders:
        rows = judge(cases(folder, options.every), options.workers)
        found = summary(folder.name, options.every, rows)
        (RESULTS / f"{folder.name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        print(found["corpus"], found["outcomes"], flush=True)
    kept = [json.loads(path.read_text()) for path in sorted(RESULTS.glob("*.json"))]
    PAGE.write_text(page(kept), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
