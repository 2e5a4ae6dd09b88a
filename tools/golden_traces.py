"""Record what the example programs do to the world, or see whether they still do it.

Enters: `examples/ruchy/*.ruchy` and the Python programs beside them. Leaves: golden files in `examples/ruchy/golden`,
one for each program and mode, and the page about them; `--check` writes nothing and ends with status 1 where a program
does something else. Modes: `python` is the program in Python, `run` is `ruchy run` without a build, `native` with the
build that it keeps, `repl` the same text through the prompt. Each runs in a fresh folder, from its own cache.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.observability.renacer import Difference, check, read_golden  # noqa: E402
from sovereign.observability.renacer.analysis import markdown  # noqa: E402
from sovereign.observability.renacer.keeping import Order, keep, recorded  # noqa: E402

PROGRAMS = ("basics", "control_flow", "algorithms", "dataframes", "async_await", "file_io")
MODES = ("python", "run", "native", "repl")
EXAMPLES = ROOT / "examples" / "ruchy"
GOLDEN = EXAMPLES / "golden"
PAGE = GOLDEN / "README.md"
BUILDS = {"run": "off", "native": "wait", "repl": "off"}
FIXED = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
"""What every mode is run with, whatever the machine has set."""


def order_of(program: str, mode: str) -> Order:
    """How a program is run in a mode; paths are those of the working folder."""
    if mode == "python":
        return Order.of(["python3", f"{program}.py"], variables=FIXED, is_portable=True)
    variables = {**FIXED, "RUCHY_BUILD": BUILDS[mode]}
    if mode == "repl":
        return Order.of(["ruchy", "repl"], stdin=f"{program}.lines", variables=variables, is_portable=True)
    return Order.of(["ruchy", "run", f"{program}.ruchy"], variables=variables, is_portable=True)


def laid_out(folder: Path) -> None:
    """Put the programs where they are run; the prompt gets a last line that calls `main`."""
    for path in EXAMPLES.iterdir():
        if path.suffix in {".py", ".ruchy"}:
            shutil.copy(path, folder)
    for program in PROGRAMS:
        text = (EXAMPLES / f"{program}.ruchy").read_text(encoding="utf-8")
        call = "main()\n" if "fun main()" in text else ""
        (folder / f"{program}.lines").write_text(text + call, encoding="utf-8")


def path_of(program: str, mode: str) -> Path:
    """Where a golden file lies."""
    return GOLDEN / f"{program}.{mode}.golden"


def built(program: str) -> None:
    """Let `ruchy` keep a build of a program, so that what is recorded is the program and not the compiler."""
    environment = {**os.environ, "RUCHY_BUILD": "wait"}
    subprocess.run(["ruchy", "run", f"{program}.ruchy"], env=environment, stdout=subprocess.DEVNULL, check=True)


def differing(program: str, mode: str) -> list[Difference]:
    """In what a program is not as it was; called in a folder that `laid_out` filled."""
    path = path_of(program, mode)
    golden = read_golden(path.read_text(encoding="utf-8").splitlines(), str(path))
    if mode == "native":
        built(program)
    form, _ = recorded(order_of(program, mode))
    return check(golden, form)


def main() -> int:
    """Record, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    parser.add_argument("--mode", action="append", choices=MODES, help="only this mode; may be repeated")
    options = parser.parse_args()
    wanted = [(program, mode) for program in PROGRAMS for mode in options.mode or MODES]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="golden-") as folder, chdir(folder):
        laid_out(Path(folder))
        for program, mode in wanted:
            if options.check:
                found = differing(program, mode)
                bad += bool(found)
                print(f"{program} {mode}: {found[0].sentence if found else 'equal'}")
                continue
            if mode == "native":
                built(program)
            golden = keep(order_of(program, mode), Path(folder))
            GOLDEN.mkdir(exist_ok=True)
            path_of(program, mode).write_text("".join(golden.lines()), encoding="utf-8")
            print(f"recorded: {path_of(program, mode).relative_to(ROOT)}")
    if not options.check:
        named = {path: read_golden(path.read_text(encoding="utf-8").splitlines()) for path in GOLDEN.glob("*.golden")}
        PAGE.write_text(markdown(named), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
