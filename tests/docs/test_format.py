"""The byte tables of the format page against the readers: every field stands where the page says, and is looked at."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import specimens
from sovereign.errors import FormatError
from sovereign.persistence.container import (
    Compression,
    Flag,
    Limits,
    ModelType,
    Suite,
    crypto,
    outline,
    read_header,
    reference,
    tensors,
    verify,
)

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "format.md").read_text()
# What a field is set to so that the reader must complain about it, and the name by which it does, where that differs.
WRONG = {
    ("A1", "compression"): b"\4",
    ("A1", "flags"): b"\x80",
    ("A1", "metadata_size"): (b"\1\0\0\0", "size"),
    ("A1", "payload_size"): (b"\1\0\0\0", "uncompressed_size"),
    ("A1", "uncompressed_size"): b"\1\0\0\x40",
    ("A1", "cipher_mode"): b"\1",
    ("A2", "version"): (b"\2\1", "version_minor"),
    ("A2", "flags"): b"\0\x10",
    ("A2", "header_checksum"): None,
    ("A2", "tensor_count"): b"\xff\xff\xff\xff",
    ("A2", "metadata_size"): (b"\xff\xff\0\0", "tensor_index_offset"),
    ("A2", "signature_offset"): (b"\xfe" * 8, "flags"),
    ("A4", "uncompressed_size"): (b"\1\0\0\0", "payload"),
    ("A6", "version"): (b"\3\0\0\0", "version_major"),
    ("A6", "type"): None,
    ("ald-block", "version"): (b"\1\3", "version_minor"),
    ("ald-block", "metadata_size"): (b"\xff\0\0\0", "size"),
    ("ald-block", "payload_size"): (b"\xff\0\0\0", "uncompressed_size"),
    ("ald-block", "compression"): b"\4",
    ("ald-block", "flags"): b"\4",
    ("ald-block", "schema_size"): (b"\xff\0", "size"),
    # Nothing but the checksum says how many rows there are.
    ("ald-block", "row_count"): None,
}


def table(title):
    """Rows of the first byte table below a heading: offset, size and name."""
    text = PAGE.partition(f"## {title}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|\s*(\d+) \|\s*(\d*) \| (\w+)\s*\|", text, re.MULTILINE)
    assert rows, title
    return [(int(offset), int(size or 0), name) for offset, size, name in rows]


TABLES = {
    "A1": ("A1: one payload", 32),
    "A2": ("A2: aligned tensors", 64),
    "A4": ("A3 and A4", 9),
    "A6": ("A6: a tour model", 16),
    "ald-block": ("Datasets of rows", 32),
}
FIELDS = [(layout, *row) for layout, (title, _) in TABLES.items() for row in table(title) if row[1]]
FIELDS = [row for row in FIELDS if WRONG.get((row[0], row[3]), b"") is not None]


@pytest.mark.parametrize("layout", TABLES)
def test_a_table_leaves_no_byte_of_the_header_out(layout):
    title, size = TABLES[layout]
    rows = table(title)
    ends = [offset + length for offset, length, _ in rows]
    assert [offset for offset, _, _ in rows] == [0, *ends[:-1]]
    assert max(ends) == size
    assert next(section.length for section in outline(specimens.WHOLE[layout]).sections) == size


@pytest.mark.parametrize(("layout", "offset", "size", "name"), FIELDS, ids=str)
def test_a_field_is_refused_where_the_page_says_that_it_stands(layout, offset, size, name):
    told = WRONG.get((layout, name), b"\xfe" * size)
    value, field = told if isinstance(told, tuple) else (told, name)
    data = bytearray(specimens.WHOLE[layout])
    data[offset : offset + len(value)] = value
    changed = bytes(data) if name == "checksum" else specimens.mended(bytes(data))
    with pytest.raises(FormatError) as caught:
        verify(changed, limits=Limits(payload_bytes=1 << 40))
    assert caught.value.detail["field"] == field
    if field == name and name != "checksum":
        assert caught.value.detail["offset"] == offset


@pytest.mark.parametrize("kind", [ModelType, Compression, Flag, Suite])
def test_every_code_stands_on_the_page(kind):
    for each in kind:
        assert re.search(rf"\b{int(each)} {each.name.lower()}\b", PAGE), each


def test_every_type_of_numbers_stands_on_the_page():
    for code, name in reference.DTYPES_A2.items():
        assert f"{code} {name}" in PAGE
        assert re.search(rf"^\| [^|]*\b{name}\b", PAGE, re.MULTILINE), name
    assert set(tensors.DTYPES) <= set(reference.DTYPES_A2.values())


def test_the_sizes_of_signatures_are_those_of_the_suites():
    for suite, facts in crypto.SUITES.items():
        row = re.search(rf"^\| {int(suite)} [^|]*\|[^|]*\| *(\d+), (\d+) *\|", PAGE, re.MULTILINE)
        assert (int(row[1]), int(row[2])) == (facts.signature_bytes, facts.key_bytes)


def test_the_limits_on_the_page_are_those_of_the_reader():
    assert Limits() == Limits(16 << 20, 64 << 20, 2**20, 1 << 30)
    for words in ("16 MiB of metadata", "64 MiB of index", "2^20 entries", "1 GiB of payload"):
        assert words in " ".join(PAGE.replace("`", "").split())


def test_the_header_reader_and_the_page_name_the_same_fields():
    names = [name for _, _, name in table("A1: one payload")]
    assert names == ["magic", *read_header(specimens.WHOLE["A1"]).__slots__, "reserved"]
