"""Run public Ruchy programs with both engines, and say how many print what they should.

Enters: a folder of cases (`case.json`, `main.ruchy`, at times `expected.txt`; a script outside this repository makes
them from the repositories of the reference and its book). Leaves: `docs/reference/ruchy-corpus.md`, and the verdict on
each case in `benchmarks/ruchy_corpus/results/public.json`. Nothing of the programs is kept. No test needs this.
"""

from __future__ import annotations

import argparse
import base64
import collections
import datetime as dt
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from measure import machine  # noqa: E402

from sovereign.errors import SovereignError  # noqa: E402
from sovereign.migration.ruchy import World, check_text, formatted_text, run_file  # noqa: E402
from sovereign.migration.ruchy.compile_rust import compile_checked  # noqa: E402
from sovereign.migration.ruchy.stack import on_large_stack  # noqa: E402
from sovereign.migration.rust import Built, Job, compile_together, support_library  # noqa: E402

RESULTS = ROOT / "benchmarks" / "ruchy_corpus" / "results" / "public.json"
PAGE = ROOT / "docs" / "reference" / "ruchy-corpus.md"
PATIENCE_S = 30
STYLES = ("keep", "braces", "indent")
MARK = 2
BARS = {"run": 345, "compiled": 320}
"""How many cases have to print what they should, by engine."""
MEANING = {
    "right": "prints what the reference prints, or what its book says",
    "other": "prints something else; the reference may be wrong, as it is in what our language mends",
    "failed": "ends with an error",
    "refused": "the compiler says by name what it does not take",
    "rejected": "rustc refuses what the compiler wrote: a defect",
    "slow": "does not end in time",
}


@dataclass(frozen=True)
class Told:
    """What a program printed, and how it ended; `note` is a refusal or a last word."""

    output: str
    status: int
    note: str = ""


def main() -> int:
    """Judge, write, and answer whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    cases = sorted(path.parent for path in options.folder.glob("*/main.ruchy"))
    rows = judge(cases, options.workers)
    found = summary(rows)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(found), encoding="utf-8")
    print({engine: dict(counts) for engine, counts in found["engines"].items()}, "differ", len(found["differ"]))
    print("formatted", found["formatted"], "of", found["readable"])
    return 0 if is_met(found) else 1


def judge(cases: list[Path], workers: int) -> list[dict[str, object]]:
    """A verdict a case: both engines, and the run after `fmt`."""
    first = in_processes(cases, workers)
    with tempfile.TemporaryDirectory() as folder:
        second = compiled(cases, Path(folder), workers)
    rows = []
    for case in cases:
        run, formatted = first[case]
        native = second[case]
        both = native.status >= 0 and run.status >= 0
        rows.append(
            {
                "case": case.name,
                "run": verdict(case, run),
                "compiled": verdict(case, native),
                "note": run.note or native.note,
                "differs": both and (run.output, run.status) != (native.output, native.status),
                "formatted": formatted,
            }
        )
    return rows


# The first engine, each program in a process of its own.


def in_processes(cases: list[Path], workers: int) -> dict[Path, tuple[Told, str]]:
    """What the first engine says of each case, and what became of it under `fmt`."""
    context = multiprocessing.get_context("fork")
    with context.Pool(workers, maxtasksperchild=1) as pool:
        waiting = {case: pool.apply_async(first_engine, (case,)) for case in cases}
        found = {}
        for case, each in waiting.items():
            try:
                found[case] = each.get(4 * PATIENCE_S)
            except multiprocessing.TimeoutError:
                found[case] = (Told("", -1, "slow"), "slow")
        pool.terminate()
    return found


def first_engine(case: Path) -> tuple[Told, str]:
    """Run a program as it stands and in every layout."""
    text = (case / "main.ruchy").read_text(encoding="utf-8")
    plain = run_of(text)
    if plain.note.startswith("refused"):
        return plain, ""
    try:
        for style in STYLES:
            once = on_large_stack(partial(formatted_text, text, style=style))
            if on_large_stack(partial(formatted_text, once, style=style)) != once:
                return plain, f"`{style}` changes what it has formatted"
            again = run_of(once)
            if (again.output, again.status) != (plain.output, plain.status) and run_of(text) == plain:
                return plain, f"`{style}` changes what the program does"
    except SovereignError as error:
        return plain, str(error)[:200]
    return plain, "same"


def run_of(text: str) -> Told:
    """What a text does, in a folder of its own."""
    written: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("main.ruchy").write_text(text, encoding="utf-8")
        try:
            ending = run_file("main.ruchy", World(written.append, complain=lambda _text: None))
        except SovereignError as error:
            return Told("", 1, "refused: " + "; ".join(_messages(error))[:200])
        finally:
            os.chdir("/")
    return Told("".join(written), ending.status, ending.message or "")


def _messages(error: SovereignError) -> list[str]:
    return [str(getattr(each, "message", each)) for each in getattr(error, "diagnostics", ())] or [str(error)]


# The second engine.


def compiled(cases: list[Path], folder: Path, workers: int) -> dict[Path, Told]:
    """What the native program of each case says; a negative status where there is none."""
    found: dict[Path, Told] = {}
    jobs: dict[Path, Job] = {}
    for case in cases:
        try:
            made = on_large_stack(partial(rust_of, case))
        except SovereignError as error:
            found[case] = Told("", -1, "refused: " + "; ".join(_messages(error))[:200])
            continue
        if made.is_refused:
            found[case] = Told("", -1, f"refused: {made.diagnostics[0].message}")
        else:
            library = support_library(unwinds=True)
            output = folder / case.name
            jobs[case] = Job(made.text, output, externs=(("support", library),), uses_cache=False, unwinds=True)
    built = dict(zip(jobs, compile_together(list(jobs.values()), workers=workers), strict=True))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        found.update(zip(jobs, pool.map(lambda case: native_run(built[case]), jobs), strict=True))
    return found


def rust_of(case: Path) -> object:
    """The Rust of a case, without the support module."""
    text = (case / "main.ruchy").read_text(encoding="utf-8")
    return compile_checked(check_text(str(case / "main.ruchy"), text), inline=False)


def native_run(built: Built | SovereignError) -> Told:
    """What a native program does."""
    if not isinstance(built, Built):
        return Told("", -1, "rejected: " + "; ".join(_messages(built))[:200])
    with tempfile.TemporaryDirectory() as work:
        try:
            run = subprocess.run(
                [built.path], cwd=work, capture_output=True, check=False, timeout=PATIENCE_S, stdin=subprocess.DEVNULL
            )
        except subprocess.TimeoutExpired:
            return Told("", -1, "slow")
    lines = run.stderr.decode(errors="replace").splitlines()
    return Told(run.stdout.decode(errors="replace"), run.returncode, lines[0] if lines else "")


# Verdicts.


def verdict(case: Path, told: Told) -> str:
    """One word on what a program did."""
    word = told.note.partition(":")[0]
    if word in {"refused", "rejected", "slow"} and (told.status < 0 or word == "refused"):
        return word
    if told.status:
        return "failed"
    return "right" if is_right(case, told.output) else "other"


def is_right(case: Path, output: str) -> bool:
    """Whether a program printed what is known of it: a digest, or the text that the book shows."""
    facts = json.loads((case / "case.json").read_text(encoding="utf-8"))
    if facts["cls"] == "BOOK":
        return bare((case / "expected.txt").read_text(encoding="utf-8")) == bare(output)
    text = output.replace("\r\n", "\n")
    lines = [line.rstrip() for line in (text.replace('"', "") if facts["norm"] == "q" else text).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    wanted: str = facts["stdout_sha"]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] == wanted


def bare(text: str) -> list[str]:
    """The lines of a text without what the eye does not see."""
    return [line.rstrip() for line in text.strip().split("\n")]


def first_wrong_line(case: Path, output: str) -> int:
    """The first line that is not as known, from 1; 0 where that is not known."""
    facts = json.loads((case / "case.json").read_text(encoding="utf-8"))
    marks = base64.b85decode(facts.get("line_marks", ""))
    for number, line in enumerate(output.split("\n")):
        wanted = marks[MARK * number : MARK * number + MARK]
        if wanted and hashlib.sha256(line.rstrip().encode()).digest()[:MARK] != wanted:
            return number + 1
    return 0


# The page.


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What is kept."""
    readable = [row for row in rows if row["formatted"]]
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": machine(),
        "cases": len(rows),
        "engines": {engine: dict(collections.Counter(str(row[engine]) for row in rows)) for engine in BARS},
        "differ": [row["case"] for row in rows if row["differs"]],
        "readable": len(readable),
        "formatted": sum(row["formatted"] == "same" for row in readable),
        "rows": rows,
    }


