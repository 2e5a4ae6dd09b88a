"""Python programs become Rust programs with the same answers.

Enters: Python source. Leaves: readable Rust that gives the same output, exit code and kind of error, or a refusal
that names line, construct and reason. Files in the order in which data passes them: `sources.py` reads a program,
`collect.py` with `scopes.py`, `webs.py` and `synthesis.py` says what its names are, `types.py` and `intervals.py`
what values may be, `program.py` runs functions until nothing new is learned, `functions.py` and `lowering.py` one
round of one function, with the handlers of statements (`statements.py`, `loops.py`, `exceptions.py`, `contexts.py`),
expressions (`expressions.py`, `operators.py`, `conditions.py`, `subscripts.py`, `comprehensions.py`,
`formatting.py`), calls (`calls.py`, `function_values.py`, `classes.py`), methods of builtin types (`methods*.py`) and
the library (`builtin_functions.py`, `library/`); `class_items.py` and `translate.py` put the Rust tree together;
`answering.py` makes a program that answers calls of its functions, `workflow.py` reads and writes files for `cli.py`.
Read `translate.py` first, then `lowering.py`.
"""

from __future__ import annotations

from sovereign.migration.depyler.answering import Answering, answering
from sovereign.migration.depyler.sources import Sources, read_program
from sovereign.migration.depyler.translate import Translation, translate
from sovereign.migration.depyler.workflow import Form, compile_calls, emit_rust, translate_file

__all__ = [
    "Answering",
    "Form",
    "Sources",
    "Translation",
    "answering",
    "compile_calls",
    "emit_rust",
    "read_program",
    "translate",
    "translate_file",
]
