"""What the second engine's commands do: check, write Rust, compile.

Enters: paths. Leaves: files, and a document of what was done. Read `cli.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.errors import SourceError
from sovereign.migration.ruchy.compile_rust import Compiled, compile_checked
from sovereign.migration.ruchy.program import Checked, check_file
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.rust import Job, Profile, SourceMap, compile_program
from sovereign.shell.files import require_free, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["compile_native", "emit_rust", "to_rust"]


def to_rust(path: str) -> tuple[Checked, Compiled]:
    """The Rust of a program.

    Errors    SourceError ruchy.not_compiled   when something of it is not compiled; else as `check_file`.
    """

    def action() -> tuple[Checked, Compiled]:
        checked = check_file(path)
        return checked, compile_checked(checked)

    checked, compiled = on_large_stack(action)
    if compiled.is_refused:
        text = f"the program is not compiled; `ruchy run` runs it: `{path}`"
        raise SourceError("ruchy.not_compiled", text, diagnostics=compiled.diagnostics)
    return checked, compiled


def emit_rust(path: Path, output: Path, *, force: bool = False) -> dict[str, object]:
    """Write the Rust of a program; nothing is written where something is refused."""
    require_free(output, force=force)
    checked, compiled = to_rust(str(path))
    write_atomically(output, [compiled.text.encode()], force=force)
    return _document(path, output, checked, compiled)


def compile_native(
    path: Path, output: Path, *, profile: str = "release", target: str | None = None, force: bool = False
) -> dict[str, object]:
    """Compile a program to a native one."""
    require_free(output, force=force)
    checked, compiled = to_rust(str(path))
    lines = SourceMap(str(path), compiled.lines)
    built = compile_program(
        Job(compiled.text, output, Profile(profile), target, origin=lines, unwinds=compiled.unwinds)
    )
    document = _document(path, output, checked, compiled)
    return document | {"seconds": built.seconds, "size_bytes": built.size_bytes, "profile": profile}


def _document(path: Path, output: Path, checked: Checked, compiled: Compiled) -> dict[str, object]:
    return {
        "source": str(path),
        "output": str(output),
        "source_lines": sum(len(file.starts) for file in checked.sources.files),
        "program_lines": compiled.program_lines,
        "dynamic": [{"types": types, "line": checked.sources.span(place).line} for types, place in checked.unions()],
    }
