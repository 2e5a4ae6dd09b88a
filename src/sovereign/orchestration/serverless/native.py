"""From a handler's source to a program that is the whole function: no loader, no C library, no interpreter.

Enters: a handler in Python, Ruchy or Rust. Leaves: a static program for Linux that holds it and the runtime of
`migration/rust/bootstrap`. The handler is a library of a Cargo project outside of every workspace, and the program
around it calls it directly. What the handler's compiler refuses is refused here, with its findings.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import time
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.diagnostic import Diagnostic, Level, Span
from sovereign.errors import ParameterError, SourceError
from sovereign.migration.rust import Built, Profile, Training, compile_project, learnt, recipe_for, runtime_files
from sovereign.shell.cache import cache_folder, locked
from sovereign.shell.files import read_bytes, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["SOURCES", "TARGETS", "Function", "build", "build_written", "no_handler", "write_function"]

SOURCES = (".py", ".rs", ".ruchy")
"""How the files of handlers end."""
TARGETS = {"x86_64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}
"""The Rust target of each machine; nothing of its C library is used."""

_TEMPLATES = Path(__file__).with_name("start")
# Every arm64 machine of the service is a Graviton2 or newer.
_OPTIONS = {"x86_64": (), "arm64": ("-Ctarget-cpu=neoverse-n1",)}
_STATIC = ("-Crelocation-model=static", "-Cforce-unwind-tables=no", "--cap-lints=allow")
_LINK = ("-nostartfiles", "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none", "-Wl,-z,noexecstack")
_MANIFEST = """[package]
name = "function"
version = "0.1.0"
edition = "2021"
[workspace]
[dependencies]
bootstrap = { path = "bootstrap" }
handler = { path = "handler" }
[profile.release-ultra]
inherits = "release"
opt-level = "z"
lto = "fat"
codegen-units = 1
panic = "abort"
strip = true
[profile.release-ultra.package.handler]
opt-level = {level}
"""
_HANDLER_MANIFEST = """[package]
name = "handler"
version = "0.1.0"
edition = "2021"
[dependencies]
bootstrap = { path = "../bootstrap" }
"""
_MATHS = 'libm = "0.2"\n'
_PREDICT = 'predict = {{ path = "predict", default-features = false, features = {features} }}\n'
_FUNCTION = """{uses}
struct Function;

impl Handler for Function {{
    const STREAMS: bool = {streams};

    fn init(&mut self) -> Result<(), HandlerError> {{
        {init}
    }}

    fn handle(&mut self, ctx: &Context<'_>, event: &[u8], out: &mut Writer<'_>) -> Result<(), HandlerError> {{
        {handle}
    }}
}}
"""
_PROGRAM = "#![no_std]\n#![no_main]\n\n{function}\nbootstrap::start!(Function);\n"
# The same handler in an ordinary program, which can record what it does: an event in each line of its input.
_LEARNER = """{function}
// The entry point has it, for signals. They are of no use here, yet what is counted stays in the program.
#[no_mangle]
extern "C" fn bootstrap_restore() {{}}

fn main() {{
    Function.init().unwrap_or_else(|_| std::process::exit(1));
    let mut room = vec![0; 1 << 16];
    for event in std::io::stdin().lines() {{
        let mut out = Writer::over(&mut room);
        let _ = Function.handle(&Context::default(), event.expect("an event").as_bytes(), &mut out);
    }}
}}
"""
_USES = "use bootstrap::{Context, Handler, HandlerError, Writer};\n"
_WORLD_USES = "extern crate alloc;\n\nmod world;\n\n" + _USES
_HELD = "handler/models/"
_MAIN, _LEARNER_MAIN = "src/main.rs", "src/learner.rs"
_RUST_LIBRARY = """#![no_std]
extern crate alloc;
mod source;
pub use source::*;
"""


@dataclass(frozen=True, slots=True)
class Function(Built):
    """The program of a function; `held` are the files that it has in it as bytes, by name: the models."""

    held: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A handler as a library, and how the program around it calls it."""

    library: str
    init: str
    handle: str
    uses: str = _USES
    streams: bool = False
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    source: Path | None = None
    features: tuple[str, ...] = ()
    level: str | int = "s"
    """How the handler is optimised: for size, or above all for size."""


def build(
    handler: Path,
    *,
    arch: str = "x86_64",
    embed: Mapping[str, Path] | None = None,
    output: Path,
    function: str | None = None,
    training: Sequence[bytes] = (),
    level: str = "",
) -> Function:
    """Build the program of a function.

    `embed` are files by the literal under which the handler names them; they become part of the program. `function`
    is the function that answers, `handler` in Python and Ruchy and `handle` in Rust unless it says something else. With
    `training`, events without line breaks, the handler is optimised for speed by what it does with those; `level` is
    how the compiler optimises it otherwise (`1`, `2`, `3`, `s`, `z`), its own choice where it is empty.

    Errors    ParameterError serverless.source       when the file is in no language that a handler can be in.
              ParameterError serverless.arch         when there is no such machine.
              SourceError serverless.handler         when a file of Rust has no function that answers.
              SourceError depyler.refused, ruchy.*, rust.rejected   when the handler is not compiled.
              DeviceError targets.missing            when the machine's target cannot be built here.
              DeviceError rust.training              when the handler cannot be run with the events here.
    Cost      about two seconds for a small handler; nothing but a copy when it was built before.
    """
    require_arch(arch)
    parts = _at_level(_parts(handler, function, dict(embed or {})), "3" if training else level)
    return _built(_project(parts), arch, output, parts.source, training)


