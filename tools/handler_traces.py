"""Record what the demo's handler in Ruchy does to the world, in both modes, or see whether it still does it.

Enters: `src/sovereign/orchestration/batuta/service/ruchy`. Leaves: a golden file for each mode beside the handler.
`--check` writes nothing and ends with status 1 where the handler does something else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sovereign.orchestration.batuta import traces  # noqa: E402
from sovereign.orchestration.batuta.replies import running  # noqa: E402
from sovereign.orchestration.batuta.starting import SERVICE  # noqa: E402
from sovereign.orchestration.serverless import Arch, Prepared, events_of  # noqa: E402
from sovereign.orchestration.serverless.native import build  # noqa: E402

HANDLER = SERVICE / "ruchy" / "handler.ruchy"


def main() -> int:
    """Record, or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handler-") as name:
        program = Path(name) / "function"
        build(HANDLER, arch=str(Arch.of_this_machine()), output=program)
        native = Prepared((str(program),), program.parent, "bootstrap")
        with running(native) as sandbox:
            events = [
                each for each in events_of(None, str(HANDLER.with_name("events.jsonl"))) if sandbox.invoke(each).is_fine
            ]
        return check(native, events) if options.check else record(native, events)


def check(native: Prepared, events: list[bytes]) -> int:
    """Say what differs."""
    found = traces.check_traces(HANDLER, "handler", native, events)
    for each in found:
        print(f"{each['golden']}: {'; '.join(each['differences']) or 'equal'}")
    return 1 if any(each["differences"] for each in found) else 0


def record(native: Prepared, events: list[bytes]) -> int:
    """Write the golden files."""
    for mode in traces.MODES:
        forms = [traces.traced(HANDLER, "handler", native, events, mode) for _ in range(traces.FEWEST)]
        path = traces.golden_path(HANDLER, mode)
        path.write_text("".join(traces.learned(forms, mode).lines()), encoding="utf-8")
        print(f"recorded: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
