"""Run the long campaigns, and keep what they showed with its date and machine.

Enters: a prepared clone. Leaves: `benchmarks/soak/results/<campaign>.json` for each campaign that ran. `--sample`
runs today's share instead, in the short form of each campaign, and writes nothing: CI does that, so that each
campaign has its turn every few days. Status 1 if a campaign failed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from measure import machine  # noqa: E402

from sovereign.shell.cache import cargo_target_folder  # noqa: E402

RESULTS = ROOT / "benchmarks" / "soak" / "results"
PYTHON = str(ROOT / ".venv" / "bin" / "python")
NOT_MEASURED = 2
PYTEST = [PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


@dataclass(frozen=True)
class Campaign:
    """A question that takes long to answer, and the short form of it that CI can afford."""

    name: str
    question: str
    """To be answered by "yes" where all is well."""
    command: list[str]
    sample: list[str]
    """Empty where a busy machine would spoil the answer, or it takes what CI has not; CI passes over it."""


CAMPAIGNS = (
    Campaign(
        "planted_violations",
        "Is every planted violation caught by its checker when all stand in one tree?",
        [PYTHON, "tests/house/plant_all.py"],
        [PYTHON, "tests/house/plant_all.py"],
    ),
    Campaign(
        "properties",
        "Do the properties hold over many more generated examples?",
        [*PYTEST, "-n", "2", "--timeout", "1800", "--hypothesis-profile", "soak", "tests/unit"],
        [*PYTEST, "-n", "2", "--timeout", "300", "--hypothesis-profile", "sample", "tests/unit"],
    ),
    Campaign(
        "address_sanitizer",
        "Do the native tests stay inside every buffer?",
        [PYTHON, "tools/sanitize.py"],
        [PYTHON, "tools/sanitize.py", "--package", "trueno"],
    ),
    Campaign(
        "fuzz",
        "Do the native readers of model files answer any input without a crash, a hang or memory beyond their bound?",
        [PYTHON, "tools/fuzz.py", "--executions", "10000000"],
        [PYTHON, "tools/fuzz.py", "--seconds", "40"],
    ),
    Campaign(
        "fuzz_python",
        "Does every changed model file open or raise an error of ours, while memory stays as it was?",
        [PYTHON, "tools/fuzz_files.py", "--executions", "1000000"],
        [PYTHON, "tools/fuzz_files.py", "--executions", "100000", "--seed", "2"],
    ),
    Campaign(
        "wycheproof",
        "Is every signature, key and ciphertext refused that Wycheproof calls invalid, and every valid one taken?",
        [PYTHON, "tools/wycheproof.py"],
        [],
    ),
    Campaign(
        "wheels",
        "Do both wheels build from nothing, pass their checks, and come out the same bytes twice?",
        [PYTHON, "tools/wheel.py", "--twice"],
        [PYTHON, "tools/wheel.py", "--twice", "--arch", "x86_64"],
    ),
    Campaign(
        "demo",
        "Does the whole demo do what it shows?",
        [str(ROOT / ".venv" / "bin" / "batuta"), "demo", "build/demo"],
        [str(ROOT / ".venv" / "bin" / "batuta"), "demo", "build/demo"],
    ),
    Campaign(
        "python_corpus",
        "Does each program of our Python corpus answer in Rust as in CPython, or is refused for a known reason?",
        ["env", "SOVEREIGN_CORPUS=all", *PYTEST, "tests/unit/migration/depyler/test_corpus.py"],
        ["env", "SOVEREIGN_CORPUS=all", *PYTEST, "tests/unit/migration/depyler/test_corpus.py"],
    ),
    Campaign(
        "ruchy_engines",
        "Do our Ruchy programs, and several thousand random ones, do the same in both engines?",
        ["env", "SOVEREIGN_CORPUS=all", *PYTEST, "tests/unit/migration/ruchy/test_engines.py"],
        ["env", "SOVEREIGN_CORPUS=all", *PYTEST, "tests/unit/migration/ruchy/test_engines.py", "-k", "not random"],
    ),
    Campaign("benchmarks", "Does every benchmark meet its bars?", ["make", "bench"], []),
)


def main() -> int:
    """Run all campaigns, those named, or today's share."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="CAMPAIGN", help=", ".join(c.name for c in CAMPAIGNS))
    parser.add_argument("--sample", action="store_true", help="run today's share in its short form")
    options = parser.parse_args()
    unknown = set(options.names) - {campaign.name for campaign in CAMPAIGNS}
    if unknown:
        parser.error(f"no such campaign: {', '.join(sorted(unknown))}")
    if options.sample:
        return sample(dt.datetime.now(dt.UTC).toordinal())
    chosen = [c for c in CAMPAIGNS if not options.names or c.name in options.names]
    results = [run(campaign, campaign.command) for campaign in chosen]
    for result in results:
        RESULTS.mkdir(parents=True, exist_ok=True)
        (RESULTS / f"{result['campaign']}.json").write_text(json.dumps(result, indent=2) + "\n")
    return verdict([int(str(result["status"])) for result in results])


def verdict(statuses: list[int]) -> int:
    """1 when a campaign failed, else 2 when one could not be measured, else 0."""
    return 1 if set(statuses) - {0, NOT_MEASURED} else max(statuses, default=0)


def sample(day: int) -> int:
    """Run the campaign whose turn it is; one that cannot be measured on this machine hands its turn on."""
    eligible = [campaign for campaign in CAMPAIGNS if campaign.sample]
    for turn in range(len(eligible)):
        campaign = eligible[(day + turn) % len(eligible)]
        status = run(campaign, campaign.sample)["status"]
        if status != NOT_MEASURED:
            return 1 if status else 0
    return NOT_MEASURED


def run(campaign: Campaign, command: list[str]) -> dict[str, object]:
    """Run one campaign with its output shown as it comes, and return what it showed."""
    print(f"--- {campaign.name}: {campaign.question}", flush=True)
    started = dt.datetime.now(dt.UTC)
    clock = time.monotonic()
    environment = {**os.environ, "CARGO_TARGET_DIR": str(cargo_target_folder(ROOT))}
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip())
        status = process.wait()
    return {
        "campaign": campaign.name,
        "question": campaign.question,
        "command": " ".join(word.replace(str(ROOT) + "/", "") for word in command),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - clock, 1),
        "status": status,
        "last_lines": lines[-5:],
        "machine": machine(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
