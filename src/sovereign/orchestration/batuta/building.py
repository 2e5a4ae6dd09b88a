"""The programs of a translated project, compiled.

Enters: a folder that `transpilation.py` wrote, a target. Leaves: the programs under `target/` in it, where cargo would
put them, and a `BuildDocument`. A function is built for machines of the service, `x86_64` and `arm64`; the other
programs for one target. What was built from the same text is taken from the user's cache. Read `agreement.py` next.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import ParameterError
from sovereign.migration.rust import Job, Profile, compile_program, compile_project, host
from sovereign.orchestration.batuta.settings import Optimize
from sovereign.orchestration.batuta.transpilation import PROFILES
from sovereign.orchestration.serverless import TARGETS, Arch, build_written
from sovereign.shell.files import read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sovereign.migration.rust import Built
    from sovereign.orchestration.batuta.transpilation import Program, TranspileDocument

__all__ = ["COLUMNS", "BuildDocument", "arch_of", "build", "build_one", "holds", "rows"]

COLUMNS = ("program", "kind", "for", "bytes", "seconds", "path")


class BuiltDocument(TypedDict):
    """One program: the machine that it is for, where it lies, its size, its digest, how long it took."""

    program: str
    kind: str
    target: str
    path: str
    size_bytes: int
    sha256: str
    seconds: float
    is_cached: bool


class BuildDocument(TypedDict):
    """What `batuta build --json` prints."""

    output: str
    profile: str
    programs: list[BuiltDocument]


def build(
    document: TranspileDocument,
    *,
    is_release: bool,
    target: str | None = None,
    arch: Sequence[str] = (),
    advance: Callable[[], None] = lambda: None,
) -> BuildDocument:
    """Build every program of a translation; functions for each of `arch`, or for the machine of `target`.

    Errors    SourceError rust.rejected     when rustc refuses a text, which nobody but its reader can have changed.
              DeviceError targets.missing   when the target cannot be built here, with the command that brings it.
              NotFound targets.unknown      when there is no such target.
    """
    optimize = Optimize(document["optimize"])
    profile = PROFILES[optimize] if is_release else Profile.DEBUG
    made = []
    for program in document["programs"]:
        for machine in _machines(program, target, arch):
            made.append(build_one(document, program, profile=profile, target=machine))
            advance()
    return {"output": document["output"], "profile": str(profile), "programs": made}


def _machines(program: Program, target: str | None, arch: Sequence[str]) -> Iterator[str | None]:
    if program["kind"] != "function":
        yield target
    elif target is not None:
        yield arch_of(target)
    else:
        yield from arch or (str(Arch.of_this_machine()),)


def arch_of(target: str) -> str:
    """The machine of the service that a target is for.

    Errors    ParameterError serverless.arch   when functions do not run there.

    >>> arch_of("aarch64-unknown-linux-musl")
    'arm64'
    """
    found = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(target.partition("-")[0])
    if found is None:
        text = f"a function runs on {' or '.join(TARGETS)}, and there is none for this target: `{target}`"
        raise ParameterError("serverless.arch", text, name="target", value=target, allowed=list(TARGETS))
    return found


def build_one(
    document: TranspileDocument, program: Program, *, profile: Profile, target: str | None, folder: Path | None = None
) -> BuiltDocument:
    """Build one program; a target of None is this machine. It goes into `folder`, or where cargo would put it."""
    output = Path(document["output"])
    is_function = program["kind"] == "function"
    name = "debug" if profile is Profile.DEBUG and not is_function else "release"
    under = () if target in {None, host()} and not is_function else (str(target),)
    place = folder or output.joinpath("target", *under, name)
    place.mkdir(parents=True, exist_ok=True)
    path = place / (f"{program['name']}-function" if is_function else program["name"])
    built: Built
    if is_function:
        names = [each.removeprefix("function/") for each in program["rust"]]
        built = build_written(output / "function", names, arch=str(target), output=path)
    elif program["kind"] == "project":
        built = compile_project(output / program["name"], path, profile=profile, target=target)
    else:
        text = read_text(output / program["rust"][0])
        built = compile_program(Job(text, path, profile, target, unwinds=program["unwinds"]))
    return {
        "program": program["name"],
        "kind": program["kind"],
        "target": target or host() or "",
        "path": str(path),
        "size_bytes": built.size_bytes,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "seconds": round(built.seconds, 3),
        "is_cached": built.is_cached,
    }


def holds(document: BuildDocument) -> bool:
    """Whether all programs are still there as they were built."""
    return all(
        Path(each["path"]).is_file() and hashlib.sha256(Path(each["path"]).read_bytes()).hexdigest() == each["sha256"]
        for each in document["programs"]
    )


def rows(document: BuildDocument) -> list[list[str]]:
    """One row per program and machine."""
    return [
        [
            each["program"],
            each["kind"],
            each["target"],
            f"{each['size_bytes']:,}",
            "from the cache" if each["is_cached"] else f"{each['seconds']:.1f}",
            each["path"],
        ]
        for each in document["programs"]
    ]
