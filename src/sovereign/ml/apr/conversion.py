"""Files in another layout, with an account of what did not come along.

Enters: a path of layout A1 to A5 or of safetensors. Leaves: a new file and a document. The file is proved before it is
converted, so that damage does not travel on under a fresh checksum. Read `bundling.py` next.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from sovereign.errors import GateFailed, ParameterError
from sovereign.persistence.container import Compression, LoadConfig, VerificationLevel, convert, open_file
from sovereign.shell.files import require_free, write_atomically

__all__ = ["COMPRESSIONS", "ConvertDocument", "converted", "embedded", "format_for"]

COMPRESSIONS = {
    "none": Compression.NONE,
    "zstd": Compression.ZSTD,
    "zstd-max": Compression.ZSTD_MAX,
    "lz4": Compression.LZ4,
}
_SAFETENSORS = ".safetensors"
_BY_SUFFIX = {".apr": convert.Format.A2, _SAFETENSORS: convert.Format.SAFETENSORS}


class ConvertDocument(TypedDict):
    """What `apr convert --json` prints."""

    file: str
    source_layout: str
    output: str
    output_layout: str
    size_bytes: int
    carried: list[str]
    lost: list[str]


def format_for(output: str, named: str | None) -> convert.Format:
    """The layout to write: the one that is named, else by the ending, where `.apr` means A2.

    Errors    ParameterError  `container.parameter` when none is named and the ending is of something else.

    >>> str(format_for("m.safetensors", None)), str(format_for("m.apr", None)), str(format_for("m.apr", "a1"))
    ('safetensors', 'a2', 'a1')
    """
    if named is not None:
        return convert.Format(named)
    suffix = Path(output).suffix
    if suffix not in _BY_SUFFIX:
        allowed = " or ".join(_BY_SUFFIX)
        message = f"without `--to` the name should end in {allowed}, it is: `{output}`"
        raise ParameterError("container.parameter", message, name="output", value=output, allowed=allowed)
    return _BY_SUFFIX[suffix]


def converted(
    path: str,
    output: str,
    target: convert.Format,
    *,
    compression: Compression | None = None,
    strict: bool = False,
    force: bool = False,
) -> ConvertDocument:
    """Write the content of a file in another layout.

    Errors    GateFailed      `apr.lossy` when `strict` is given and something would be lost; nothing is written then.
              IntegrityError  when the file is damaged.
              ParameterError  when its layout is not converted, or a file is there and `force` is not given.
    """
    require_free(output, force=force)
    layout, content = _read(path)
    data, report = convert.convert(content, target, compression=compression)
    if strict and report.lost:
        message = f"the conversion would lose {len(report.lost)} things, the first is: `{report.lost[0]}`"
        raise GateFailed("apr.lossy", message, rule="strict", measured=len(report.lost), required=0, lost=report.lost)
    write_atomically(output, data, force=force)
    return {
        "file": path,
        "source_layout": layout,
        "output": output,
        "output_layout": str(target),
        "size_bytes": len(data),
        "carried": report.carried,
        "lost": report.lost,
    }


def embedded(path: str, output: str, *, strict: bool = False, force: bool = False) -> ConvertDocument:
    """Write the model of a file as an image for machines without an operating system: single precision, no metadata.

    Errors    FormatError     `aprender.image` when the file holds no model of ours.
              GateFailed      `apr.lossy` when `strict` is given and the file has metadata; nothing is written then.
              IntegrityError  when the file is damaged.
              ParameterError  when a file is there and `force` is not given.
    """
    from sovereign.ml.aprender import embedded_file

    require_free(output, force=force)
    with open_file(path) as file:
        layout, told = str(file.layout).lower(), sorted(file.metadata)
    data = embedded_file(path)
    if strict and told:
        message = f"an embedded image would lose all metadata, the first is: `{told[0]}`"
        raise GateFailed("apr.lossy", message, rule="strict", measured=len(told), required=0, lost=told)
    write_atomically(output, data, force=force)
    return {
        "file": path,
        "source_layout": layout,
        "output": output,
        "output_layout": str(convert.Format.A2),
        "size_bytes": len(data),
        "carried": ["numbers of double precision, as single precision"],
        "lost": [f"the metadata {name}" for name in told],
    }


def _read(path: str) -> tuple[str, convert.Content]:
    if path.endswith(_SAFETENSORS):
        return "safetensors", convert.read_safetensors(path)
    # The signature is lost on the way, whoever made it, so the checksum is what counts here.
    with open_file(path, LoadConfig(verification=VerificationLevel.CHECKSUM_ONLY)) as file:
        file.verify()
        return str(file.layout).lower(), convert.content_of(file)
