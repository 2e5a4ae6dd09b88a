"""The build driver: Rust in, a program out.

Enters: Rust text or a Cargo project, a profile and a target. Leaves: the program, and `Built`, which says what it took.
What was built once from the same text with the same compiler is taken from the user's cache. An error of rustc becomes
one `SourceError` that holds every finding, mapped to the source that the text was made from. `library.py` holds the
support module compiled once, which makes a small program compile in a third of a second. Read `project.py` next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError, SovereignError
from sovereign.migration.rust.findings import SourceMap, refused
from sovereign.migration.rust.targets import host, require
from sovereign.shell.cache import cache_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.rust.targets import Recipe

__all__ = [
    "Built",
    "Job",
    "Profile",
    "Training",
    "attempt",
    "compile_many",
    "compile_program",
    "compile_project",
    "learnt",
    "options_of",
    "recipe_for",
]

EDITION = "2021"
PATIENCE_S = 900.0
SOURCE = "program.rs"


class Profile(StrEnum):
    """How a program is optimised; the names are those of the profiles in a written Cargo project."""

    DEBUG = "debug"
    RELEASE = "release"
    SIZE = "size"
    ULTRA = "release-ultra"


# Programs end by exit codes, so nothing unwinds; the symbols are of no use to those who run them.
_SMALL = ("-Cpanic=abort", "-Cstrip=symbols", "-Ccodegen-units=1")
OPTIONS: dict[Profile, tuple[str, ...]] = {
    Profile.DEBUG: ("-Copt-level=0", "-Cstrip=symbols"),
    Profile.RELEASE: ("-Copt-level=3", *_SMALL),
    Profile.SIZE: ("-Copt-level=s", "-Clto=fat", *_SMALL),
    Profile.ULTRA: ("-Copt-level=z", "-Clto=fat", *_SMALL),
}


@dataclass(frozen=True, slots=True)
class Training:
    """One run of a program that profile-guided optimisation learns from."""

    arguments: tuple[str, ...] = ()
    stdin: bytes = b""


@dataclass(frozen=True, slots=True)
class Built:
    """A program that was built: where it is, what it took, and the compiler call that made it."""

    path: Path
    seconds: float
    size_bytes: int
    command: tuple[str, ...]
    is_cached: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One program to compile.

    `externs` are compiled crates by name, `origin` maps lines of the text to its source, `training` asks for
    profile-guided optimisation, `is_bare` stands for a program without the standard library, and `unwinds` for one that
    catches what it raises by unwinding.
    """

    text: str
    output: Path
    profile: Profile = Profile.DEBUG
    target: str | None = None
    is_bare: bool = False
    unwinds: bool = False
    externs: tuple[tuple[str, Path], ...] = ()
    origin: SourceMap = field(default_factory=SourceMap)
    training: tuple[Training, ...] = ()
    uses_cache: bool = True
    timeout_s: float = PATIENCE_S


def compile_program(job: Job) -> Built:
    """Compile one file of Rust into a program, or take the program from the cache.

    Errors    SourceError rust.rejected    when rustc refuses the text; all its findings, mapped by `origin`.
              DeviceError rust.compiler    when rustc does not answer, or takes longer than `timeout_s`.
              DeviceError rust.training    when profile-guided optimisation has no tool, or a training run fails.
              DeviceError targets.missing  when the target cannot be built here.
    Cost      a third of a second for a small program at `debug` with the library of `library.py`, seconds else.
    """
    started = time.monotonic()
    recipe = recipe_for(job.target)
    options = _options(job, recipe)
    command = recipe.compile_command(*options, SOURCE, "-o", job.output.name)
    kept = cache_folder() / "programs" / _key(job, recipe, options)
    is_cached = job.uses_cache and kept.is_file()
    if not is_cached:
        with tempfile.TemporaryDirectory() as folder:
            made = _compile(job, recipe, options, Path(folder))
            if job.uses_cache:
                _keep(made, kept)
            _place(made, job.output)
    else:
        _place(kept, job.output)
    return Built(job.output, time.monotonic() - started, job.output.stat().st_size, tuple(command), is_cached)


def compile_many(jobs: Sequence[Job], *, workers: int | None = None) -> list[Built | SovereignError]:
    """Compile many programs at once; each answer stands where its job stood, an error in place of a program."""
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        return list(pool.map(attempt, jobs))


