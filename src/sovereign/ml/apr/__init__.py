"""Model files on the command line and for programs: look at them, prove them, compare, convert, bundle, sign, encrypt.

Enters: paths of `.apr`, `.ald` and safetensors files. Leaves: plain data that a person reads as text and a program as
JSON; `documents.py` lists the shape of each. In the order of a model's life: `inspection.py` reads headers,
`validation.py` proves the whole file, `tensors.py`, `sections.py` and `dump.py` show what is inside, `difference.py`
compares two and `running.py` what they answer, `conversion.py` changes the layout, `bundling.py` puts several into one,
`keys.py`, `signing.py` and `encryption.py` say whose they are and who may read them, `budget.py` estimates how long they
take to load. `cli.py` parses, calls and prints. Read `inspection.py` first.
"""

from __future__ import annotations

from sovereign.ml.apr.difference import compare, register_predictor
from sovereign.ml.apr.inspection import inspect
from sovereign.ml.apr.validation import validate

__all__ = ["compare", "inspect", "register_predictor", "validate"]
