"""How long a function takes from its start to its first question for an event, beside peers, in one run.

Enters: candidates that are there or can be built here. Leaves: samples, a table, a page. `candidates.py` makes what is
compared, `tiers.py` limits memory, `judge.rs` starts it and takes the times, `measurement.py` reads and sums up,
`report.py` shows. Nothing here is what the service calls Init Duration: most of that is the platform's own time, which
cannot be measured offline.
"""

from __future__ import annotations

from sovereign.orchestration.serverless.coldstart.candidates import Candidate, Lacking, candidates, floor
from sovereign.orchestration.serverless.coldstart.measurement import Conditions, Measured, Row, measure
from sovereign.orchestration.serverless.coldstart.report import COLUMNS, chart, document, kept_run, losses, note, rows

__all__ = [
    "COLUMNS",
    "Candidate",
    "Conditions",
    "Lacking",
    "Measured",
    "Row",
    "candidates",
    "chart",
    "document",
    "floor",
    "kept_run",
    "losses",
    "measure",
    "note",
    "rows",
]
