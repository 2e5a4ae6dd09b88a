"""Files of every layout: outlined as their tables say, and any change in them noticed or told to be unprovable.

The native reader is held against its plain twin; the files come from `specimens`, which knows neither.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sovereign.errors import FormatError, IntegrityError
from sovereign.persistence.container import Layout, Limits, Role, Source, _kernels, outline, reference, verify

CHECKSUM_ERRORS = {"container.checksum", "container.hidden", "container.stream", "container.expansion"}


HOSTILE = Path(__file__).parents[3] / "hostile" / "container"


def outcome(read, data):
    """What a reader makes of bytes, lists as tuples; or code, field and offset of the refusal."""
    try:
        found = read(data)
    except FormatError as error:
        return error.code, error.detail["field"], error.detail["offset"]
    fields, rest = (found[0], found[1:]) if isinstance(found, tuple) else (found, ())
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}, rest


def same(data):
    """What both readers make of a file."""
    native = outcome(_kernels.verify_file, data)
    assert native == outcome(reference.verify, data)
    assert outcome(_kernels.outline, data) == outcome(reference.outline, data)
    return native


def is_refused(data):
    try:
        verify(data)
    except FormatError:
        return True
    return False


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("A1", "header metadata payload checksum"),
        ("A1-signed", "header metadata payload signature checksum"),
        ("A1-tensors", "header metadata payload checksum"),
        ("A2", "header metadata padding index padding tensor padding tensor padding checksum"),
        ("A2-empty", "header metadata padding checksum"),
        ("A3", "header metadata header index tensor tensor checksum"),
        ("A4", "header payload"),
        ("A5", "header tensor header tensor metadata"),
        ("A6", "header payload"),
        ("A8", "header index model model"),
        ("ald-block", "header metadata schema payload signature licence checksum"),
        ("ald-block-encrypted", "header metadata schema encryption payload checksum"),
        ("ald-stream", "header metadata schema index payload"),
        ("ald-tensors", "header tensor header tensor"),
    ],
)
def test_every_byte_of_a_file_has_a_role(name, roles):
    data = specimens.WHOLE[name]
    found, _ = same(data)
    assert " ".join(role for role, _, _ in found["sections"]) == roles
    sections = outline(data).sections
    assert [section.offset for section in sections[1:]] == [section.end for section in sections[:-1]]
    assert (sections[0].offset, sections[-1].end) == (0, len(data))


@pytest.mark.parametrize("name", specimens.WHOLE)
def test_a_file_is_proved_where_its_layout_has_a_checksum(name):
    verdict = verify(specimens.WHOLE[name])
    assert verdict.is_proved is (name not in specimens.NOT_PROVABLE)
    assert verdict.outline.layout == (name.split("-")[0] if name.startswith("A") else name.removesuffix("-encrypted"))
    assert verdict.outline.layout.has_checksum is verdict.is_proved
    assert verdict.outline == outline(specimens.WHOLE[name])


def test_tensors_are_found_where_their_bytes_are():
    for name, places in {
        "A2": [("b", "U8", (3, 1), b"\7\x08\x09"), ("weights", "F32", (2,), struct.pack("<2f", 1, 2))],
        "A3": [("w", "F32", (2,), struct.pack("<2f", 1, 2)), ("b", "U8", (1,), b"\x09")],
        "A5": [("layers.0.w", "F32", (2,), struct.pack("<2f", 1, 2)), ("layers.0.b", "U8", (1, 1), b"\5")],
        "ald-tensors": [("x", "I32", (2,), struct.pack("<2i", 1, -2)), ("y", "F64", (1,), struct.pack("<d", 0.5))],
    }.items():
        data = specimens.WHOLE[name]
        found = outline(data).tensors
        got = [(t.name, t.dtype, t.shape, data[t.offset : t.offset + t.length]) for t in found]
        assert got == places, name


def test_models_of_a_bundle_are_found_where_their_bytes_are():
    data = specimens.WHOLE["A8"]
    assert [(e.name, data[e.offset : e.offset + e.length]) for e in outline(data).entries] == [
        ("first", b"abc"),
        ("second", b"de"),
    ]


@pytest.mark.parametrize("name", specimens.PROVABLE)
def test_every_flipped_bit_of_a_provable_file_is_noticed(name):
    data = specimens.WHOLE[name]
    unnoticed = []
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        if not is_refused(bytes(changed)):
            unnoticed.append(bit)
    assert unnoticed == []


def test_every_flipped_bit_of_a_compressed_file_is_noticed_or_changes_nothing():
    image = specimens.a3()
    for bit in range(8 * len(specimens.WHOLE["A4"])):
        changed = bytearray(specimens.WHOLE["A4"])
        changed[bit // 8] ^= 1 << (bit % 8)
        if not is_refused(bytes(changed)):
            assert _kernels.decompress_a4(bytes(changed))[0] == image, bit


@pytest.mark.parametrize("name", specimens.NOT_PROVABLE)
def test_no_changed_file_without_a_checksum_is_called_proved(name):
    data = specimens.WHOLE[name]
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << (bit % 8)
        try:
            verdict = verify(bytes(changed))
        except FormatError:
            continue
        assert not verdict.is_proved, bit


@pytest.mark.parametrize("name", specimens.WHOLE)
def test_every_shortened_and_lengthened_file_is_refused(name):
    data = specimens.WHOLE[name]
    accepted = [length for length in range(len(data)) if not is_refused(data[:length])]
    # The pairs at the end of A5 may end behind any of them: nothing says how many there are.
    assert accepted == ([len(data) - len(specimens.text("author") + specimens.text("us"))] if name == "A5" else [])
    assert is_refused(data + b"\0")
    assert is_refused(data + bytes(64)) is (name != "A5")


@given(st.integers(0, 2**64))
def test_the_native_reader_and_its_twin_agree_on_any_mutant(seed):
    same(next(specimens.mutants(1, seed))[1])


@given(
    st.sampled_from(
        [b"", b"APRN", b"APR\0\2\0", b"APR1", b"APR2\1", b"APR\0\1\0\0\0", b"ALDF\1", b"ALD\0", b"APBUNDLE"]
    ),
    st.binary(max_size=120),
)
def test_the_native_reader_and_its_twin_agree_on_any_bytes(start, rest):
    same(start + rest)


def test_a_thousand_mutants_are_refused_at_the_layer_that_their_twin_names(tmp_path):
    path, seen = tmp_path / "mutant.apr", {}
    for _, data in specimens.mutants(1000, 4):
        found = same(data)
        path.write_bytes(data)
        try:
            verify(path)
            code = "accepted"
        except FormatError as error:
            code = error.code if error.detail["path"] == str(path) else "without its path"
        assert code == (found[0] if isinstance(found[0], str) else "accepted")
        seen[code] = seen.get(code, 0) + 1
    assert len(seen) >= 12, seen
    assert seen["accepted"] > 30, seen


@given(st.integers(0, 2**64))
def test_a_file_is_outlined_alike_wherever_it_is(seed):
    _, data = next(specimens.mutants(1, seed))

    def read(offset, length):
        return data[offset : offset + length]

    assert outcome(lambda _: _kernels.verify_file(read, size_bytes=len(data)), data) == outcome(
        _kernels.verify_file, data
    )
    assert outcome(_kernels.verify_file, bytearray(data)) == outcome(_kernels.verify_file, memoryview(data))


def test_a_reader_that_gives_fewer_bytes_is_not_believed():
    data = specimens.WHOLE["A2"]
    with pytest.raises(IntegrityError) as caught:
        _kernels.outline(lambda offset, length: data[offset : offset + length - 1], size_bytes=len(data))
    assert caught.value.code == "container.truncated"


def test_what_a_reader_raises_is_handed_on():
    def read(offset, length):
        raise KeyError(offset)

    with pytest.raises(KeyError):
        _kernels.outline(read, size_bytes=100)
    with pytest.raises(TypeError):
        _kernels.outline(lambda *_: "text", size_bytes=100)


def code_of(data, **limits):
    with pytest.raises(FormatError) as caught:
        verify(data, limits=Limits(**limits))
    return caught.value.code, caught.value.detail["field"]


@pytest.mark.parametrize(
    ("name", "limits", "field"),
    [
        ("A1", {"metadata_bytes": 3}, "metadata_size"),
        ("A1", {"payload_bytes": 4}, "uncompressed_size"),
        ("A2", {"metadata_bytes": 3}, "metadata_size"),
        ("A2", {"index_bytes": 63}, "data_offset"),
        ("A2", {"entries": 1}, "tensor_count"),
        ("A3", {"metadata_bytes": 3}, "metadata"),
        ("A3", {"index_bytes": 3}, "index"),
        ("A3", {"entries": 1}, "tensor_count"),
        ("A4", {"payload_bytes": 100}, "uncompressed_size"),
        ("A4", {"index_bytes": 3}, "index"),
        ("A5", {"entries": 2}, "layer.parameter_count"),
        ("A8", {"entries": 1}, "model_count"),
        ("A8", {"index_bytes": 3}, "manifest_size"),
        ("ald-block", {"metadata_bytes": 1}, "metadata_size"),
        ("ald-stream", {"index_bytes": 2}, "schema_size"),
        ("ald-tensors", {"entries": 1}, "tensor_count"),
    ],
)
def test_limits_are_asked_before_memory_is(name, limits, field):
    assert code_of(specimens.WHOLE[name], **limits) == ("container.limit", field)


def refused(data):
    """Code, field and offset, the same by both readers."""
    found = same(data)
    assert isinstance(found[0], str), found
    return found


def test_padding_that_carries_something_is_refused():
    data = bytearray(specimens.WHOLE["A2"])
    place = next(section for section in outline(bytes(data)).sections if section.role is Role.PADDING).offset + 3
    data[place] = 7
    assert refused(specimens.mended(bytes(data))) == ("container.hidden", "padding", place)


def test_tensors_that_share_bytes_are_refused():
    index = [{**each, "offset": 4 * n} for n, each in enumerate(specimens.A3_INDEX)]
    assert refused(specimens.a3(index))[0] == "container.overlap"


def test_a_name_that_stands_twice_is_refused():
    index = [{**each, "name": "w"} for each in specimens.A3_INDEX]
    assert refused(specimens.a3(index))[:2] == ("container.field", "tensor.name")
    assert refused(specimens.a2((specimens.BIAS, specimens.BIAS)))[:2] == ("container.field", "tensor.name")
    assert refused(specimens.a2((specimens.WEIGHTS, specimens.BIAS)))[:2] == ("container.field", "tensor.name")
    assert refused(specimens.a8((("m", b"1"), ("m", b"2"))))[:2] == ("container.field", "model.name")


def test_a_tensor_whose_shape_does_not_fit_its_bytes_is_refused():
    tensor = specimens.WEIGHTS._replace(shape=(3,))
    assert refused(specimens.a2((tensor,)))[:2] == ("container.field", "tensor.size")


@pytest.mark.parametrize("shape", [(0, 2**61), (2**61, 0), (0, 2**64 - 1), (2**33, 2**33, 0)])
def test_an_empty_dimension_does_not_excuse_one_that_no_array_can_have(shape):
    tensor = specimens.WEIGHTS._replace(shape=shape, data=b"")
    assert refused(specimens.a2((tensor,)))[:2] == ("container.field", "tensor.size")


@pytest.mark.parametrize("shape", [(0,), (0, 2**60), (5, 0, 7)])
def test_a_tensor_may_be_empty(shape):
    tensor = specimens.WEIGHTS._replace(shape=shape, data=b"")
    assert same(specimens.a2((tensor,)))[0]["tensors"][0][2] == shape


def test_a_text_that_is_not_utf_8_is_refused():
    data = specimens.WHOLE["A2"].replace(b"weights", b"weight\xff")
    assert refused(specimens.mended(data))[:2] == ("container.text", "tensor.name")
    assert refused(specimens.WHOLE["A5"].replace(b"dense", b"dens\xff"))[:2] == ("container.text", "layer.type")


@pytest.mark.parametrize("index", [b"{}", b"[1]", b"[", b'[{"name":"w"}]', b"[]]", b"NaN"])
def test_a_malformed_index_is_refused(index):
    assert refused(specimens.a3(index))[:2] == ("container.json", "index")


def test_a_file_inside_a_file_inside_a_file_is_not_opened():
    assert refused(specimens.a4(specimens.a4()))[0] == "container.unsupported"
    assert refused(specimens.a4(specimens.a1()))[0] == "container.unsupported"


def test_speech_models_are_only_recognised():
    assert refused(b"APR1" + bytes(60))[0] == "container.unsupported"


def test_a_spatial_dataset_is_not_taken_for_a_stream():
    data = bytearray(specimens.ald_block(kind=4))
    data[8:12] = struct.pack("<I", 1)
    content = bytes(data[:33]) + bytes(data[35:-4])
    found, _ = same(content + struct.pack("<I", zlib.crc32(content)))
    assert found["layout"] == "ald-block"


def test_a_source_that_is_open_already_stays_open(tmp_path):
    path = tmp_path / "m.apr"
    path.write_bytes(specimens.WHOLE["A2"])
    with Source(path) as source:
        assert outline(source).layout is Layout.A2
        assert verify(source).is_proved
        assert not source.is_closed


def test_only_headers_and_indexes_are_read(tmp_path):
    path, tensor = tmp_path / "m.apr", specimens.Tensor("w", 7, (1 << 20,), bytes(1 << 20))
    path.write_bytes(specimens.a2((tensor,)))
    with Source(path) as source:
        outline(source)
        assert source.bytes_read < 300
        verify(source)
        assert source.bytes_read > 1 << 20


def test_layouts_and_sections_say_what_they_are():
    found = outline(specimens.WHOLE["A2"])
    assert found.layout.description == "APR version 2: aligned tensors"
    assert found.section(Role.INDEX).end == found.section(Role.INDEX).offset + found.section(Role.INDEX).length
    assert found.section(Role.SIGNATURE) is None
    assert repr(found) == "<Outline of A2: 388 bytes, 10 sections>"
    assert hash(found) == hash(outline(specimens.WHOLE["A2"]))
    assert found != outline(specimens.WHOLE["A3"])
    assert found.cover == (0, 384, 384)
    assert outline(specimens.WHOLE["A5"]).cover is None
    assert all(layout.description for layout in Layout)


@pytest.mark.parametrize("hostile", sorted(HOSTILE.glob("*.a*")), ids=lambda path: path.stem)
def test_every_hostile_file_is_refused_by_both_as_its_readme_says(hostile):
    lines = (HOSTILE / "README.md").read_text().splitlines()
    (code,) = (line.split("|")[2].strip(" `") for line in lines if line.startswith(f"| `{hostile.name}` |"))
    assert refused(hostile.read_bytes())[0] == code
    with pytest.raises(FormatError) as caught:
        verify(hostile)
    assert caught.value.code == code
    assert caught.value.detail["path"] == str(hostile)


def test_there_is_a_hostile_file_of_every_layout():
    found = {reference.identify(path.read_bytes()) for path in HOSTILE.glob("*.a*") if path.stem != "archive"}
    assert found >= set(Layout)
    assert len(list(HOSTILE.glob("*.a*"))) >= 30
