"""What a program does to the world: its system calls recorded, understood, kept and held against what should be.

Enters: a command, the number of a process, or traces as JSON lines. Leaves: calls as text, counts or events; effects in
a normal form; golden files; verdicts. Read `recording.py` for how events come, then the crate `trace`, which follows
the program; `events.py` for what a trace holds, then `descriptors.py`, `world.py` and `effects.py` for what was done,
`golden.py` for what is kept of it, `comparing.py` for two programs, `waits.py` for the time.
"""

TYPE_CHECKING = False  # as in `sovereign`: the command starts without what it does not need
if TYPE_CHECKING:
    from sovereign.observability.renacer.anomalies import Anomaly, Detector
    from sovereign.observability.renacer.assertions import Assertion, Outcome, judge, read_assertions
    from sovereign.observability.renacer.checking import Difference, check
    from sovereign.observability.renacer.comparing import Answer, Verdict, compare
    from sovereign.observability.renacer.effects import Form, form_of, portable
    from sovereign.observability.renacer.events import events_of, read_events
    from sovereign.observability.renacer.expressions import evaluate
    from sovereign.observability.renacer.golden import Golden, learn, read_golden
    from sovereign.observability.renacer.recording import Recording, attach, record
else:
    from sovereign.shell.lazy import lazily

    __getattr__ = lazily(
        __name__,
        {
            "Anomaly": "anomalies",
            "Answer": "comparing",
            "Assertion": "assertions",
            "Detector": "anomalies",
            "Difference": "checking",
            "Form": "effects",
            "Golden": "golden",
            "Outcome": "assertions",
            "Recording": "recording",
            "Verdict": "comparing",
            "attach": "recording",
            "check": "checking",
            "compare": "comparing",
            "evaluate": "expressions",
            "events_of": "events",
            "form_of": "effects",
            "judge": "assertions",
            "learn": "golden",
            "portable": "effects",
            "read_assertions": "assertions",
            "read_events": "events",
            "read_golden": "golden",
            "record": "recording",
        },
    )


__all__ = [
    "Anomaly",
    "Answer",
    "Assertion",
    "Detector",
    "Difference",
    "Form",
    "Golden",
    "Outcome",
    "Recording",
    "Verdict",
    "attach",
    "check",
    "compare",
    "evaluate",
    "events_of",
    "form_of",
    "judge",
    "learn",
    "portable",
    "read_assertions",
    "read_events",
    "read_golden",
    "record",
]
