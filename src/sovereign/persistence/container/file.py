"""An open model or data file: what it says about itself, its tensors, its payload, and whether it is whole.

Enters: a path and a `LoadConfig`. Leaves: a `ModelFile`, which is a mapping from the names of its tensors to read-only
NumPy arrays, and a context manager. Arrays stay valid after the file is closed. Read `layout.py` next.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from sovereign.errors import FormatError, NotFound, ParameterError
from sovereign.persistence.container import _kernels, inside, layout
from sovereign.persistence.container.compression import decompressed, decompressed_pieces
from sovereign.persistence.container.header import HEADER_SIZE, Compression, Header, ModelType, read_header
from sovereign.persistence.container.layout import Layout, Limits, Outline, Role, TensorPlace, Verdict
from sovereign.persistence.container.metadata import read_metadata
from sovereign.persistence.container.modes import LoadConfig, LoadingMode, VerificationLevel
from sovereign.persistence.container.readers import reader_for
from sovereign.persistence.container.source import Source
from sovereign.persistence.container.tensors import array_of, decoded, require_finite
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ModelFile", "decode_payload", "open_file"]

# Header and index of a file inside a payload are looked for in steps of so many bytes.
_INDEX_PIECE = 1 << 16


def open_file(path: str | PathLike[str] | Source, config: LoadConfig | None = None) -> ModelFile:
    """Open a model or data file of any layout, or a part of a file that is open.

    Errors    FormatError     when its headers and indexes are not those of a layout that is read.
              IntegrityError  when bytes are missing, hidden or, where the mode reads them, changed.
              NotFound        when there is no such file.
              ParameterError  when the path is no file, may not be read, or needs more memory than allowed.
    Cost      independent of the size of the file with `MAPPED_DEMAND` and `LAZY_SECTION`; one pass otherwise.
    """
    return ModelFile(path, config or LoadConfig())


def decode_payload(model_type: ModelType, payload: bytes) -> dict[str, Any] | None:
    """A payload of layout A1 as names and values; None where the shape of its model type is not known.

    Errors    FormatError, IntegrityError  when its bytes are not used up by that shape.
    """
    return _kernels.decode_payload(int(model_type), payload)


class ModelFile(Mapping[str, "NDArray[Any]"]):
    """An open file; `file[name]` is a tensor, read-only and, where the mode allows it, not copied.

    The tensors of A4, and those inside the payload of A1, are views of one image, which is expanded and checked when
    the first of them is asked for.
    """

    def __init__(self, path: str | PathLike[str] | Source, config: LoadConfig) -> None:
        self._config = config
        self._source = path.window(0, path.size) if isinstance(path, Source) else Source(path)
        self._is_proved: bool | None = None
        try:
            with self._source.named():
                self.outline = layout.outline(self._source, limits=config.limits)
                self._reader = reader_for(self._source, config)
                self._verify_as_configured()
        except BaseException:
            self._source.close()
            raise

    def _verify_as_configured(self) -> None:
        """Check now what the level asks for, unless the mode exists to read little."""
        level, mode = self._config.verification, self._config.mode
        reads_all = mode in {LoadingMode.EAGER, LoadingMode.STREAMING}
        if level is VerificationLevel.UNSAFE_SKIP or not (reads_all or level is VerificationLevel.PARANOID):
            return
        verdict = self.verify()
        if level is VerificationLevel.PARANOID and not verdict.is_proved:
            message = f"the file has no checksum, so nothing proves it whole: `{self.path}`"
            raise FormatError("container.unproved", message, path=self.path, field="checksum", offset=0)

    @property
    def path(self) -> str:
        """Where the file is."""
        return self._source.path

    @property
    def source(self) -> Source:
        """The open file beneath, to be read by offset; closed with this one."""
        return self._source

    @property
    def layout(self) -> Layout:
        """Which layout it has."""
        return self.outline.layout

    @property
    def size_bytes(self) -> int:
        """Its bytes on disk."""
        return self.outline.size

    @property
    def bytes_read(self) -> int:
        """Bytes read from disk so far; pages of a map that the system brought are not among them."""
        return self._source.bytes_read

    @property
    def bytes_held(self) -> int:
        """Bytes of content in memory of this process."""
        expanded = self.__dict__.get("expanded")
        return self._reader.bytes_held + (expanded[0].nbytes if expanded else 0)

    @property
    def is_proved(self) -> bool | None:
        """Whether a checksum was computed and holds; None while nothing was checked."""
        return self._is_proved

    @functools.cached_property
    def header(self) -> Header | None:
        """The header of layout A1, None for the others."""
        return read_header(self._source.read(0, HEADER_SIZE)) if self.layout is Layout.A1 else None

    @functools.cached_property
    def metadata(self) -> dict[str, Any]:
        """What the file says about its content.

        Errors    FormatError  when it is not what the layout says: MessagePack, JSON, pairs of texts.
        """
        with self._source.named():
            return read_metadata(self._source, self.outline, self._config.limits)

    def verify(self) -> Verdict:
        """Check the whole file: sizes, gaps, overlaps, padding, checksum; from level standard on also its signature.

        Errors    IntegrityError  when it is not what it was when it was written.
                  SignatureError  when it is signed, and the signature does not hold or its key is not trusted.
        """
        self._require_open()
        if self._config.mode is LoadingMode.EAGER:
            with self._source.named():
                found, is_proved = _kernels.verify_file(
                    self._reader.view(0, self.size_bytes), limits=self._limits.as_tuple
                )
            verdict = Verdict(Outline(found), is_proved)
        else:
            verdict = layout.verify(self._source, limits=self._limits)
        if self._config.verification in {VerificationLevel.STANDARD, VerificationLevel.PARANOID}:
            self._require_signer()
        self._is_proved = verdict.is_proved
        return verdict

    def _require_signer(self) -> None:
        """Refuse a signed file that nobody who is trusted has signed; one without a signature passes."""
        if self.outline.section(Role.SIGNATURE) is None:
            return
        from sovereign.persistence.container import crypto

        store = self._config.trust or crypto.default_store()
        crypto.require_trusted(crypto.check(self._source, store), self.path)

    @property
    def _limits(self) -> Limits:
        """The limits, and no payload that needs more memory than may be used."""
        most = self._config.max_memory_bytes
        limits = self._config.limits
        return limits if most is None else limits._replace(payload_bytes=min(most, limits.payload_bytes))

    def section(self, role: Role | str) -> memoryview:
        """The bytes of the first section of a role, as stored.

        Errors    NotFound  when the file has none.
        """
        self._require_open()
        found = self.outline.section(Role(role))
        if found is None:
            names = sorted({str(section.role) for section in self.outline.sections})
            message = f"the file has no such section: `{role}`"
            raise NotFound("container.section", message, name=str(role), nearest=names)
        return self._reader.view(found.offset, found.length)

    def payload(self) -> bytes:
        """The payload of layout A1, decompressed to exactly its declared size.

        Errors    IntegrityError  when the stream is damaged, or holds more or less than the header declares.
                  ParameterError  when it is encrypted, or needs more memory than allowed.
        """
        header = self._payload_header()
        self._config.require_memory(header.uncompressed_size, "the payload")
        with self._source.named():
            # A payload without bytes has no section.
            stored = self.section(Role.PAYLOAD) if header.payload_size else b""
            return decompressed(stored, header, self._payload_offset())

    def payload_values(self) -> dict[str, Any] | None:
        """The payload of layout A1 as names and values; None where the shape of its model type is not known.

        Errors    as `payload`, and FormatError or IntegrityError when its bytes are not used up by that shape.
        """
        payload = self.payload()
        with self._source.named():
            return decode_payload(self._payload_header().model_type, payload)

    def payload_pieces(self) -> Iterator[bytes]:
        """The payload in pieces of at most `buffer_bytes`, so that memory does not grow with it.

        Errors    as `payload`, each when its piece is reached; a damaged payload gives pieces before it is refused.
        """
        header = self._payload_header()
        with self._source.named():
            if header.compression is Compression.LZ4:
                self._config.require_memory(header.uncompressed_size, "the payload")
            yield from decompressed_pieces(self._source, header, self._payload_offset(), self._config.buffer_bytes)

    @functools.cached_property
    def inside(self) -> Outline | None:
        """What is where in the file of tensors inside the payload of layout A1, None where it holds something else.

        It is that of header and index, for which no more of the payload is read and expanded than they take. Nothing
        vouches for them: the tensors themselves are handed out only when all of the file inside has been checked.

        Errors    FormatError     as `layout.outline`, and `container.inside` for another layout and for a signed one.
                  IntegrityError  when the payload is damaged, as far as it was expanded.
        Cost      independent of the size of the payload, unless that is an LZ4 block.
        """
        if not self._has_inside:
            return None
        header = self._payload_header()
        if header.compression is Compression.LZ4:
            self._config.require_memory(header.uncompressed_size, "the payload")
        with self._source.named():
            pieces = decompressed_pieces(self._source, header, self._payload_offset(), _INDEX_PIECE)
            return inside.index_of(pieces, header.uncompressed_size, self._config.limits)

    @functools.cached_property
    def _has_inside(self) -> bool:
        """Whether the metadata say that the payload is a file of tensors, and it can be read."""
        header = self.header
        # The metadata are read for a custom model alone, because no other may be one.
        is_custom = header is not None and not header.is_encrypted and header.model_type is ModelType.CUSTOM
        return is_custom and inside.is_claimed(self._payload_header(), self.metadata)

    def _payload_header(self) -> Header:
        self._require_open()
        header = self.header
        if header is None:
            message = f"only layout A1 has one payload, the file is: `{self.layout}`"
            raise ParameterError("container.layout", message, name="layout", value=str(self.layout), allowed="A1")
        if header.is_encrypted:
            message = f"the payload is encrypted and can be read only with its key: `{self.path}`"
            raise ParameterError("container.encrypted", message, name="file", value=self.path, allowed="a key")
        return header

    def _payload_offset(self) -> int:
        found = self.outline.section(Role.PAYLOAD)
        return found.offset if found else 0

    def __getitem__(self, name: str) -> NDArray[Any]:
        self._require_open()
        place = self.place(name)
        array = array_of(self._content(place), place)
        if self._config.verification is VerificationLevel.PARANOID:
            require_finite(array, place, self.path)
        self._reader.check()
        return array

    def decoded(self, name: str) -> NDArray[np.float32]:
        """A tensor as single-precision numbers, whatever it is stored as: half precision and blocks are expanded.

        Errors    NotFound     when the file has no such tensor.
                  DeviceError  when this machine lacks the backend of the `LoadConfig`.
        """
        self._require_open()
        place = self.place(name)
        array = decoded(self._content(place), place, self._config.backend)
        self._reader.check()
        return array

    def stream(self, name: str) -> Iterator[memoryview]:
        """The stored bytes of a tensor in pieces of at most `buffer_bytes`."""
        self._require_open()
        place = self.place(name)
        for start in range(0, place.length, self._config.buffer_bytes):
            length = min(self._config.buffer_bytes, place.length - start)
            if self.expanded is not None:
                yield self.expanded[0][place.offset + start : place.offset + start + length]
            else:
                yield memoryview(self._source.read(place.offset + start, length))

    def place(self, name: str) -> TensorPlace:
        """Where a tensor is, with its type and shape; of A4 and of a payload, in the expanded image.

        Errors    NotFound        when the file has no such tensor; `nearest` holds like names.
                  ParameterError  when the payload is encrypted, or needs more memory than allowed.
                  FormatError     as `inside.outline_of`, when a payload is not the file of tensors it should be.
        """
        found = self._places.get(name)
        if found is None:
            if self.header is not None and self.header.is_encrypted:
                self._payload_header()
            message = f"the file has no tensor of that name: `{name}`"
            raise NotFound("container.tensor", message, name=name, nearest=nearest(name, self._places))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    @functools.cached_property
    def _places(self) -> dict[str, TensorPlace]:
        """The tensors by name; those of A4 and of a payload are known when it has been expanded."""
        found = self.outline if self.expanded is None else self.expanded[1]
        return {place.name: place for place in found.tensors}

    @functools.cached_property
    def expanded(self) -> tuple[memoryview, Outline] | None:
        """The image that tensors are views of where they do not stand in the file itself, and what is where in it.

        Of A4 it is the file that was compressed, of A1 the file of tensors inside the payload, for others None.

        Errors    as `payload` and `place`; of A4, FormatError and IntegrityError.
        Cost      all of it is expanded and checked, once.
        """
        if self.layout is Layout.A4:
            self._require_open()
            with self._source.named():
                image, found = _kernels.decompress_a4(
                    self._source.read, size_bytes=self.size_bytes, limits=self._limits.as_tuple
                )
            return memoryview(image), Outline(found)
        if not self._has_inside:
            return None
        payload = self.payload()
        is_checked = self._config.verification is not VerificationLevel.UNSAFE_SKIP
        with self._source.named():
            return memoryview(payload), inside.outline_of(payload, self._config.limits, is_checked=is_checked)

    def _content(self, place: TensorPlace) -> memoryview:
        if self.expanded is not None:
            return self.expanded[0][place.offset : place.offset + place.length]
        if place.length == 0:
            return memoryview(b"")
        return self._reader.view(place.offset, place.length)

    def _require_open(self) -> None:
        if self._source.is_closed:
            message = f"the file is closed: `{self.path}`"
            raise ParameterError("container.closed", message, name="file", value=self.path, allowed="an open file")

    def close(self) -> None:
        """Give the file back; arrays that were handed out stay valid."""
        if not self._source.is_closed:
            self._reader.close()
            self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self._source.is_closed else f"{self._config.mode}"
        return f"<ModelFile {self.path!r}: {self.layout}, {self.size_bytes} bytes, {state}>"
