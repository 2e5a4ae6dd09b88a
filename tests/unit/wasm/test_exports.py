"""The browser's core under Node: its exports against NumPy and zlib, with and without SIMD128.

The module is the one that `SOVEREIGN_WASM` names, else it is built by `tools/wasm.py`.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from sovereign.compute.trueno.agreement import share
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.predictor import Predictor
from sovereign.persistence.container import tensor_file

ROOT = Path(__file__).parents[3]
DRIVER = Path(__file__).with_name("exports.mjs")
EXPORTS = "alloc axpy crc32 dot free header memory model_open model_predict sum uses_simd verify".split()
LENGTHS = [0, 1, 3, 4, 15, 16, 17, 63, 384, 8193, 20_000]
REFUSALS = {"magic": 1, "version": 2, "field": 3, "truncated": 4, "surplus": 5, "checksum": 6}

pytestmark = [pytest.mark.requires("node", "wasm32-unknown-unknown"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module", params=["simd", "plain"])
def module(request, tmp_path_factory):
    given = os.environ.get("SOVEREIGN_WASM")
    if given:
        return Path(given), None
    out = tmp_path_factory.mktemp("wasm") / "sovereign.wasm"
    command = [sys.executable, str(ROOT / "tools" / "wasm.py"), "--out", str(out)]
    subprocess.run(command + ["--plain"] * (request.param == "plain"), check=True, capture_output=True)
    return out, request.param == "simd"


@pytest.fixture
def ask(module, tmp_path):
    def answers(*requests):
        path = tmp_path / "requests.json"
        path.write_text(json.dumps([{"call": name, **given} for name, given in requests]))
        command = ["node", str(DRIVER), str(module[0]), str(path)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    return answers


def packed(data):
    return base64.b64encode(bytes(data)).decode()


def vectors(length):
    return np.random.default_rng(length).standard_normal((2, length), dtype=np.float32)


def file(edit=lambda _: None):
    content = bytearray(b"APRN\1\0" + struct.pack("<HIIIBBB", 0x21, 2, 3, 7, 1, 8, 50) + bytes(9) + b"\x80\x80abc")
    edit(content)
    return bytes(content) + struct.pack("<I", zlib.crc32(content))


def test_it_exports_what_it_says_and_imports_nothing(ask, module):
    exports, imports, simd = ask(("exports", {}), ("imports", {}), ("uses_simd", {}))
    assert [name for name in exports if not name.startswith("__")] == EXPORTS
    assert imports == 0
    assert module[1] is None or simd == module[1]


def test_kernels_agree_with_the_reference(ask):
    pairs = [vectors(length) for length in LENGTHS]
    dots = ask(*(("dot", {"a": packed(a), "b": packed(b)}) for a, b in pairs))
    sums = ask(*(("sum", {"x": packed(a)}) for a, _ in pairs))
    added = ask(*(("axpy", {"a": -0.5, "x": packed(a), "y": packed(b)}) for a, b in pairs))
    for (a, b), dot, total, y in zip(pairs, dots, sums, added, strict=True):
        assert share("dot", dot, a, b) <= 1
        assert share("sum", total, a) <= 1
        assert share("axpy", np.float32(y), -0.5, a, b) <= 1


def test_what_is_not_finite_comes_through(ask):
    x, ones = np.ones(37, np.float32), np.ones(37, np.float32)
    x[36] = np.inf
    nan = ones.copy()
    nan[5] = np.nan
    assert ask(("sum", {"x": packed(x)}), ("dot", {"a": packed(nan), "b": packed(ones)})) == ["Infinity", "NaN"]


def test_the_checksum_is_that_of_zlib_and_goes_on(ask):
    data = bytes(range(256)) * 5
    got = ask(
        ("crc32", {"start": 0, "data": packed(data)}),
        ("crc32", {"start": zlib.crc32(data[:100]), "data": packed(data[100:])}),
        ("crc32", {"start": 7, "data": ""}),
    )
    assert got == [zlib.crc32(data), zlib.crc32(data), 7]


def test_a_header_is_read_and_a_file_verified(ask):
    good = packed(file())
    assert ask(("header", {"data": good}), ("verify", {"data": good})) == [[0, 0x21, 2, 3, 7, 1, 8, 50, 0], 0]


def test_a_file_without_checksum_is_told_from_one_that_is_proved(ask):
    tensors = tensor_file({"w": [1.0, 2.0]})
    dataset = b"ALD\0" + struct.pack("<II", 1, 0)
    assert ask(("verify", {"data": packed(tensors)}), ("verify", {"data": packed(dataset)})) == [0, 8]


def test_each_refusal_has_its_code(ask):
    def with_byte(place, value):
        return file(lambda content: content.__setitem__(place, value))

    changed = bytearray(file())
    changed[34] ^= 4
    bad = {
        "magic": with_byte(0, 0),
        "version": with_byte(4, 2),
        "field": with_byte(31, 1),
        "truncated": with_byte(8, 3),
        "surplus": file() + b"\0",
        "checksum": bytes(changed),
    }
    codes = ask(*(("verify", {"data": packed(data)}) for data in bad.values()))
    assert dict(zip(bad, codes, strict=True)) == REFUSALS


def test_blocks_that_are_given_back_are_used_again(ask):
    assert ask(("growth", {"rounds": 200, "size": 100_000})) == [0]


def test_used_up_memory_is_told_as_no_block(ask):
    assert ask(("exhausted", {}), ("sum", {"x": packed(np.ones(3, np.float32))})) == [0, 3]


def models():
    """A classifier, a network of three layers, and a pipeline of a scaling and the classifier."""
    random = np.random.default_rng(0)

    def array(*shape):
        return random.standard_normal(shape).astype(np.float32)

    sizes = {"n_features": 4, "n_outputs": 3, "link": Link.SOFTMAX, "n_classes": 3}
    linear = Image.describe(Family.LINEAR, arrays={"coef": array(3, 4), "intercept": array(3)}, **sizes)
    layers = {f"weight.{place}": array(*shape) for place, shape in enumerate([(4, 9), (9, 5), (5, 3)])}
    layers |= {f"bias.{place}": array(width) for place, width in enumerate([9, 5, 3])}
    network = Image.describe(Family.MLP, extra=(3, 2), arrays=layers, **sizes)
    moved = {"shift": array(4), "factor": np.abs(array(4)) + 1}
    scaling = Image.describe(Family.SCALING, n_features=4, n_outputs=4, arrays=moved)
    pipeline = Image.describe(Family.PIPELINE, extra=(2,), arrays=Image.nested([scaling, linear]), **sizes)
    return [linear, network, pipeline]


def test_models_predict_as_they_do_in_python(ask):
    row = np.array([0.5, -1.0, 2.0, 0.25], np.float32)
    images = models()
    got = ask(*(("predict", {"file": packed(image.to_bytes()), "row": packed(row)}) for image in images))
    for image, (facts, code, values) in zip(images, got, strict=True):
        assert (facts[:4], code) == ([image.family, 4, 3, 3], 0)
        np.testing.assert_allclose(values, Predictor(image).predict(row), rtol=1e-5)


def test_models_that_do_not_fit_have_codes(ask):
    good = models()[0].to_bytes()
    changed = bytearray(good)
    changed[-70] ^= 1
    nothing = tensor_file({"w": [1.0]})
    opened = ask(*(("open", {"file": packed(data)}) for data in (good, b"PK", bytes(changed), nothing)))
    assert opened == [0, 4, 6, 9]
    wide = {"file": packed(good), "row": packed(np.zeros(5, np.float32))}
    assert ask(("predict", wide))[0][1] == 10
