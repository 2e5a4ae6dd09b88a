"""Ruchy: the scripting language, read, checked, typed and run.

Enters: programs. Leaves: findings, types, the output of a run, the canonical layout, and native programs. Files in the
order in which data passes them: `sources.py`, `lexer.py`, `layout.py`, the parsers (`cursor.py`, `parse_types.py` to
`parser.py`), `tree.py` and `law.py`, `names.py`, the inference (`types.py`, `infer_base.py` to `infer.py`, `typed.py`),
the compiler to Python (`compile_base.py` to `compile_python.py`, with `ownership.py` and `bounds.py`), what runs
(`values.py`, `texts.py`, `methods.py`, `functions.py`, `engine.py`), the compiler to Rust (`rust_kinds.py`,
`rust_base.py` to `rust_items.py`, `compile_rust.py`, `handler.py`, `native.py`, `builds.py`), and the tools on top
(`program.py`, `running.py`, `checking.py`, `formatting.py`, `testing.py`, `repl.py`). Begin at `tree.py`.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `sovereign`: a run imports what it needs and no more
if TYPE_CHECKING:
    from sovereign.migration.ruchy.checking import examine
    from sovereign.migration.ruchy.formatting import formatted_text
    from sovereign.migration.ruchy.functions import World
    from sovereign.migration.ruchy.handler import handler_library
    from sovereign.migration.ruchy.native import to_rust
    from sovereign.migration.ruchy.program import Checked, check_file, check_text
    from sovereign.migration.ruchy.running import Ending, run_file, run_text
else:
    from sovereign.shell.lazy import lazily

    __getattr__ = lazily(
        __name__,
        {
            "examine": "checking",
            "formatted_text": "formatting",
            "World": "functions",
            "handler_library": "handler",
            "to_rust": "native",
            "Checked": "program",
            "check_file": "program",
            "check_text": "program",
            "Ending": "running",
            "run_file": "running",
            "run_text": "running",
        },
    )


__all__ = [
    "Checked",
    "Ending",
    "World",
    "check_file",
    "check_text",
    "examine",
    "formatted_text",
    "handler_library",
    "run_file",
    "run_text",
    "to_rust",
]
