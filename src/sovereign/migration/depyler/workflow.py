"""What the commands do: read, translate, write, compile.

Enters: paths. Leaves: files, and a document of what was done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.errors import SourceError
from sovereign.migration.depyler.answering import Answering, answering
from sovereign.migration.depyler.sources import read_program
from sovereign.migration.depyler.translate import Translation, translate
from sovereign.migration.rust import Job, Profile, SourceMap, compile_program
from sovereign.shell.files import require_free, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.depyler.sources import Sources

__all__ = ["compile_calls", "compile_native", "emit_rust", "examine", "translate_file"]


def translate_file(path: Path) -> tuple[Sources, Translation]:
    """Translate a program with the modules beside it.

    Errors    SourceError depyler.refused   when something of it is not translated; all of it at once.
    """
    sources = read_program(path)
    translation = translate(sources.text, str(sources.path), modules=sources.modules)
    _require_translated(translation, path)
    return sources, translation


def _require_translated(translation: Translation, path: Path) -> None:
    if translation.refused:
        count = len(translation.diagnostics)
        text = f"the program is not translated, for {count} reason{'s' if count > 1 else ''}: `{path}`"
        raise SourceError("depyler.refused", text, diagnostics=translation.diagnostics)


def emit_rust(path: Path, output: Path, *, force: bool = False) -> dict[str, object]:
    """Write the Rust of a program; nothing is written where something is refused."""
    require_free(output, force=force)
    sources, translation = translate_file(path)
    write_atomically(output, [translation.text.encode()], force=force)
    return _document(sources, translation, output)


def compile_calls(path: Path, output: Path, *, force: bool = False) -> Answering:
    """Compile what answers calls of a program's functions; a file and what it imports are translated for it.

    Errors    SourceError depyler.refused   when something of the program is not translated.
    """
    require_free(output, force=force)
    sources = read_program(path)
    found = answering(sources.text, str(sources.path), modules=sources.modules)
    _require_translated(found.translation, path)
    compile_program(Job(found.translation.text, output, Profile.DEBUG))
    return found


def compile_native(
    path: Path, output: Path, *, profile: str = "release", target: str | None = None, force: bool = False
) -> dict[str, object]:
    """Translate a program and compile it."""
    require_free(output, force=force)
    sources, translation = translate_file(path)
    origin = SourceMap(str(sources.path), translation.lines)
    built = compile_program(Job(translation.text, output, Profile(profile), target, origin=origin))
    document = _document(sources, translation, output)
    return document | {"seconds": built.seconds, "size_bytes": built.size_bytes, "profile": profile}


def examine(path: Path) -> tuple[dict[str, object], list[Diagnostic]]:
    """What a translation would give, and what is refused."""
    sources = read_program(path)
    translation = translate(sources.text, str(sources.path), modules=sources.modules)
    return _document(sources, translation, None), translation.diagnostics


def _document(sources: Sources, translation: Translation, output: Path | None) -> dict[str, object]:
    return {
        "source": str(sources.path),
        "output": None if output is None else str(output),
        "source_lines": sources.line_count,
        "program_lines": translation.program_lines,
        "dynamic": translation.dynamic,
        "refused": [
            {"message": d.message, "line": getattr(d.span, "line", None), "path": getattr(d.span, "path", None)}
            for d in translation.diagnostics
        ],
    }