def write_function(
    handler: Path,
    folder: Path,
    *,
    embed: Mapping[str, Path] | None = None,
    function: str | None = None,
    level: str = "",
) -> list[str]:
    """Write the project of a function into a folder, and give the files' paths in it; `build_written` builds it.

    Errors    as `build`, without those of the machine.
    """
    files = _project(_at_level(_parts(handler, function, dict(embed or {})), level))
    _lay_out(files, folder)
    return sorted(files)


def build_written(folder: Path, names: Sequence[str], *, arch: str, output: Path) -> Function:
    """Build the program of a function out of the project's files as they lie in a folder.

    Errors    NotFound shell.not_found         when one of the files is not there.
              ParameterError serverless.arch   when there is no such machine.
              SourceError rust.rejected        when rustc refuses what somebody changed.
              DeviceError targets.missing      when the machine's target cannot be built here.
    """
    require_arch(arch)
    return _built({name: read_bytes(folder / name) for name in names}, arch, output, None, ())


def require_arch(arch: str) -> None:
    """See that a function runs on such machines.

    Errors    ParameterError serverless.arch   when it does not.
    """
    if arch not in TARGETS:
        text = f"a function runs on {' or '.join(TARGETS)}: `{arch}`"
        raise ParameterError("serverless.arch", text, name="arch", value=arch, allowed=list(TARGETS))


def _at_level(parts: _Parts, level: str) -> _Parts:
    if not level:
        return parts
    return replace(parts, level=int(level) if level.isdecimal() else level)


def _built(
    files: Mapping[str, bytes], arch: str, output: Path, source: Path | None, training: Sequence[bytes]
) -> Function:
    started = time.monotonic()
    kept = cache_folder() / "functions" / arch / _digest(files, arch, training)
    is_cached = kept.is_file()
    command: tuple[str, ...] = ()
    if not is_cached:
        command = _compile(files, arch, kept, source, training)
    shutil.copy2(kept, output)
    held = tuple((Path(name).name, content) for name, content in files.items() if name.startswith(_HELD))
    return Function(output, time.monotonic() - started, output.stat().st_size, command, is_cached, held)


# languages


def _parts(handler: Path, function: str | None, embed: Mapping[str, Path]) -> _Parts:
    match handler.suffix:
        case ".rs":
            return _rust_parts(handler, function, embed)
        case ".py":
            return _python_parts(handler, function or "handler", embed)
        case ".ruchy":
            return _ruchy_parts(handler, function or "handler")
    raise no_handler(handler, SOURCES)


def no_handler(handler: Path, allowed: Iterable[str]) -> ParameterError:
    """The error of a handler whose file ends otherwise than with one of these."""
    endings = sorted(allowed)
    text = f"a handler is a file that ends with {' or '.join(endings)}: `{handler}`"
    return ParameterError("serverless.source", text, name="HANDLER", value=str(handler), allowed=endings)


def _rust_parts(handler: Path, function: str | None, embed: Mapping[str, Path]) -> _Parts:
    text = read_text(handler)
    names = re.findall(r"^\s*pub\s+fn\s+(\w+)", text, re.MULTILINE)
    # `handler` is what the other languages call it, and what was named by nobody.
    wanted = ["handle", "handler"] if function in {None, "handler"} else [str(function)]
    name = next((each for each in wanted if each in names), None)
    if name is None:
        said = f"a handler in Rust has a function `pub fn {wanted[0]}(ctx, event, out)`"
        finding = Diagnostic("serverless.handler", Level.ERROR, said, Span(str(handler), 1, 1, 1, 2))
        raise SourceError("serverless.handler", f"{said}: `{handler}`", diagnostics=[finding])
    init = "handler::init()" if "init" in names else "Ok(())"
    files: dict[str, str | bytes] = {"handler/src/source.rs": text}
    files |= {f"handler/src/{literal}": read_bytes(path) for literal, path in embed.items()}
    return _Parts(
        _RUST_LIBRARY,
        init,
        f"handler::{name}(ctx, event, out)",
        # Nobody streams without the word.
        streams="stream" in text,
        files=files,
        source=handler,
    )


def _python_parts(handler: Path, function: str, embed: Mapping[str, Path]) -> _Parts:
    from sovereign.migration.depyler import Form, emit_rust

    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "handler"
        emit_rust(handler, written, Form(no_std=True, handler=function), embed=embed)
        library = (written / "src" / "lib.rs").read_text()
        wanted = tomllib.loads((written / "Cargo.toml").read_text())["dependencies"]
        # What a model brings: its images, and the crates that run them.
        crates = [path for part in ("models", "predict", "trueno") for path in sorted((written / part).rglob("*"))]
        brought = {f"handler/{path.relative_to(written)}": path.read_bytes() for path in crates if path.is_file()}
    features = tuple(wanted["predict"]["features"]) if "predict" in wanted else ()
    return replace(_in_a_world(library, brought), features=features)