def is_met(found: dict[str, object]) -> bool:
    """Whether every bar is met."""
    engines = found["engines"]
    assert isinstance(engines, dict)
    is_enough = all(engines[engine].get("right", 0) >= least for engine, least in BARS.items())
    return is_enough and not found["differ"] and found["formatted"] == found["readable"]


def page(found: dict[str, object]) -> str:
    """The page of a run."""
    engines, rows = found["engines"], found["rows"]
    assert isinstance(engines, dict)
    assert isinstance(rows, list)
    both = [row for row in rows if row["compiled"] in {"right", "other", "failed"}]
    lines = [
        "# Public Ruchy programs",
        "",
        "<!-- Generated by `tools/ruchy_report.py`. -->",
        "",
        f"{found['cases']} programs of the reference implementation and of its book, whose output is known, run with",
        f"both engines on {found['date']}. Nothing of them stands in this repository. Once the folder of cases is",
        "there, `python tools/ruchy_report.py FOLDER` judges them and writes this page.",
        "",
        *[f"- {word}: {meaning}." for word, meaning in MEANING.items()],
        "",
        "| engine | " + " | ".join(MEANING) + " | at least right |",
        "|---|" + "---|" * (len(MEANING) + 1),
    ]
    for engine, counts in engines.items():
        lines.append(
            f"| {engine} | " + " | ".join(str(counts.get(word, 0)) for word in MEANING) + f" | {BARS[engine]} |"
        )
    differ = found["differ"]
    assert isinstance(differ, list)
    lines += [
        "",
        f"Both engines print the same bytes and end with the same code on {len(both) - len(differ)} of the",
        f"{len(both)} programs that are compiled. `fmt`, in all three styles, keeps what {found['formatted']} of the",
        f"{found['readable']} programs do that can be read, and changes nothing when it is asked again.",
    ]
    reasons = collections.Counter(str(row["note"]) for row in rows if row["compiled"] == "refused")
    if reasons:
        lines += [
            "",
            "What the compiler refuses:",
            "",
            *[f"- {count}: {text}" for text, count in reasons.most_common()],
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
