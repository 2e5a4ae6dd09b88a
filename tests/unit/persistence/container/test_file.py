"""Open files: the four ways to hold them, what they cost, what they check, and what they refuse."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import specimens
from sovereign.errors import FormatError, IntegrityError, NotFound, ParameterError, SignatureError
from sovereign.persistence.container import (
    Layout,
    Limits,
    LoadConfig,
    LoadingMode,
    ModelContent,
    Role,
    Suite,
    VerificationLevel,
    crypto,
    open_file,
    payload_file,
    save,
    tensor_file,
)

MODES = list(LoadingMode)
PEER = "tests/data/peer/mnist_784x2.apr"


@pytest.fixture(name="tensors")
def _tensors():
    chance = np.random.default_rng(3)
    return {
        "a": chance.standard_normal((7, 5)).astype(np.float32),
        "b": chance.integers(-9, 9, 1000, dtype=np.int64),
        "empty": np.zeros((0, 4), np.float64),
        "half": chance.standard_normal(33).astype(np.float16),
        "one": np.float32(2.5),
    }


@pytest.fixture(name="path")
def _path(tmp_path, tensors):
    path = tmp_path / "model.apr"
    save(path, tensors, metadata={"name": "trial"})
    return path


def write(tmp_path, data, name="m.apr"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("level", list(VerificationLevel))
def test_every_mode_gives_the_same_tensors(path, tensors, mode, level):
    with open_file(path, LoadConfig(mode=mode, verification=level)) as file:
        assert list(file) == sorted(tensors)
        assert len(file) == len(tensors)
        assert file.metadata["name"] == "trial"
        for name, expected in tensors.items():
            got = file[name]
            assert (got.dtype, got.shape) == (np.asarray(expected).dtype, np.shape(expected))
            assert np.array_equal(got, expected)
            assert not got.flags.writeable
            assert b"".join(file.stream(name)) == np.asarray(expected).tobytes()
            assert np.array_equal(file.decoded(name), np.asarray(expected, np.float32))
        kept = {name: file[name] for name in file}
    assert all(np.array_equal(kept[name], tensors[name]) for name in tensors)


def test_modes_read_and_hold_different_amounts(tmp_path):
    path, size = tmp_path / "large.apr", 4 << 20
    save(path, {f"w{n}": np.full(size // 4, n, np.float32) for n in range(4)})
    seen = {}
    for mode in MODES:
        with open_file(path, LoadConfig(mode=mode)) as file:
            opened = file.bytes_read
            first = file["w0"].sum(), file["w0"].sum()
            assert first == (0, 0)
            seen[mode] = (opened, file.bytes_read - opened, file.bytes_held)
    whole = path.stat().st_size
    assert seen[LoadingMode.EAGER][0] >= whole
    assert seen[LoadingMode.EAGER][1:] == (0, whole)
    assert seen[LoadingMode.STREAMING][0] >= whole
    assert seen[LoadingMode.STREAMING][1:] == (2 * size, 0)
    assert seen[LoadingMode.LAZY_SECTION][0] < 4096
    assert seen[LoadingMode.LAZY_SECTION][1:] == (size, size)
    assert seen[LoadingMode.MAPPED_DEMAND][0] < 4096
    assert seen[LoadingMode.MAPPED_DEMAND][1:] == (0, 0)


RESIDENT = """
import resource, sys
from pathlib import Path
import numpy as np
from sovereign.persistence.container import LoadConfig, LoadingMode, open_file

def resident(kind):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[kind].split()[0]) // 1024

with open_file(sys.argv[2], LoadConfig()) as warm:
    list(warm)
before = resident("RssAnon")
file = open_file(sys.argv[1], LoadConfig(mode=LoadingMode(sys.argv[3])))
opened = resident("RssAnon")
total = 0
for name in file:
    total += int(file[name].sum())