def _ruchy_parts(handler: Path, function: str) -> _Parts:
    from sovereign.migration.ruchy import handler_library

    return replace(_in_a_world(handler_library(str(handler), function).text, {}), level="z")


def _in_a_world(library: str, brought: Mapping[str, bytes]) -> _Parts:
    """A library that asks a `Platform` for what it needs of the world."""
    return _Parts(
        library,
        "handler::init(&world::WORLD)",
        "bootstrap::msgpack::as_json(ctx, event, |event| handler::handle(ctx, event, out))",
        uses=_WORLD_USES,
        files={"src/world.rs": read_text(_TEMPLATES / "world.rs"), **brought},
    )


# the project


def _project(parts: _Parts) -> dict[str, bytes]:
    """All files of the project, by path."""
    handler_manifest = _HANDLER_MANIFEST + (_MATHS if "libm::" in parts.library else "")
    if parts.features:
        handler_manifest += _PREDICT.format(features=json.dumps(list(parts.features)))
    streams = str(parts.streams).lower()
    function = _FUNCTION.format(uses=parts.uses, streams=streams, init=parts.init, handle=parts.handle)
    texts: dict[str, str | bytes] = {
        "Cargo.toml": _MANIFEST.replace("{level}", json.dumps(parts.level)),
        _MAIN: _PROGRAM.format(function=function),
        _LEARNER_MAIN: _LEARNER.format(function=function),
        "start.ld": read_text(_TEMPLATES / "start.ld"),
        "handler/Cargo.toml": handler_manifest,
        "handler/src/lib.rs": parts.library,
        **parts.files,
        **runtime_files("bootstrap"),
    }
    return {name: text.encode() if isinstance(text, str) else text for name, text in texts.items()}


def _digest(files: Mapping[str, bytes], arch: str, training: Sequence[bytes]) -> str:
    recipe = recipe_for(TARGETS[arch])
    facts = [arch, recipe.version, str(recipe.rustc), *recipe.flags, *_STATIC, *_OPTIONS[arch], *_LINK]
    digest = hashlib.sha256(json.dumps([facts, [each.hex() for each in training]]).encode())
    for name, content in sorted(files.items()):
        digest.update(f"\0{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _compile(
    files: Mapping[str, bytes], arch: str, kept: Path, source: Path | None, training: Sequence[bytes]
) -> tuple[str, ...]:
    """Build in the folder of this machine, where the runtime stays compiled, and keep the program."""
    folder = cache_folder() / "functions" / arch / "project"
    with locked(cache_folder() / "locks" / f"function-{arch}.lock"), tempfile.TemporaryDirectory() as scratch:
        options: tuple[str, ...] = (*_STATIC, *_OPTIONS[arch])
        fresh = kept.with_suffix(".new")
        try:
            if training:
                options = (*options, f"-Cprofile-use={_learnt(files, arch, options, training, Path(scratch))}")
            _lay_out(files, folder)
            link = (*_LINK, f"-Wl,-T,{folder / 'start.ld'}")
            built = compile_project(
                folder, fresh, profile=Profile.ULTRA, target=TARGETS[arch], options=options, link=link
            )
        except SourceError as error:
            raise _at_home(error, source) from error
        fresh.replace(kept)
    return built.command


def _learnt(
    files: Mapping[str, bytes], arch: str, options: Sequence[str], training: Sequence[bytes], scratch: Path
) -> Path:
    """What the handler does with events, as records for the compiler.

    Its crates stand where they stand for the function: that gives their items the names by which records are found.
    """
    folder = cache_folder() / "functions" / arch / "project"
    _lay_out({**files, _MAIN: files[_LEARNER_MAIN]}, folder)
    profiles = scratch / "profiles"
    learner = scratch / "learner"
    compile_project(
        folder,
        learner,
        profile=Profile.ULTRA,
        target=TARGETS[arch],
        options=(*options, f"-Cprofile-generate={profiles}"),
    )
    return learnt(learner, [Training(stdin=b"\n".join(training))], profiles, recipe_for(TARGETS[arch]))


def _lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Make the folder hold these files and nothing else of ours; a file that is right stays, with its time."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [each for part in ("src", "handler", "bootstrap") for each in (folder / part).rglob("*")]:
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _at_home(error: SourceError, source: Path | None) -> SourceError:
    """The findings at the places of the user's file, where the library is that file."""
    if source is None:
        return error
    found = [_moved(each, str(source)) for each in error.diagnostics if isinstance(each, Diagnostic)]
    message = f"rustc refuses the handler: {found[0].message}"
    return SourceError("rust.rejected", message, diagnostics=found)


def _moved(finding: Diagnostic, path: str) -> Diagnostic:
    span = finding.span
    if isinstance(span, Span) and span.path.endswith("handler/src/source.rs"):
        return replace(finding, span=replace(span, path=path))
    return finding
