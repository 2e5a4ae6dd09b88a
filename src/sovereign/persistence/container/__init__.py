"""Model and data files, `.apr` and `.ald`: read, verified, written, signed, encrypted.

Enters: a path or bytes that nobody vouches for, or content to be written. Leaves: a `ModelFile` of which every byte has
a role, or a refusal with field, offset, what was expected and what was found; and files that are whole or not there.
In the order a file passes them: `source.py` reads by offset, `layout.py` says what is where, `readers.py` holds content
in one of four ways, `file.py` is what a program opens, `writing.py` makes new files, `crypto/` signs and encrypts.
`convert`, `bundle`, `compression`, `embedded`, `inside`, `card`, `licence` and `budget` are handed out as modules, for
those who need them.
`reference.py` is the slow plain twin of the header. Read `file.py` first.
"""

from __future__ import annotations

from sovereign.persistence.container import (
    budget,
    bundle,
    card,
    compression,
    convert,
    crypto,
    embedded,
    inside,
    licence,
)
from sovereign.persistence.container.file import ModelFile, decode_payload, open_file
from sovereign.persistence.container.header import Compression, Flag, Header, ModelType, Suite, read_header
from sovereign.persistence.container.layout import (
    Layout,
    Limits,
    Outline,
    Role,
    Section,
    TensorFlag,
    TensorPlace,
    Verdict,
    outline,
    verify,
)
from sovereign.persistence.container.modes import LoadConfig, LoadingMode, VerificationLevel
from sovereign.persistence.container.source import Source
from sovereign.persistence.container.writing import (
    ModelContent,
    payload_file,
    save,
    tensor_file,
    tensor_pieces,
    wrapped_file,
)

__all__ = [
    "Compression",
    "Flag",
    "Header",
    "Layout",
    "Limits",
    "LoadConfig",
    "LoadingMode",
    "ModelContent",
    "ModelFile",
    "ModelType",
    "Outline",
    "Role",
    "Section",
    "Source",
    "Suite",
    "TensorFlag",
    "TensorPlace",
    "Verdict",
    "VerificationLevel",
    "budget",
    "bundle",
    "card",
    "compression",
    "convert",
    "crypto",
    "decode_payload",
    "embedded",
    "inside",
    "licence",
    "open_file",
    "outline",
    "payload_file",
    "read_header",
    "save",
    "tensor_file",
    "tensor_pieces",
    "verify",
    "wrapped_file",
]
