"""What a program does to the world: its system calls recorded, understood, kept and held against what should be.

Enters: a command, or the number of a process. Leaves: calls as text, counts or events. Read `recording.py` for events in
Python, `following.py` for the command, then the crate `trace`, which does the work.
"""

from __future__ import annotations

from sovereign.observability.renacer.recording import Recording, attach, record

__all__ = ["Recording", "attach", "record"]
