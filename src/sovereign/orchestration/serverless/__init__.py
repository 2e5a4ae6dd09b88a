"""The function runtime from outside: the platform's side of the contract, bundles, and their bench.

Enters: a handler in Python, Ruchy or Rust, and events. Leaves: a zip with a native `bootstrap`, replies, and what was
measured. The runtime itself is `crates/bootstrap`. Read `contract.py` for the words, `emulator.py` for the platform,
`sandbox.py` for the process, `wire.py` for the HTTP.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `sovereign`: what only analyses a project starts no server
if TYPE_CHECKING:
    from sovereign.orchestration.serverless.bundle import Arch, Bundle, Order, Style, model_map, write_bundle
    from sovereign.orchestration.serverless.coldstart import Candidate, Conditions, Measured, Row, floor, measure
    from sovereign.orchestration.serverless.contract import Facts, Invocation, Kind, Marks, Outcome
    from sovereign.orchestration.serverless.emulator import Emulator
    from sovereign.orchestration.serverless.native import TARGETS, build_written, write_function
    from sovereign.orchestration.serverless.project import SETTINGS_FILE, FunctionSettings, read_function, read_table
    from sovereign.orchestration.serverless.running import Prepared, events_of, prepared
    from sovereign.orchestration.serverless.sandbox import Sandbox
    from sovereign.orchestration.serverless.wire import Faults
else:
    from sovereign.shell.lazy import lazily

    __getattr__ = lazily(
        __name__,
        {
            "Arch": "bundle",
            "Bundle": "bundle",
            "Order": "bundle",
            "Style": "bundle",
            "model_map": "bundle",
            "write_bundle": "bundle",
            "Candidate": "coldstart",
            "Conditions": "coldstart",
            "Measured": "coldstart",
            "Row": "coldstart",
            "floor": "coldstart",
            "measure": "coldstart",
            "Facts": "contract",
            "Invocation": "contract",
            "Kind": "contract",
            "Marks": "contract",
            "Outcome": "contract",
            "Emulator": "emulator",
            "TARGETS": "native",
            "build_written": "native",
            "write_function": "native",
            "SETTINGS_FILE": "project",
            "FunctionSettings": "project",
            "read_function": "project",
            "read_table": "project",
            "Prepared": "running",
            "events_of": "running",
            "prepared": "running",
            "Sandbox": "sandbox",
            "Faults": "wire",
        },
    )


__all__ = [
    "SETTINGS_FILE",
    "TARGETS",
    "Arch",
    "Bundle",
    "Candidate",
    "Conditions",
    "Emulator",
    "Facts",
    "Faults",
    "FunctionSettings",
    "Invocation",
    "Kind",
    "Marks",
    "Measured",
    "Order",
    "Outcome",
    "Prepared",
    "Row",
    "Sandbox",
    "Style",
    "build_written",
    "events_of",
    "floor",
    "measure",
    "model_map",
    "prepared",
    "read_function",
    "read_table",
    "write_bundle",
    "write_function",
]
