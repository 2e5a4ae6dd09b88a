"""The zip that a function is deployed as: the same bytes for the same content, run bits kept.

Enters: files by name, with their modes. Leaves: an archive without times, owners or order of the machine that made it.

>>> first, again = archive([Entry("b", b"1"), Entry("a", b"2")]), archive([Entry("a", b"2"), Entry("b", b"1")])
>>> first == again
True
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from sovereign.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Entry", "archive", "refusal", "unpack"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_REGULAR = 0o100000
_LIMIT_BYTES = 250 * 1024 * 1024
"""What the service takes, unpacked."""


class Entry(NamedTuple):
    """One file of the archive."""

    name: str
    content: bytes
    mode: int = 0o644


def archive(entries: Iterable[Entry]) -> bytes:
    """The archive as bytes, its entries by name."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for each in sorted(entries):
            facts = zipfile.ZipInfo(each.name, _EPOCH)
            facts.create_system = _UNIX
            facts.external_attr = (_REGULAR | each.mode) << 16
            facts.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(facts, each.content, compresslevel=9)
    return held.getvalue()


def unpack(path: Path, folder: Path) -> None:
    """Write the files of an archive into an empty folder, with their run bits.

    Errors    FormatError serverless.archive   when it is no zip, reaches out of the folder, or is larger than the
                                               service takes.
    """
    try:
        with zipfile.ZipFile(path) as file:
            members = file.infolist()
            if sum(each.file_size for each in members) > _LIMIT_BYTES:
                raise refusal(path, f"at most {_LIMIT_BYTES:,} bytes unpacked", "more")
            for each in members:
                target = (folder / each.filename).resolve()
                if not target.is_relative_to(folder.resolve()):
                    raise refusal(path, "files inside of the folder", each.filename)
                if each.is_dir():
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read(each))
                target.chmod(each.external_attr >> 16 & 0o777 or 0o644)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise refusal(path, "a zip file", str(error)) from error


def refusal(path: Path, expected: str, got: str) -> FormatError:
    """The error of an archive that does not hold what it should."""
    text = f"a function's archive holds {expected}; found {got} in: `{path}`"
    return FormatError(
        "serverless.archive", text, path=str(path), offset=0, field="archive", expected=expected, got=got
    )
