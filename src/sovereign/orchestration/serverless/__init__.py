"""The function runtime from outside: the platform's side of the contract, bundles, and their bench.

Enters: a handler in Python, Ruchy or Rust, and events. Leaves: a zip with a native `bootstrap`, replies, and what was
measured. The runtime itself is `crates/bootstrap`. Read `contract.py` for the words, `emulator.py` for the platform,
`sandbox.py` for the process, `wire.py` for the HTTP.
"""

from __future__ import annotations

from sovereign.orchestration.serverless.contract import Facts, Invocation, Kind, Marks, Outcome
from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.sandbox import Sandbox
from sovereign.orchestration.serverless.wire import Faults

__all__ = ["Emulator", "Facts", "Faults", "Invocation", "Kind", "Marks", "Outcome", "Sandbox"]
