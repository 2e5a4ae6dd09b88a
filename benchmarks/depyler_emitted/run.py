"""Measure emitted Rust and the speed of translation over our corpus, hold them against `method.md`, keep the result."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "tests" / "corpus" / "python"
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

from sovereign.migration.depyler import translate  # noqa: E402
from sovereign.migration.rust import support_library  # noqa: E402

ROUNDS = 3
SAMPLE = 10
# Of a shorter program, most lines that come out are the frame that every file has.
FRAMED = 20
SEEDS = ("0", "4242")
MOST = {
    "lines of the program part for one of the source, median": 2.0,
    "lines of the support part, median": 400.0,
    "findings of clippy in 100 lines of the program part": 2.0,
    "microseconds to translate a line": 500.0,
    "texts that depend on the hash seed": 0.0,
}


@dataclass(frozen=True, slots=True)
class Emitted:
    """One translated program: lines of its source, of its program part and of its support part."""

    path: Path
    source: int
    program: int
    support: int


def main() -> int:
    """Translate, count, ask clippy, report, judge."""
    if "--digest" in sys.argv:
        print(digest())
        return 0
    paths = sorted(CORPUS.glob("*/*.py"))
    rounds = [translated(paths) for _ in range(ROUNDS)]
    emitted = [each for each in rounds[0][0] if each is not None]
    lines = sum(each.source for each in emitted)
    times = [ns for _, ns in rounds]
    row = measure.Row(statistics.median(times), min(times), max(times), times)
    findings, looked_at = asked_clippy(paths[::SAMPLE])
    measured = dict(
        zip(
            MOST,
            (
                statistics.median(each.program / each.source for each in emitted),
                statistics.median(each.support for each in emitted),
                100 * findings / looked_at,
                row.fastest_ns / 1000 / lines,
                float(len({seeded(seed) for seed in SEEDS}) - 1),
            ),
            strict=True,
        )
    )
    for name, value in measured.items():
        print(f"{'ok' if value <= MOST[name] else 'MISSED':<7}{name}: {value:.2f}, at most {MOST[name]:.0f}")
    kept = {
        "rows": {f"{len(emitted)} programs of {lines} lines": row._asdict()},
        "ratios": {
            "lines translated in a second": 1e9 * lines / row.fastest_ns,
            f"lines of the program part for one of a source of {FRAMED} or more, median": statistics.median(
                each.program / each.source for each in emitted if each.source >= FRAMED
            ),
        },
        "bars": {name: {"measured": value, "most": MOST[name]} for name, value in measured.items()},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(value > MOST[name] for name, value in measured.items()) else 0


def translated(paths: list[Path]) -> tuple[list[Emitted | None], float]:
    """Each program with its lines, None where it is refused, and the nanoseconds that those took that are not."""
    translate("x = 1\nprint(x)\n")
    found: list[Emitted | None] = []
    spent = 0.0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        start = time.process_time_ns()
        made = translate(text, path.name)
        taken = time.process_time_ns() - start
        if made.refused:
            found.append(None)
            continue
        spent += taken
        rust = made.text.splitlines()
        program, support = rust[: made.program_lines], rust[made.program_lines :]
        found.append(Emitted(path, counted(text.splitlines()), counted(program), counted(support)))
    return found, spent


def counted(lines: list[str]) -> int:
    """Lines that hold something."""
    return sum(1 for line in lines if line.strip())


def asked_clippy(paths: list[Path]) -> tuple[int, int]:
    """How many findings clippy has in the program parts, and how many lines these have."""
    clippy = shutil.which("clippy-driver")
    if clippy is None:
        print("not measured: `clippy-driver` is missing, bring it with: `rustup component add clippy`", file=sys.stderr)
        raise SystemExit(2)
    findings = lines = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(paths):
            made = translate(path.read_text(encoding="utf-8"), path.name, inline=False)
            if made.refused:
                continue
            file = Path(folder) / f"program{number}.rs"
            file.write_text(made.text)
            command = [clippy, "--edition", "2021", str(file), "--extern", f"support={support_library()}"]
            command += ["--emit=metadata", "--error-format=json", "-o", f"{file}.out"]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            messages = [json.loads(line) for line in answer.stderr.splitlines() if line.startswith("{")]
            findings += sum(1 for message in messages if message.get("code") and message["level"] == "warning")
            lines += counted(made.text.splitlines())
    return findings, lines


def digest() -> str:
    """What the texts of some programs come to."""
    texts = [
        translate(path.read_text(encoding="utf-8"), path.name).text for path in sorted(CORPUS.glob("*/*.py"))[::SAMPLE]
    ]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def seeded(seed: str) -> str:
    """The digest that a process with a hash seed finds."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, str(HERE / "run.py"), "--digest"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    raise SystemExit(main())
