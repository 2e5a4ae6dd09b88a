"""From a handler to what is deployed: a zip, and what it says about itself.

Enters: a handler in Python, Ruchy or Rust. Leaves: an archive with a native `bootstrap`, or with the Python files and
our runtime client, and what each part weighs. The same source gives the same bytes. `native.py` builds programs,
`deployment.py` writes the texts that deploy them. Read `archive.py` for the zip.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.orchestration.serverless.archive import Entry, archive
from sovereign.orchestration.serverless.elf import read_program, this_machine
from sovereign.shell.files import read_bytes, write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BOOTSTRAP",
    "CLIENT",
    "WRAPPER",
    "Arch",
    "Bundle",
    "Order",
    "Part",
    "Style",
    "model_map",
    "packed",
    "write_bundle",
]

BOOTSTRAP = "bootstrap"
CLIENT = "sovereign_client.py"
WRAPPER = "start"
_RUN = 0o755
# The service calls the wrapper with the interpreter and what it would have started.
_WRAPPER_TEXT = f"""#!/bin/sh
exec "${{1:-python3}}" -I -S "$LAMBDA_TASK_ROOT/{CLIENT}" "$_HANDLER"
"""


class Arch(StrEnum):
    """The machine that a bundle is for, by the service's names."""

    X86_64 = "x86_64"
    ARM64 = "arm64"

    @classmethod
    def of_this_machine(cls) -> Arch:
        """The machine that this runs on; where the service has none like it, its usual one."""
        return cls(this_machine() or cls.X86_64)


class Style(StrEnum):
    """What runs in the function: a program of its own, or the service's Python with our client."""

    NATIVE = "native"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Order:
    """What to bundle: the handler's file, its function where it is not the one that the language expects, and how.

    `embed` is the map of model files, by the literal under which the handler loads each. `training` are events that the
    program is optimised for; `level` is how the compiler optimises the handler, its own choice where it is empty.
    """

    handler: Path
    function: str = "handler"
    style: Style = Style.NATIVE
    arch: Arch = Arch.X86_64
    embed: tuple[tuple[str, Path], ...] = ()
    training: tuple[bytes, ...] = ()
    level: str = ""

    @property
    def name(self) -> str:
        """The name of the function as it is deployed."""
        return self.handler.resolve().parent.name if self.handler.stem == "handler" else self.handler.stem

    @property
    def handler_name(self) -> str:
        """What `_HANDLER` holds."""
        return f"{self.handler.stem}.{self.function}" if self.style is Style.PYTHON else BOOTSTRAP


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bundle and its size, unpacked."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it was written."""

    path: Path
    order: Order
    sha256: str
    packed_bytes: int
    parts: tuple[Part, ...]

    @property
    def unpacked_bytes(self) -> int:
        """Bytes of all files."""
        return sum(each.size_bytes for each in self.parts)

    def to_json(self) -> dict[str, object]:
        """The bundle as a JSON object."""
        return {
            "path": str(self.path),
            "style": str(self.order.style),
            "arch": str(self.order.arch),
            "sha256": self.sha256,
            "packed_bytes": self.packed_bytes,
            "unpacked_bytes": self.unpacked_bytes,
            "parts": [{"name": each.name, "size_bytes": each.size_bytes} for each in self.parts],
        }


def write_bundle(order: Order, output: Path, *, force: bool = False) -> Bundle:
    """Build a handler and write its archive.

    Errors    ParameterError serverless.source    when the file is in no language that a handler can be in, or is to
                                                  stay Python and is not in it.
              ParameterError serverless.training   when events to learn from are given, and they cannot be run here.
              SourceError depyler.refused, ruchy.*, rust.rejected   when it is not compiled; nothing is written.
    """
    entries, parts = packed(order)
    data = archive(entries)
    write_atomically(output, data, force=force)
    return Bundle(output, order, hashlib.sha256(data).hexdigest(), len(data), tuple(parts))


def packed(order: Order) -> tuple[list[Entry], list[Part]]:
    """The files of a bundle and the parts that it consists of."""
    from sovereign.orchestration.serverless.native import SOURCES, no_handler

    allowed = SOURCES if order.style is Style.NATIVE else (".py",)
    if order.handler.suffix not in allowed:
        raise no_handler(order.handler, allowed)
    if order.training and (order.style is not Style.NATIVE or order.arch is not Arch.of_this_machine()):
        text = f"only a native program for this machine can be trained: `{order.style}` for {order.arch}"
        fitting = [str(Style.NATIVE), str(Arch.of_this_machine())]
        raise ParameterError("serverless.training", text, name="pgo", value=str(order.arch), allowed=fitting)
    read_bytes(order.handler)
    return _native(order) if order.style is Style.NATIVE else _python(order)


def _native(order: Order) -> tuple[list[Entry], list[Part]]:
    from sovereign.orchestration.serverless.native import build

    embed: Mapping[str, Path] = dict(order.embed)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / BOOTSTRAP
        made = build(
            order.handler,
            arch=order.arch,
            embed=embed,
            output=output,
            function=order.function,
            training=order.training,
            level=order.level,
        )
        data = output.read_bytes()
    files = [(name, read_bytes(path)) for name, path in sorted(embed.items())]
    return [Entry(BOOTSTRAP, data, _RUN)], _program_parts(data, [*made.held, *files])


def _program_parts(data: bytes, files: Sequence[tuple[str, bytes]]) -> list[Part]:
    """What a program consists of; files are taken out of the constants, where they stand byte by byte."""
    program = read_program(data)
    held = [Part(f"model {name}", len(content)) for name, content in files if content in data]
    constants = program.constant_bytes - sum(each.size_bytes for each in held)
    rest = len(data) - program.code_bytes - program.constant_bytes - program.data_bytes
    return [
        Part("code", program.code_bytes),
        Part("constants", constants),
        *held,
        Part("data", program.data_bytes),
        Part("headers and padding", rest),
    ]


def _python(order: Order) -> tuple[list[Entry], list[Part]]:
    from sovereign.migration.depyler import read_program as read_sources

    root = order.handler.parent
    sources = read_sources(order.handler)
    files = [order.handler, *(Path(path) for path, _ in sources.modules.values())]
    entries = [Entry(str(path.relative_to(root)), read_bytes(path)) for path in sorted(set(files))]
    entries += [Entry(name, read_bytes(path)) for name, path in order.embed]
    entries.append(Entry(CLIENT, Path(__file__).with_name("client.py").read_bytes()))
    entries.append(Entry(WRAPPER, _WRAPPER_TEXT.encode(), _RUN))
    return entries, [Part(each.name, len(each.content)) for each in sorted(entries)]


def model_map(words: Sequence[str]) -> tuple[tuple[str, Path], ...]:
    """The map of `--model`: a file stands for the literal that is its name, or for the one before `=`.

    >>> model_map(["build/triage.apr", "m.apr=/tmp/other.apr"])
    (('triage.apr', PosixPath('build/triage.apr')), ('m.apr', PosixPath('/tmp/other.apr')))
    """
    found = []
    for word in words:
        name, is_named, path = word.partition("=")
        found.append((name, Path(path)) if is_named else (Path(word).name, Path(word)))
    return tuple(found)
