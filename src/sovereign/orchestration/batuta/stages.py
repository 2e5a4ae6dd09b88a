"""The stages of the line, each with what it depends on and what it calls.

Enters: a `Line`, settings, what a user asked for. Leaves: `Ran` of each stage. `cli.py` and `demo.py` call the same.
Read `line.py` first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sovereign.errors import GateFailed
from sovereign.orchestration.batuta.agreement import Asked, compare_project, require_agreement
from sovereign.orchestration.batuta.analysis import analyze
from sovereign.orchestration.batuta.building import build, holds
from sovereign.orchestration.batuta.settings import FILE, Optimize, Settings, read_settings
from sovereign.orchestration.batuta.sources import digest_of, project_files, tools_digest
from sovereign.orchestration.batuta.transpilation import RECORD, read_translation, require_translated, transpile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.orchestration.batuta.agreement import AgreementDocument
    from sovereign.orchestration.batuta.building import BuildDocument
    from sovereign.orchestration.batuta.line import Line, Ran
    from sovereign.orchestration.batuta.transpilation import TranspileDocument

__all__ = [
    "is_stale",
    "output_of",
    "project_key",
    "run_analyze",
    "run_build",
    "run_transpile",
    "run_validate",
    "translation_key",
]


def project_key(settings: Settings, *facts: object, has_models: bool = True) -> str:
    """The fingerprint of a project as it lies there, of our own tools, and of what was asked for.

    Without models it stays the same when they are trained, which makes them out of the rest.
    """
    models = {each.resolve() for each in settings.function.models} if settings.function and not has_models else set()
    names = [FILE, *(each.name for each in project_files(settings.folder))]
    kept = [each for each in names if (settings.folder / each).resolve() not in models]
    return digest_of(settings.folder, kept, tools_digest(), str(settings.folder.resolve()), *facts)


def translation_key(output: Path, *facts: object) -> str:
    """The fingerprint of a translated project, with what somebody changed in it."""
    document = read_translation(output)
    names = [RECORD, *(name for each in document["programs"] for name in each["rust"])]
    return digest_of(output, names, tools_digest(), *facts)


def run_analyze(line: Line, settings: Settings) -> Ran:
    """Look at the project."""
    line.project = project_key(settings, has_models=False)
    return line.run(
        "analyze",
        line.project,
        lambda: cast("dict[str, Any]", analyze(settings)),
        command=f"batuta analyze {settings.folder}",
    )


def run_transpile(line: Line, settings: Settings, output: Path, optimize: Optimize, *, force: bool = False) -> Ran:
    """Translate the project, and fail where a file is refused; what translates is written all the same.

    Errors    as `transpile` and `require_translated`.
    """
    line.require_open("transpile")
    line.project = project_key(settings, has_models=False)
    line.state.output = str(output.resolve())
    return line.run(
        "transpile",
        project_key(settings, output.resolve(), optimize),
        lambda: cast("dict[str, Any]", transpile(settings, output, optimize, force=force)),
        command=f"batuta transpile --source {settings.folder} --output {output} --optimize {optimize}",
        judge=lambda found: require_translated(cast("TranspileDocument", found)),
        holds=lambda found: _is_written(cast("TranspileDocument", found)),
    )


def _is_written(document: TranspileDocument) -> bool:
    output = Path(document["output"])
    return (output / RECORD).is_file() and all(
        (output / name).is_file() for each in document["programs"] for name in each["rust"]
    )


def run_validate(
    line: Line,
    settings: Settings,
    output: Path,
    asked: Asked,
    *,
    name: str = "validate",
    advance: Callable[[str], None] = lambda _what: None,
) -> Ran:
    """Hold both sides together, and fail where they differ or where nothing was measured.

    Errors    as `compare_project` and `require_agreement`.
    """
    line.require_open(name)
    line.project = project_key(settings, has_models=False)
    events = asked.events or (settings.function and settings.function.events)
    content = digest_of(Path(), [str(events)]) if events else ""
    return line.run(
        name,
        project_key(settings, translation_key(output), asked, content),
        lambda: cast("dict[str, Any]", compare_project(settings, output, asked, advance=advance)),
        command=_validate_command(settings, output, asked),
        judge=lambda found: require_agreement(cast("AgreementDocument", found)),
    )


def _validate_command(settings: Settings, output: Path, asked: Asked) -> str:
    words = [f"batuta validate --original {settings.folder} --transpiled {output}"]
    words += ["--fuzz"] * asked.fuzz + ["--benchmark"] * bool(asked.repeats) + ["--trace-syscalls"] * asked.effects
    words += [f"--events {asked.events}"] * (asked.events is not None)
    return " ".join(words)


def run_build(
    line: Line,
    settings: Settings,
    output: Path,
    *,
    is_release: bool,
    target: str | None,
    arch: Sequence[str] = (),
    advance: Callable[[], None] = lambda: None,
) -> Ran:
    """Build the programs.

    Errors    as `build`; GateFailed batuta.stopped when the sides were compared and differ.
    """
    line.require_open("build")
    line.project = project_key(settings, has_models=False)
    document = read_translation(output)
    words = ["batuta build"] + ["--release"] * is_release + [f"--target {target}"] * (target is not None)
    return line.run(
        "build",
        translation_key(output, is_release, target, tuple(arch)),
        lambda: cast(
            "dict[str, Any]", build(document, is_release=is_release, target=target, arch=arch, advance=advance)
        ),
        command=" ".join(words),
        holds=lambda found: holds(cast("BuildDocument", found)),
    )


def is_stale(line: Line, name: str) -> bool:
    """Whether the project changed since a stage ended: its record is then about something else."""
    record = line.state.stages.get(name)
    source = Path(line.state.source)
    if record is None or not line.state.source:
        return False
    return not source.is_dir() or record.project != project_key(read_settings(source), has_models=False)


def output_of(line: Line, settings: Settings) -> Path:
    """Where the translation lies: as the last call said, or as the settings say.

    Errors    GateFailed batuta.stopped   when nothing was translated yet.
    """
    output = Path(line.state.output) if line.state.output else settings.output
    if not (output / RECORD).is_file():
        text = f"nothing is translated yet, `batuta transpile` does it: `{output}`"
        raise GateFailed("batuta.stopped", text, rule="transpile is done", measured="nothing", required="done")
    return output
