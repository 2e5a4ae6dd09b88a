"""Run the main job and measure what came of it beside its Python, hold it against `method.md` and the kept run."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

from sovereign.orchestration.batuta.demo import STEPS, Demo, require_whole  # noqa: E402
from sovereign.orchestration.batuta.measuring import BARS, CLIENT, measure_sides, python_side  # noqa: E402
from sovereign.orchestration.serverless import Arch, Candidate, Conditions, events_of, floor  # noqa: E402
from sovereign.orchestration.serverless import measure as measured_of  # noqa: E402
from sovereign.orchestration.serverless.coldstart.candidates import OUR_SOURCES  # noqa: E402
from sovereign.orchestration.serverless.native import build  # noqa: E402

if TYPE_CHECKING:
    from sovereign.orchestration.batuta.demo import DemoDocument, StepDocument

ROUNDS = 3
QUIET_LOAD = 0.5
"""The share of the processors that may be busy before the run for it to be kept."""
MOST_BYTES = 200 * 1024
TITLES = {
    "start": "start until the first question, times sooner",
    "processor": "processor time of a warm event, times less",
    "memory": "resident memory, times less",
}
ECHO = "a native function that only gives the event back, processor time, times less"
SHOWN = ("first_next_ms", "first_reply_ms", "reply_us", "processor_us", "resident_kb", "size_bytes")


def main() -> int:
    """Run the job, measure, report, judge, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", action="store_true", help="keep this run, whatever is kept and whatever the load")
    options = parser.parse_args()
    measure.refuse_handicaps()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="main-job") as name:
        found = {"load_before": round(load, 2), **measured(Path(name), options.rounds)}
    for each in found["claims"]:
        print(line(each))
    before = measure.kept(HERE)
    bad = measure.worse(before.get("claims", []), found["claims"])
    for text in bad:
        print(f"LOST   {text}")
    if before and not options.keep:
        print("not kept, a run is kept already, and `--keep` puts this one in its place")
    elif load > QUIET_LOAD * (os.cpu_count() or 1) and not options.keep:
        print("not kept, the machine had other things to do", file=sys.stderr)
        return 2
    else:
        print(f"kept in {measure.write(HERE, found).relative_to(HERE.parent)}")
    return 1 if bad else 0


def measured(folder: Path, rounds: int) -> dict[str, Any]:
    """One run of the whole job, its measurement as often as asked, and what came of both."""
    job = Demo(folder / "job", Quiet())
    document = job.run()
    require_whole(document)
    machine = str(Arch.of_this_machine())
    program = next(each for each in document["found"]["build"]["programs"] if each["target"] == machine)
    function = job.settings.function
    assert function is not None
    side, runtime = python_side(function, job.folder)
    assert runtime == CLIENT
    events = events_of(None, str(function.events))
    runs: list[Any] = [document["found"]["invoke"]]
    runs += [measure_sides(Path(program["path"]), side, events) for _ in range(rounds - 1)]
    echoes = [echo_processor_us(folder, events[0]) for _ in range(rounds)]
    return {
        "events": len(events),
        "rounds": rounds,
        "client": CLIENT,
        "sides": {who: sides(runs, who) for who in ("python", "native")},
        "claims": claims(document, runs, echoes),
    }


def sides(runs: list[dict[str, Any]], who: str) -> dict[str, float]:
    """The medians of one side over the rounds."""
    return {name: statistics.median(float(each[who][name]) for each in runs) for name in SHOWN}


def claims(document: DemoDocument, runs: list[dict[str, Any]], echoes: list[float]) -> list[dict[str, Any]]:
    """What is expected of the numbers, and what was found."""
    different = [float(each["different"] + each["cold_different"]) for each in runs]
    found = [
        claim("replies that differ, cold and warm", different, most=0),
        claim("bundle with its model, bytes", [float(document["found"]["bundle"]["packed_bytes"])], most=MOST_BYTES),
    ]
    found += [claim(TITLES[name], [each["ratios"][name] for each in runs], least=bar) for name, bar in BARS.items()]
    ceiling = [each["python"]["processor_us"] / echo for each, echo in zip(runs, echoes, strict=True)]
    return [*found, claim(ECHO, ceiling)]


def claim(what: str, rounds: list[float], *, least: float | None = None, most: float | None = None) -> dict[str, Any]:
    """One of them: the median of the rounds, its bar, and whether it is held; what has no bar is there to compare."""
    value = statistics.median(rounds)
    held = value >= least if least is not None else value <= most if most is not None else None
    return {"what": what, "measured": value, "rounds": rounds, "least": least, "most": most, "held": held}


def line(each: dict[str, Any]) -> str:
    """A claim for a person."""
    word = {True: "ok", False: "MISSED", None: ""}[each["held"]]
    bar = f", at least {each['least']:g}" if each["least"] is not None else ""
    bar += f", at most {each['most']:g}" if each["most"] is not None else ""
    spread = f"{min(each['rounds']):,.1f} to {max(each['rounds']):,.1f}"
    return f"{word:<7}{each['what']}: {each['measured']:,.1f} ({spread}){bar}"


def echo_processor_us(folder: Path, event: bytes) -> float:
    """The processor time of a warm event in a function that does nothing with it: what no handler can go below."""
    program = folder / "echo"
    if not program.is_file():
        build(OUR_SOURCES / "echo.rs", arch=str(Arch.of_this_machine()), output=program, function="handle")
    candidate = Candidate("echo", (str(program),), folder, (program,), 0, event=event, answer=event)
    rows = measured_of([floor(folder), candidate], (), Conditions(samples=10, rounds=100)).rows
    (row,) = [each for each in rows if each.name == candidate.name]
    if not row.samples:
        measure.not_measured(f"the echo does not answer: {row.failed}")
    return row.processor_us


class Quiet:
    """Tells a person which step of the job runs."""

    def began(self, place: int, title: str) -> None:
        """A step begins."""
        print(f"{place}/{len(STEPS)} {title}", flush=True)

    def doing(self, what: str) -> None:
        """Nothing is said of it."""

    def ended(self, step: StepDocument) -> None:
        """A step has ended."""
        print(f"    {step['state']}: {step['text'].splitlines()[0]}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
