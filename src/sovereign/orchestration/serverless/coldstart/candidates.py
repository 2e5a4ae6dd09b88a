"""What is compared: an empty process, our runtimes, and those of other languages, all with a handler that echoes.

Enters: a folder to build in. Leaves: `Candidate`s in the order of the table, and which ones are lacking and why. The
sources lie in `ours/` and `peers/`. Read `measurement.py` next.
"""

from __future__ import annotations

import importlib.util
import json
import runpy
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError, SovereignError
from sovereign.migration.rust import Job, Profile, compile_program
from sovereign.orchestration.serverless.elf import this_machine
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["FLOOR", "OUR_SOURCES", "Candidate", "Lacking", "candidates", "empty_program", "floor"]

FLOOR = "empty process"
_HERE = Path(__file__).parent
OUR_SOURCES = _HERE / "ours"
_CLIENT = _HERE.parent / "client.py"
_PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """A command, the folder that it runs in, the files that it consists of, and whether it is ours.

    `size_bytes` is what is deployed: the program, or the runtime's own files beside an interpreter that is there. An
    empty `event` is the one of the run, and `answer` is what it has to be answered with, the event itself where it is
    empty. `memory_mb` is what it may have, without a limit where it is 0.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    files: tuple[Path, ...]
    size_bytes: int
    is_ours: bool = False
    is_floor: bool = False
    event: bytes = b""
    answer: bytes = b""
    memory_mb: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A candidate that is not in the run, with the reason."""

    name: str
    reason: str


def candidates(
    folder: Path, peers: Sequence[str] = (), *, only: Sequence[str] = ()
) -> tuple[list[Candidate], list[Lacking]]:
    """Build whatever can be built here, or `only` some of it; `peers` are further programs, as NAME=PATH.

    Errors    ParameterError serverless.peer        when a peer is no NAME=PATH, or nothing is there.
              ParameterError serverless.candidate   when there is no candidate of a name in `only`.
    """
    for name in only:
        if name not in _MAKERS:
            near = nearest(name, _MAKERS)
            text = f"there is no candidate of that name: `{name}`"
            raise ParameterError("serverless.candidate", text, name="only", value=name, allowed=near or list(_MAKERS))
    further = [_peer(each) for each in peers]
    found: list[Candidate] = [floor(folder)]
    lacking: list[Lacking] = []
    for name, make in _MAKERS.items():
        if only and name not in only:
            continue
        place = folder / name.replace(" ", "_")
        place.mkdir()
        try:
            found.append(make(name, place))
        except _Absent as absent:
            lacking.append(Lacking(name, str(absent)))
        except SovereignError as error:
            lacking.append(Lacking(name, f"it cannot be built: {error}"))
    return [*found, *further], lacking


class _Absent(Exception):  # noqa: N818 - it ends in a line of the table
    """What a candidate needs is not on this machine."""


def floor(folder: Path) -> Candidate:
    """The empty process, as a candidate."""
    path = folder / "empty"
    path.write_bytes(empty_program())
    path.chmod(0o755)
    return Candidate(FLOOR, (str(path),), folder, (path,), path.stat().st_size, is_floor=True)


def empty_program() -> bytes:
    """A program that ends at once, without a loader or a library: what starting any process costs here.

    Errors    none; it is written for x86-64 and for arm64, and the other one's is of no use on a machine.
    """
    # exit_group(0): `mov eax, 231; xor edi, edi; syscall`, or `mov x8, 94; mov x0, 0; svc 0`.
    is_arm = this_machine() == "arm64"
    code = bytes.fromhex("c80b80d2000080d2010000d4" if is_arm else "b8e700000031ff0f05")
    base, head, entry = 0x400000, 64, 64 + 56
    size = entry + len(code)
    machine = 183 if is_arm else 62
    header = struct.pack(
        "<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 2, machine, 1, base + entry, head, 0, 0, head, 56, 1, 0, 0, 0
    )
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x10000)
    return header + segment + code


def _program(name: str, path: Path, **facts: object) -> Candidate:
    return Candidate(name, (str(path),), path.parent, (path,), path.stat().st_size, **facts)  # type: ignore[arg-type]


def _bootstrap(name: str, folder: Path) -> Candidate:
    return _program(name, _built("echo.rs", folder, "handle"), is_ours=True)


def _router(name: str, folder: Path) -> Candidate:
    event, answer = _ordered()
    return _program(name, _built("router.py", folder, "handler"), is_ours=True, event=event, answer=answer)