print(opened - before, resident("RssAnon") - before, total)
"""


def test_modes_take_different_memory(tmp_path, path):
    large = tmp_path / "large.apr"
    save(large, {f"w{n}": np.full(2 << 20, n, np.float32) for n in range(4)})
    seen = {}
    for mode in MODES:
        words = [sys.executable, "-c", RESIDENT, str(large), str(path), mode]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
        seen[mode] = [int(word) for word in told]
    assert {each[2] for each in seen.values()} == {(0 + 1 + 2 + 3) * (2 << 20)}
    assert seen[LoadingMode.EAGER][0] >= 30
    assert max(seen[mode][0] for mode in MODES if mode is not LoadingMode.EAGER) <= 2
    assert seen[LoadingMode.LAZY_SECTION][1] >= 30
    assert 6 <= seen[LoadingMode.STREAMING][1] <= 20
    assert seen[LoadingMode.MAPPED_DEMAND][1] <= 2


def test_what_is_kept_stays_below_the_memory_that_may_be_used(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {f"w{n}": np.full(1000, n, np.uint8) for n in range(5)})
    config = LoadConfig(mode=LoadingMode.LAZY_SECTION, max_memory_bytes=2500)
    with open_file(path, config) as file:
        for n in (0, 1, 2, 1, 3, 4):
            assert file[f"w{n}"][0] == n
            assert file.bytes_held <= 2500
        read = file.bytes_read
        file["w4"], file["w3"]
        assert file.bytes_read == read
        file["w0"]
        assert file.bytes_read == read + 1000


def test_a_file_that_needs_more_memory_than_allowed_is_refused_before_it_is_read(path):
    for mode in (LoadingMode.EAGER, LoadingMode.LAZY_SECTION, LoadingMode.STREAMING):
        config = LoadConfig(mode=mode, max_memory_bytes=1000, verification=VerificationLevel.UNSAFE_SKIP)
        with pytest.raises(ParameterError) as caught:
            open_file(path, config)["b"]
        assert caught.value.code == "container.memory"
        assert caught.value.detail["allowed"] == 1000


def test_a_compressed_file_that_needs_more_memory_than_allowed_is_refused(tmp_path):
    path = write(tmp_path, specimens.WHOLE["A4"])
    with open_file(path, LoadConfig(max_memory_bytes=100)) as file, pytest.raises(FormatError) as caught:
        file["w"]
    assert caught.value.code == "container.limit"


@pytest.mark.parametrize("mode", MODES)
def test_a_compressed_file_gives_its_tensors_in_every_mode(tmp_path, mode):
    path = write(tmp_path, specimens.WHOLE["A4"])
    with open_file(path, LoadConfig(mode=mode)) as file:
        assert list(file) == ["w", "b"]
        assert file["w"].tolist() == [1, 2]
        assert file["b"].tolist() == [9]
        assert [bytes(piece) for piece in file.stream("b")] == [b"\x09"]
        assert file.metadata == {}


@pytest.mark.parametrize("name", ["A3", "A5", "ald-tensors"])
@pytest.mark.parametrize("mode", MODES)
def test_tensors_that_are_not_aligned_are_read(tmp_path, name, mode):
    with open_file(write(tmp_path, specimens.WHOLE[name]), LoadConfig(mode=mode)) as file:
        values = {key: file[key].tolist() for key in file}
    expected = {
        "A3": {"w": [1, 2], "b": [9]},
        "A5": {"layers.0.w": [1, 2], "layers.0.b": [[5]]},
        "ald-tensors": {"x": [1, -2], "y": [0.5]},
    }
    assert values == expected[name]


def test_a_changed_number_is_noticed_as_the_level_says(tmp_path, path):
    data = bytearray(path.read_bytes())
    with open_file(path) as file:
        data[file.place("a").offset] ^= 1
    bad = write(tmp_path, bytes(data), "bad.apr")
    for mode in MODES:
        open_file(bad, LoadConfig(mode=mode, verification=VerificationLevel.UNSAFE_SKIP))["a"]
        with pytest.raises(IntegrityError):
            open_file(bad, LoadConfig(mode=mode, verification=VerificationLevel.PARANOID))
        if mode in {LoadingMode.EAGER, LoadingMode.STREAMING}:
            with pytest.raises(IntegrityError):
                open_file(bad, LoadConfig(mode=mode))
        else:
            with open_file(bad, LoadConfig(mode=mode)) as file:
                assert file.is_proved is None
                with pytest.raises(IntegrityError) as caught:
                    file.verify()
            assert caught.value.code == "container.checksum"
            assert caught.value.detail["path"] == str(bad)


def test_paranoia_refuses_what_nothing_proves_and_what_is_not_finite(tmp_path):
    config = LoadConfig(verification=VerificationLevel.PARANOID)
    with pytest.raises(FormatError) as caught:
        open_file(write(tmp_path, specimens.WHOLE["A5"]), config)
    assert caught.value.code == "container.unproved"
    path = tmp_path / "nan.apr"
    save(path, {"w": np.array([1, 2, np.nan, np.inf], np.float32), "n": np.array([1], np.int32)})
    with open_file(path, config) as file:
        assert file.is_proved
        assert file["n"].tolist() == [1]
        with pytest.raises(FormatError) as caught:
            file["w"]
        assert caught.value.code == "container.not_finite"
        assert caught.value.detail["offset"] == file.place("w").offset + 8


def test_a_signed_file_is_opened_only_when_its_signer_is_trusted(tmp_path, path):
    key = crypto.generate(Suite.STANDARD_2025)
    signed = write(tmp_path, crypto.signed(path.read_bytes(), key), "signed.apr")
    store = crypto.TrustStore(tmp_path / "trust.json")

    def config(level):
        return LoadConfig(mode=LoadingMode.EAGER, verification=level, trust=store)

    open_file(signed, config(VerificationLevel.CHECKSUM_ONLY)).close()
    for level in (VerificationLevel.STANDARD, VerificationLevel.PARANOID):
        with pytest.raises(SignatureError) as caught:
            open_file(signed, config(level))
        assert caught.value.code == "container.unknown_key"
    store.add("me", key.public)
    open_file(signed, config(VerificationLevel.PARANOID)).close()
    forged = bytearray(signed.read_bytes())
    forged[-70] ^= 1
    signed.write_bytes(specimens.mended(bytes(forged)))
    with pytest.raises(SignatureError):
        open_file(signed, config(VerificationLevel.STANDARD))


@pytest.mark.parametrize("mode", MODES)
def test_the_payload_of_a_peer_s_file_is_what_its_maker_published(request, mode):
    from sovereign.persistence.container import _kernels

    with open_file(request.config.rootpath / PEER, LoadConfig(mode=mode)) as file:
        assert file.layout is Layout.A1
        assert file.metadata == {"created_at": "1764278947", "aprender_version": "0.11.0"}
        assert (file.header.payload_size, len(file.payload())) == (3165, 3165)
        assert b"".join(file.payload_pieces()) == file.payload() == bytes(file.section(Role.PAYLOAD))
        model = _kernels.decode_payload(int(file.header.model_type), file.payload())
        file.verify()
    assert len(model["coefficients"]["data"]) == 784
    assert round(model["intercept"], 5) == 0.01117
    assert np.isfinite(np.asarray(model["coefficients"]["data"])).all()


def test_payloads_are_of_layout_a1_alone(path, tmp_path):
    with open_file(path) as file:
        assert file.header is None
        with pytest.raises(ParameterError) as caught:
            file.payload()
        assert caught.value.code == "container.layout"
    locked = crypto.encrypted(payload_file(ModelContent(payload=b"x", metadata={})), Suite.STANDARD_2025, password=b"p")
    with open_file(write(tmp_path, locked)) as file, pytest.raises(ParameterError) as caught:
        next(file.payload_pieces())
    assert caught.value.code == "container.encrypted"


def test_what_is_not_there_is_told_with_what_is_like_it(path):
    with open_file(path) as file:
        with pytest.raises(NotFound) as caught:
            file["hald"]
        assert caught.value.code == "container.tensor"
        assert "half" in caught.value.detail["nearest"]
        with pytest.raises(NotFound) as caught:
            file.section("payload")
        assert caught.value.code == "container.section"
        assert "tensor" in caught.value.detail["nearest"]


def test_a_closed_file_gives_nothing_more(path):
    file = open_file(path)
    array = file["a"]
    file.close()
    file.close()
    assert repr(file).endswith("closed>")
    for use in (lambda: file["a"], file.verify, lambda: file.section("index"), lambda: file.decoded("a")):
        with pytest.raises(ParameterError) as caught:
            use()
        assert caught.value.code == "container.closed"
    assert array.sum() == array.sum()


def test_a_pool_gives_the_memory_of_what_is_read(path, tensors):
    asked = []

    def pool(length):
        asked.append(length)
        return memoryview(bytearray(length + 7))

    for mode in (LoadingMode.EAGER, LoadingMode.STREAMING, LoadingMode.LAZY_SECTION):
        with open_file(path, LoadConfig(mode=mode, buffer_pool=pool)) as file:
            assert np.array_equal(file["b"], tensors["b"])
    assert asked == [path.stat().st_size, 8000, 8000]


@pytest.mark.parametrize("buffer", [memoryview(bytearray(10)), memoryview(bytes(10_000))])
def test_a_pool_that_gives_too_little_is_refused(path, buffer):
    config = LoadConfig(mode=LoadingMode.LAZY_SECTION, buffer_pool=lambda _: buffer)
    with open_file(path, config) as file, pytest.raises(ParameterError) as caught:
        file["b"]
    assert caught.value.code == "container.parameter"


def test_pieces_are_as_small_as_asked(path):
    with open_file(path, LoadConfig(buffer_bytes=300)) as file:
        assert [len(piece) for piece in file.stream("b")] == [300] * 26 + [200]


@pytest.mark.parametrize("name", ["max_memory_bytes", "buffer_bytes"])
def test_a_size_of_nothing_is_refused(name):
    with pytest.raises(ParameterError) as caught:
        LoadConfig(**{name: 0})
    assert caught.value.code == "container.parameter"


def test_limits_of_the_config_hold(path):
    with pytest.raises(FormatError) as caught:
        open_file(path, LoadConfig(limits=Limits(entries=2)))
    assert caught.value.code == "container.limit"


def test_the_system_s_handles_are_given_back(path, tmp_path):
    bad = write(tmp_path, path.read_bytes()[:-1])
    gc.collect()  # what other tests left is closed before, not meanwhile
    before = len(list(Path("/proc/self/fd").iterdir()))
    for mode in MODES:
        with open_file(path, LoadConfig(mode=mode)) as file:
            file["a"]
        with pytest.raises(IntegrityError):
            open_file(bad, LoadConfig(mode=mode))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_any_number_of_files_is_mapped_one_after_the_other(path):
    kept = []
    for _ in range(5000):
        with open_file(path) as file:
            kept = [*kept[-3:], file["a"]]
    assert len(kept) == 4


def test_a_tensor_may_be_copied_from_one_file_to_another(path, tensors):
    with open_file(path) as file:
        assert (
            tensor_file(dict(file), {"name": "trial", "created_at": file.metadata["created_at"]}) == path.read_bytes()
        )
