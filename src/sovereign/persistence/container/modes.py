"""How a file is held while it is open, and how much of it is checked before it is believed.

Enters: what a program knows of its machine. Leaves: a `LoadConfig`. The modes differ in what they cost, which
`ModelFile.bytes_read` and the process's memory show; `benchmarks/model_file` measures both. Read `file.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sovereign.errors import ParameterError
from sovereign.persistence.container.layout import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.compute.trueno import Backend
    from sovereign.persistence.container.crypto import TrustStore

__all__ = ["LoadConfig", "LoadingMode", "VerificationLevel"]


class LoadingMode(StrEnum):
    """Where the bytes of an open file are."""

    EAGER = "eager"
    """All of them in memory, read and checked at once; nothing on disk matters after that."""
    MAPPED_DEMAND = "mapped_demand"
    """In the system's cache; tensors are views of it, and pages come when they are touched."""
    STREAMING = "streaming"
    """On disk; content passes through one buffer of fixed size, a piece at a time."""
    LAZY_SECTION = "lazy_section"
    """On disk; a section is read when it is first asked for, and kept while it fits."""


class VerificationLevel(StrEnum):
    """What must hold before content is handed out."""

    UNSAFE_SKIP = "unsafe_skip"
    """The structure alone: a changed number goes unnoticed. For tests of damaged files."""
    CHECKSUM_ONLY = "checksum_only"
    """The checksum, where the layout has one."""
    STANDARD = "standard"
    """The checksum, and the signature of a signed file: it must hold and its key be trusted."""
    PARANOID = "paranoid"
    """As standard, at once in every mode; a file without checksum is refused, and numbers must be finite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadConfig:
    """How to open a file.

    mode              where its bytes are; see `LoadingMode`.
    max_memory_bytes  the most that content may take, None for no limit but that of `limits`; a file that needs more is
                      refused before memory is asked for.
    verification      what must hold. Modes that read all of the file check it when it is opened; `MAPPED_DEMAND` and
                      `LAZY_SECTION`, which exist to read little, check the structure then and the rest in
                      `ModelFile.verify`, unless the level is paranoid.
    backend           the instruction set by which codes of 8 bits are expanded; None for the fastest.
    buffer_pool       gives writable buffers of a size in bytes, for content that is read; None for fresh memory.
    limits            the most that headers and indexes may take.
    trust             whose signatures are believed; None for the user's own store.
    buffer_bytes      the size of the one buffer of `STREAMING`.
    """

    mode: LoadingMode = LoadingMode.MAPPED_DEMAND
    max_memory_bytes: int | None = None
    verification: VerificationLevel = VerificationLevel.STANDARD
    backend: Backend | None = None
    buffer_pool: Callable[[int], memoryview] | None = None
    limits: Limits = field(default_factory=Limits)
    trust: TrustStore | None = None
    buffer_bytes: int = 1 << 20

    def __post_init__(self) -> None:
        for name in ("max_memory_bytes", "buffer_bytes"):
            value = getattr(self, name)
            if value is not None and value < 1:
                message = f"`{name}` should be at least 1 byte, it is: `{value}`"
                raise ParameterError("container.parameter", message, name=name, value=value, allowed="1 or more")

    def require_memory(self, needed: int, what: str) -> None:
        """Refuse content that does not fit.

        Errors    ParameterError  `container.memory`, before anything is allocated.
        """
        most = self.limits.payload_bytes if self.max_memory_bytes is None else self.max_memory_bytes
        if needed > most:
            message = f"{what} needs more than the {most} bytes that may be used: `{needed}`"
            raise ParameterError("container.memory", message, name="max_memory_bytes", value=needed, allowed=most)
