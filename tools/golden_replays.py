"""Replay golden traces of programs that have not changed: each difference is a false alarm.

Enters: the twenty programs below, six of them with threads, in `tests/corpus/traced/replayed`. Each is recorded as
`renacer golden record` does, then run again, while every processor has other work to do. Leaves: a line for each
program and the false alarms. Status 1 for an alarm, 2, "not measured", where programs cannot be traced.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.errors import TraceError  # noqa: E402
from sovereign.observability.renacer import check  # noqa: E402
from sovereign.observability.renacer.keeping import Order, keep, recorded  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

START = ROOT / "tests" / "corpus" / "traced" / "replayed"
PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")
NOT_MEASURED = 2
REPLAYS = 20
PROGRAMS: dict[str, list[str]] = {
    **{
        name: [PYTHON, f"{name}.py"]
        for name in ("threads", "pool", "printing", "waiting", "awaiting", "processes", "words")
    },
    "json": [PYTHON, "-c", "import json; json.dump({'a': 1}, open('out', 'w'))"],
    "run": [PYTHON, "-c", "import subprocess; print(subprocess.check_output(['sort', 'in.txt']))"],
    "sort": ["sort", "-r", "in.txt", "-o", "out"],
    "pipe": ["sh", "-c", "cat in.txt | tr a-z A-Z | sort > out; wc -l out"],
    "numbers": ["sh", "-c", "seq 20000 | sort -n | tail -1"],
    "gcc": ["sh", "-c", "echo 'int main(void) { return 0; }' > a.c && gcc -o a a.c && ./a"],
    "git": [
        "sh",
        "-c",
        "git init -q r && cd r && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git log | wc -l",
    ],
    "tar": ["sh", "-c", "tar cf out.tar in.txt && tar tf out.tar"],
    "gzip": ["sh", "-c", "gzip -k in.txt && gunzip -c in.txt.gz"],
    "mktemp": ["sh", "-c", "t=$(mktemp) && echo x > $t && rm $t"],
    "find": ["find", ".", "-name", "*.txt"],
    "cp": ["cp", "-r", "in.txt", "out"],
    "folders": ["sh", "-c", "mkdir -p a/b; ln -s b a/c; rmdir a/b; chmod 600 in.txt"],
}


def main() -> int:
    """Record, replay, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help=", ".join(PROGRAMS))
    parser.add_argument("--replays", type=int, default=REPLAYS)
    options = parser.parse_args()
    unknown = set(options.programs) - set(PROGRAMS)
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    alarms = 0
    chosen = options.programs or list(PROGRAMS)
    with burdened():
        for name in chosen:
            began = time.monotonic()
            try:
                found = alarms_of(PROGRAMS[name], options.replays)
            except TraceError as error:
                print(f"not measured: {error}")
                return NOT_MEASURED
            print(f"{name}: {len(found)} of {options.replays} differ, {time.monotonic() - began:.1f} s", flush=True)
            for alarm in found:
                print(f"    {alarm}", flush=True)
            alarms += len(found)
    print(f"{alarms} false alarms in {len(chosen)} x {options.replays} replays")
    return 1 if alarms else 0


def alarms_of(command: list[str], replays: int) -> list[str]:
    """The first difference of each replay that has one."""
    beside = START.parent
    golden = keep(Order.of(command, start=str(START), variables={"PYTHONDONTWRITEBYTECODE": "1"}), beside)
    order = Order.of_golden(golden, beside)
    found = (check(golden, recorded(order)[0]) for _ in range(replays))
    return [differences[0].sentence for differences in found if differences]


@contextmanager
def burdened() -> Iterator[None]:
    """Give each processor something else to do for the length of a block."""
    busy = [subprocess.Popen([PYTHON, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
