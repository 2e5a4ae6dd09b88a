"""What the commands do: read, translate, write, compile.

Enters: paths. Leaves: files, and a document of what was done.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError, SourceError
from sovereign.migration.depyler.answering import Answering, answering
from sovereign.migration.depyler.handler import translate_handler
from sovereign.migration.depyler.models import models_of
from sovereign.migration.depyler.sources import read_program
from sovereign.migration.depyler.translate import Translation, translate
from sovereign.migration.rust import (
    Job,
    Profile,
    SourceMap,
    compile_program,
    compile_project,
    model_crates,
    runtime_files,
    write_project,
)
from sovereign.shell.cache import cache_folder, locked
from sovereign.shell.files import require_free, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.depyler.sources import Sources
    from sovereign.migration.rust import Built

__all__ = ["PROGRAM", "Form", "compile_calls", "compile_native", "emit_rust", "examine", "translate_file"]

# The crate that the power and the roots come from where there is no standard library.
_BARE_DEPENDENCIES = {"libm": "0.2"}
_CONTRACT = '{ path = "bootstrap" }'


@dataclass(frozen=True, slots=True)
class Form:
    """What kind of Rust is wanted: a program, or a library for a world without an operating system.

    `handler` names a function that answers events; `project` asks for a Cargo project in place of one file.
    """

    no_std: bool = False
    handler: str = ""
    project: bool = False

    @property
    def is_project(self) -> bool:
        """Whether one file is not enough, or not wanted."""
        return self.project or self.no_std or bool(self.handler)


PROGRAM = Form()
"""One file that is a program."""


def translate_file(
    path: Path, form: Form = PROGRAM, *, versions: bool = False, embed: Mapping[str, Path] | None = None
) -> tuple[Sources, Translation]:
    """Translate a program with the modules beside it; `versions` as `translate` says.

    `embed` are files of models by the paths that the program loads. A model that is not among them is read where it
    lies while translating, and the program requires that the same file lies there when it runs.

    Errors    SourceError depyler.refused   when something of it is not translated; all of it at once.
              ParameterError depyler.embed, depyler.model, and those of `sovereign.load`, as `models_of` says.
    """
    sources = read_program(path)
    models = models_of(sources, embed or {})
    if form.handler:
        translation = translate_handler(sources, form.handler, no_std=form.no_std, models=models)
    else:
        translation = translate(
            sources.text,
            str(sources.path),
            modules=sources.modules,
            no_std=form.no_std,
            versions=versions,
            models=models,
        )
    _require_translated(translation, path)
    return sources, translation


def _require_translated(translation: Translation, path: Path) -> None:
    if translation.refused:
        count = len(translation.diagnostics)
        text = f"the program is not translated, for {count} reason{'s' if count > 1 else ''}: `{path}`"
        raise SourceError("depyler.refused", text, diagnostics=translation.diagnostics)


def emit_rust(
    path: Path,
    output: Path,
    form: Form = PROGRAM,
    *,
    force: bool = False,
    embed: Mapping[str, Path] | None = None,
) -> dict[str, object]:
    """Write the Rust of a program, as a file or as a project; nothing is written where something is refused.

    Errors    SourceError depyler.refused       when something of the program is not translated.
              ParameterError rust.project       when the output is no name for a project.
              ParameterError depyler.one_file   when the program loads a model and no project is asked for.
              and those of models, as `translate_file` says.
    """
    if form.is_project:
        require_free(output / "Cargo.toml" if output.is_dir() else output, force=force)
    else:
        require_free(output, force=force)
    sources, translation = translate_file(path, form, embed=embed)
    if form.is_project:
        _write_project(output, translation, form)
    elif translation.models:
        text = f"a program with a model is more than one file, add `--project`: `{path}`"
        raise ParameterError("depyler.one_file", text, name="project", value=str(path), allowed=["--project"])
    else:
        write_atomically(output, [translation.text.encode()], force=force)
    return _document(sources, translation, output)


def _write_project(folder: Path, translation: Translation, form: Form, name: str = "") -> None:
    """A crate: a program, or a library with what it needs beside it."""
    is_library = form.no_std or bool(form.handler)
    files: dict[str, str | bytes] = {"src/lib.rs" if is_library else "src/main.rs": translation.text}
    dependencies = dict(_BARE_DEPENDENCIES) if form.no_std else {}
    if translation.models:
        families = {feature for model in translation.models.values() for feature in model.features}
        needs_kernels = any(model.needs_kernels for model in translation.models.values())
        crates, wanted = model_crates(families, needs_kernels=needs_kernels)
        files |= {**crates, **translation.files}
        dependencies |= wanted
    if form.handler:
        files |= runtime_files("bootstrap")
        dependencies["bootstrap"] = _CONTRACT
    write_project(folder, name or folder.resolve().name, files, dependencies=dependencies)


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
    path: Path,
    output: Path,
    *,
    profile: str = "release",
    target: str | None = None,
    force: bool = False,
    embed: Mapping[str, Path] | None = None,
) -> dict[str, object]:
    """Translate a program and compile it; one that is to be fast gets two versions where that helps."""
    require_free(output, force=force)
    sources, translation = translate_file(path, versions=profile == Profile.RELEASE, embed=embed)
    origin = SourceMap(str(sources.path), translation.lines)
    if translation.models:
        built = _compile_with_models(sources, translation, output, Profile(profile), target)
    else:
        built = compile_program(Job(translation.text, output, Profile(profile), target, origin=origin))
    document = _document(sources, translation, output)
    return document | {"seconds": built.seconds, "size_bytes": built.size_bytes, "profile": profile}


def _compile_with_models(
    sources: Sources, translation: Translation, output: Path, profile: Profile, target: str | None
) -> Built:
    """Compile a program as a project, which is kept in the user's cache so that cargo builds no more than is new."""
    name = f"program-{hashlib.sha256(os.fsencode(sources.path.resolve())).hexdigest()[:16]}"
    folder = cache_folder() / "sources" / name
    with locked(cache_folder() / "locks" / f"{name}.lock"):
        _write_project(folder, translation, Form(project=True), name)
        return compile_project(folder, output, profile=profile, target=target)


def examine(path: Path, *, embed: Mapping[str, Path] | None = None) -> tuple[dict[str, object], list[Diagnostic]]:
    """What a translation would give, and what is refused."""
    sources = read_program(path)
    translation = translate(
        sources.text, str(sources.path), modules=sources.modules, models=models_of(sources, embed or {})
    )
    return _document(sources, translation, None), translation.diagnostics


def _document(sources: Sources, translation: Translation, output: Path | None) -> dict[str, object]:
    return {
        "source": str(sources.path),
        "output": None if output is None else str(output),
        "source_lines": sources.line_count,
        "program_lines": translation.program_lines,
        "dynamic": translation.dynamic,
        "functions": [account.to_json() for account in translation.accounts],
        "refused": [
            {"message": d.message, "line": getattr(d.span, "line", None), "path": getattr(d.span, "path", None)}
            for d in translation.diagnostics
        ],
    }
