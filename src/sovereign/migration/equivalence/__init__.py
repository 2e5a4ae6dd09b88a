"""Does the translation answer as the original did; this room knows no language but by running programs.

Enters: two commands, cases or signatures. Leaves: `Findings`. What could not be measured is never a pass. Files in the
order in which data passes them: `cases.py` what a program is given, `observe.py` one run, `compare.py` both sides;
`plain.py` the types and words of plain data, `generate.py` inputs, `driver.py` the side that runs Python, `drive.py`
a side that answers calls, `fuzz.py` both of them; `benchmark.py` their speed; `report.py` the page; `validate.py`
does all of it. Read `compare.py` first.
"""

from __future__ import annotations

from sovereign.migration.equivalence.benchmark import Speed, benchmark
from sovereign.migration.equivalence.cases import Case, Command
from sovereign.migration.equivalence.compare import Difference, Outcome, Report, Verdict, run_both
from sovereign.migration.equivalence.fuzz import Failure, Fuzzed, fuzz
from sovereign.migration.equivalence.observe import Observation, observe, stderr_class
from sovereign.migration.equivalence.plain import Plain, Signature, parse_type
from sovereign.migration.equivalence.report import CASE_COLUMNS, FUZZ_COLUMNS, MARKS, SPEED_COLUMNS, Findings
from sovereign.migration.equivalence.validate import read_cases, read_signature, require_side, validate

__all__ = [
    "CASE_COLUMNS",
    "FUZZ_COLUMNS",
    "MARKS",
    "SPEED_COLUMNS",
    "Case",
    "Command",
    "Difference",
    "Failure",
    "Findings",
    "Fuzzed",
    "Observation",
    "Outcome",
    "Plain",
    "Report",
    "Signature",
    "Speed",
    "Verdict",
    "benchmark",
    "fuzz",
    "observe",
    "parse_type",
    "read_cases",
    "read_signature",
    "require_side",
    "run_both",
    "stderr_class",
    "validate",
]