def _rust_router(name: str, folder: Path) -> Candidate:
    event, answer = _ordered()
    # The helper says it always; a gateway takes it for granted.
    whole = json.dumps({**json.loads(answer), "isBase64Encoded": False}).encode()
    return _program(name, _built("router.rs", folder, "handle"), is_ours=True, event=event, answer=whole)


def _built(source: str, folder: Path, function: str) -> Path:
    from sovereign.orchestration.serverless.native import build

    output = folder / "bootstrap"
    build(OUR_SOURCES / source, arch=this_machine() or "x86_64", output=output, function=function)
    return output


def _ordered() -> tuple[bytes, bytes]:
    """An order of the routers, and what Python answers."""
    order = {"customer": "Ada", "items": [{"price": 2, "count": 3}]}
    context = {"stage": "bench"}
    event = {"httpMethod": "POST", "path": "/orders", "requestContext": context, "body": json.dumps(order)}
    answer = runpy.run_path(str(OUR_SOURCES / "router.py"))["handler"](event, None)
    return json.dumps(event).encode(), json.dumps(answer).encode()


def _our_python(name: str, folder: Path) -> Candidate:
    handler = _handler(folder)
    command = (sys.executable, "-I", "-S", str(_CLIENT), "handler.handler")
    return Candidate(name, command, folder, (_CLIENT, handler), _CLIENT.stat().st_size, is_ours=True)


def _awslambdaric(name: str, folder: Path) -> Candidate:
    spec = importlib.util.find_spec("awslambdaric")
    if spec is None or spec.origin is None:
        message = "the package awslambdaric is not installed"
        raise _Absent(message)
    package = Path(spec.origin).parent
    files = tuple(each for each in package.rglob("*.py") if each.is_file())
    native = tuple(package.parent.glob("runtime_client*.so"))
    size = sum(each.stat().st_size for each in (*files, *native))
    command = (sys.executable, "-m", "awslambdaric", "handler.handler")
    return Candidate(name, command, folder, (*files, *native, _handler(folder)), size)


def _handler(folder: Path) -> Path:
    return Path(shutil.copy(_HERE / "peers" / "handler.py", folder / "handler.py"))


def _c(name: str, folder: Path) -> Candidate:
    output = folder / "echo"
    _made(["cc", "-D_GNU_SOURCE", "-O2", "-static", "-o", str(output), str(_HERE / "peers" / "echo.c")])
    return _program(name, output)


def _rust(name: str, folder: Path) -> Candidate:
    output = folder / "echo"
    text = (_HERE / "peers" / "echo.rs").read_text(encoding="utf-8")
    compile_program(Job(text, output, profile=Profile.RELEASE))
    return _program(name, output)


def _go(name: str, folder: Path) -> Candidate:
    output = folder / "echo"
    _made(["go", "build", "-ldflags=-s -w", "-o", str(output), str(_HERE / "peers" / "echo.go")])
    return _program(name, output)


def _node(name: str, folder: Path) -> Candidate:
    script = _HERE / "peers" / "echo.js"
    return Candidate(name, (_tool("node"), str(script)), folder, (script,), script.stat().st_size)


def _java(name: str, folder: Path) -> Candidate:
    java = _tool("java")
    _made(["javac", "-d", str(folder), str(_HERE / "peers" / "Echo.java")])
    made = folder / "Echo.class"
    return Candidate(name, (java, "-cp", str(folder), "Echo"), folder, (made,), made.stat().st_size)


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        message = f"`{name}` is not installed"
        raise _Absent(message)
    return path


def _made(command: list[str]) -> None:
    """Run a compiler that is there."""
    _tool(command[0])
    finished = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if finished.returncode:
        message = f"`{command[0]}` fails: {finished.stderr.strip().splitlines()[-1:]}"
        raise _Absent(message)


def _peer(words: str) -> Candidate:
    name, is_named, place = words.partition("=")
    path = Path(place).resolve()
    if not name or not is_named or not path.is_file():
        text = f"a peer is NAME=PATH with a program there: `{words}`"
        raise ParameterError("serverless.peer", text, name="peer", value=words, allowed=["NAME=PATH"])
    return _program(name, path)


_MAKERS: dict[str, Callable[[str, Path], Candidate]] = {
    "sovereign echo": _bootstrap,
    "sovereign router": _rust_router,
    "sovereign router, from Python": _router,
    "C, static": _c,
    "Rust, std": _rust,
    "Go": _go,
    "sovereign Python": _our_python,
    "awslambdaric": _awslambdaric,
    "Node": _node,
    "Java": _java,
}