def compile_project(
    folder: Path,
    output: Path,
    *,
    profile: Profile = Profile.RELEASE,
    target: str | None = None,
    timeout_s: float = PATIENCE_S,
    options: Sequence[str] = (),
    link: Sequence[str] = (),
) -> Built:
    """Build a Cargo project whose only program has the name of its package, and copy the program to `output`.

    `options` are given to rustc for every crate that the program consists of, `link` to the linker.

    Errors    as `compile_program`.
    """
    started = time.monotonic()
    recipe = recipe_for(target)
    name = _cargo_profile(profile)
    target_folder = cache_folder() / "projects" / hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    flags = "\x1f".join([recipe.environment["CARGO_ENCODED_RUSTFLAGS"], *options]).removeprefix("\x1f")
    environment = {**os.environ, **recipe.environment, "CARGO_ENCODED_RUSTFLAGS": flags}
    words = ("--profile", name, "--message-format=json", "--target-dir", str(target_folder))
    command = [str(recipe.cargo), "rustc", *recipe.arguments, *words, "--", *(f"-Clink-arg={word}" for word in link)]
    finished = _run(command, folder, timeout_s, environment=environment)
    messages = [json.loads(line) for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode:
        raise refused([each["message"] for each in messages if "message" in each], SourceMap(), finished.stderr)
    made = [each["executable"] for each in messages if each.get("executable")]
    if not made:
        raise _silent(f"the project makes no program: `{folder}`")
    _place(Path(made[-1]), output)
    return Built(output, time.monotonic() - started, output.stat().st_size, tuple(command))


def recipe_for(target: str | None) -> Recipe:
    """How to build for the target, or for this machine."""
    return require(target or host() or "x86_64-unknown-linux-gnu")


def attempt(job: Job) -> Built | SovereignError:
    """Compile one job; its error takes the place of a program."""
    try:
        return compile_program(job)
    except SovereignError as error:
        return error


def _cargo_profile(profile: Profile) -> str:
    return "dev" if profile is Profile.DEBUG else str(profile)


def _options(job: Job, recipe: Recipe) -> list[str]:
    options = ["--edition", EDITION, "--crate-name", "program", "--cap-lints=allow"]
    options += options_of(job.profile, unwinds=job.unwinds)
    if job.is_bare or not recipe.target.has_std:
        options += ["-Cpanic=abort"]
    if job.is_bare and recipe.target.has_std:
        options += ["-Clink-arg=-nostartfiles"]
    for name, path in job.externs:
        options += ["--extern", f"{name}={path}"]
    return options


def options_of(profile: Profile, *, unwinds: bool = False) -> tuple[str, ...]:
    """The options of a profile; nothing of a program that unwinds is compiled to end at once."""
    return tuple(option for option in OPTIONS[profile] if not (unwinds and option == "-Cpanic=abort"))


def _key(job: Job, recipe: Recipe, options: Sequence[str]) -> str:
    """What the program depends on; the names of prebuilt libraries hold their content's digest."""
    training = [[list(run.arguments), run.stdin.hex()] for run in job.training]
    facts = [recipe.target.triple, recipe.version, str(recipe.rustc), list(recipe.flags), list(options), training]
    return hashlib.sha256(json.dumps([facts, job.text]).encode("utf-8", "surrogatepass")).hexdigest()


def _compile(job: Job, recipe: Recipe, options: Sequence[str], folder: Path) -> Path:
    (folder / SOURCE).write_text(job.text)
    if not job.training:
        return _rustc(job, recipe, options, folder)
    profiles = folder / "profiles"
    learner = _rustc(job, recipe, [*options, f"-Cprofile-generate={profiles}"], folder)
    merged = learnt(learner, job.training, profiles, recipe)
    return _rustc(job, recipe, [*options, f"-Cprofile-use={merged}"], folder)


def _rustc(job: Job, recipe: Recipe, options: Sequence[str], folder: Path) -> Path:
    output = folder / "program"
    command = recipe.compile_command(*options, "--error-format=json", SOURCE, "-o", str(output))
    finished = _run(command, folder, job.timeout_s)
    if finished.returncode:
        messages = [json.loads(line) for line in finished.stderr.splitlines() if line.startswith("{")]
        raise refused(messages, job.origin, finished.stderr)
    if not output.is_file():
        raise _silent("rustc ended without a program")
    return output


def _run(
    command: Sequence[str], folder: Path, timeout_s: float, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=timeout_s
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _silent(f"the compiler gave no answer: `{error}`") from error


def _train(learner: Path, run: Training, folder: Path) -> None:
    finished = subprocess.run(
        [learner, *run.arguments], cwd=folder, input=run.stdin, capture_output=True, check=False, timeout=PATIENCE_S
    )
    if finished.returncode < 0:
        raise _untrained(f"a training run was ended by signal {-finished.returncode}")


def learnt(learner: Path, runs: Sequence[Training], profiles: Path, recipe: Recipe) -> Path:
    """Run a program that was built with `-Cprofile-generate` into the folder `profiles`; gives the merged records.

    Errors    DeviceError rust.training   when a run dies, nothing is recorded, or no tool can merge the records.
    """
    for run in runs:
        _train(learner, run, profiles.parent)
    merged = profiles.parent / "merged.profdata"
    for tool in _mergers(recipe):
        command = [tool, "merge", "-o", str(merged), str(profiles)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return merged
    remedy = "`rustup component add llvm-tools`, or the package `llvm` of the version that `rustc -vV` names"
    raise _untrained(f"no `llvm-profdata` fits this rustc, bring it with: {remedy}")


def _mergers(recipe: Recipe) -> list[str]:
    """The tools that may read what rustc records: the toolchain's own first; each refuses what it does not know."""
    beside = sorted(recipe.rustc.resolve().parents[1].glob("lib/rustlib/*/bin/llvm-profdata"))
    packaged = sorted(Path("/usr/lib").glob("llvm-*/bin/llvm-profdata"), reverse=True)
    return [str(path) for path in (*beside, *packaged)] + list(filter(shutil.which, ("rust-profdata", "llvm-profdata")))


def _keep(made: Path, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}.new")
    shutil.copy2(made, fresh)
    fresh.replace(kept)


def _place(made: Path, output: Path) -> None:
    """Put the program at its place; one that runs there meanwhile goes on, as its file is replaced and not written."""
    fresh = output.with_name(f".{output.name}.{os.getpid()}.{time.monotonic_ns()}.new")
    shutil.copy2(made, fresh)
    fresh.replace(output)


def _silent(text: str) -> DeviceError:
    return DeviceError("rust.compiler", text, backend="rustc", reason=text)


def _untrained(text: str) -> DeviceError:
    return DeviceError("rust.training", text, backend="llvm-profdata", reason=text)
