"""`apr` as a user meets it: what each command shows, writes and refuses, and how it ends."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import subprocess
import time
import unicodedata
import zlib
from typing import TYPE_CHECKING

import lz4.frame
import numpy as np
import pytest
import zstandard

import specimens
from models import METADATA, layers_model, linear_model, tensor_model
from schemas import problems
from sovereign.ml.apr.bundling import make
from sovereign.ml.apr.cli import GROUP
from sovereign.ml.apr.encryption import encrypt
from sovereign.ml.apr.keys import keygen
from sovereign.ml.apr.signing import sign
from sovereign.persistence.container import (
    Compression,
    ModelContent,
    Suite,
    bundle,
    crypto,
    open_file,
    payload_file,
    tensor_file,
    verify,
    wrapped_file,
)
from sovereign.shell.command import Command, walk
from sovereign.shell.entry import complete_tree
from specimens import Tensor, a2, ald_block

if TYPE_CHECKING:
    from pathlib import Path

    from workdir import Answer, Workdir

COMMANDS = [" ".join(path) for path, node in walk(complete_tree(GROUP)) if isinstance(node, Command)]
ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m"
BRAIN_FLOAT = 2


@pytest.fixture(autouse=True)
def _models(workdir: Workdir) -> None:
    workdir.environment |= {"SOVEREIGN_CONFIG": str(workdir.path / "config"), "SOURCE_DATE_EPOCH": "1765204320"}
    workdir.write("linear.apr", linear_model())
    workdir.write("tensors.apr", tensor_model())


FITTED = {"coef": np.arange(6, dtype=np.float64).reshape(1, 6), "classes": np.array([0, 1], np.int64)}
ABOUT = {
    "custom": {"family": "linear", "estimator": "LogisticRegression"},
    "param_count": 8,
    "created_at": "2025-12-08T14:32:00Z",
}


def damaged(data: bytes, place: int) -> bytes:
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def resealed(data: bytes) -> bytes:
    return data[:-4] + zlib.crc32(data[:-4]).to_bytes(4, "little")


def run(workdir: Workdir, line: str, status: int = 0) -> Answer:
    answer = workdir.run(line)
    assert answer.status == status, answer.out + answer.err
    return answer


# What each command is given to print one document; `{key}` and so on are made first.
DOCUMENTS = {
    "apr-inspect": ["inspect linear.apr", "inspect tensors.apr", "inspect signed.apr", "inspect bundle.apr"],
    "apr-validate": ["validate linear.apr tensors.apr --allow-unknown"],
    "apr-diff": ["diff linear.apr linear.apr", "diff signed.apr linear.apr", "diff linear.apr tensors.apr"],
    "apr-hex": ["hex linear.apr", "hex tensors.apr --section tensor"],
    "apr-tree": ["tree linear.apr", "tree bundle.apr"],
    "apr-tensors": ["tensors tensors.apr --statistics", "tensors linear.apr"],
    "apr-convert": ["convert signed.apr out.apr"],
    "apr-bundle-make": ["bundle make out.apr linear.apr tensors.apr"],
    "apr-bundle-list": ["bundle list bundle.apr"],
    "apr-bundle-extract": ["bundle extract bundle.apr --folder config linear"],
    "apr-sign": ["sign tensors.apr key.pem -o out.apr"],
    "apr-verify": ["verify signed.apr --allow-unknown"],
    "apr-encrypt": ["encrypt linear.apr out.apr --password-file password"],
    "apr-decrypt": ["decrypt locked.apr out.apr --password-file password"],
    "apr-keygen": ["keygen new.pem", "keygen new.pem --encryption --suite hybrid --password-file password"],
    "apr-trust-list": ["trust list"],
    "apr-trust-add": ["trust add paul key.pub.pem"],
    "apr-trust-remove": ["trust remove maria"],
    "apr-wcet": ["wcet linear.apr --platform edge-rpi4 --budget 10", "wcet --platform edge-rpi4 --budget 10"],
}


@pytest.fixture(name="furniture", scope="module")
def _furniture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key, a key that is trusted, a signed file, an encrypted one and a bundle, made once."""
    folder = tmp_path_factory.mktemp("furniture")
    place = {name: str(folder / f"{name}.apr") for name in ("linear", "tensors", "signed", "locked", "bundle")}
    (folder / "linear.apr").write_bytes(linear_model())
    (folder / "tensors.apr").write_bytes(tensor_model())
    (folder / "password").write_text("correct horse\n")
    for name in ("key", "other"):
        keygen(str(folder / f"{name}.pem"), Suite.STANDARD_2025)
    crypto.TrustStore(folder / "config" / "trust.json").add("maria", crypto.read_public(folder / "other.pub.pem"))
    sign(place["linear"], crypto.read_private(folder / "key.pem"), place["signed"])
    encrypt(place["linear"], place["locked"], Suite.LEGACY, password=b"correct horse")
    make(place["bundle"], [place["linear"], place["tensors"]])
    return folder


@pytest.fixture(name="furnished")
def _furnished(workdir: Workdir, furniture: Path) -> Workdir:
    """The folder with all of that."""
    shutil.copytree(furniture, workdir.path, dirs_exist_ok=True)
    return workdir


@pytest.mark.parametrize("name", DOCUMENTS)
def test_json_is_what_its_schema_says(furnished: Workdir, name: str) -> None:
    for line in DOCUMENTS[name]:
        answer = furnished.run(f"apr {line} --json --force" if "--force" in help_of(line) else f"apr {line} --json")
        assert answer.status in {0, 1}, answer.out
        assert problems(answer.json, name) == []
        assert answer.err == ""


def help_of(line: str) -> str:
    words = line.split()
    node = GROUP.find(words[0])
    found = node if isinstance(node, Command) else node and node.find(words[1])
    assert isinstance(found, Command)
    return " ".join(flag for each in found.options for flag in each.flags)


def test_every_command_has_a_schema_that_a_test_uses() -> None:
    own = {path.replace(" ", "-") for path in COMMANDS} - {"apr-completion", "apr-man"}
    assert own == set(DOCUMENTS)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_refused(workdir: Workdir, command: str) -> None:
    answer = run(workdir, f"{command} --jsno", 2)
    assert answer.out == ""
    assert "[shell.usage]" in answer.err


@pytest.mark.parametrize(
    "line", ["inspect", "validate", "hex", "tree", "tensors", "verify", "bundle list", "wcet --platform edge-rpi4"]
)
def test_a_file_that_is_not_there_is_refused_with_its_like(workdir: Workdir, line: str) -> None:
    answer = run(workdir, f"apr {line} liner.apr", 2)
    assert "[shell.not_found]" in answer.err
    assert "did you mean `linear.apr`" in answer.err


def test_batuta_and_the_names_of_the_specification_reach_the_same_commands(workdir: Workdir) -> None:
    shown = run(workdir, "apr inspect linear.apr").out
    assert run(workdir, "apr-inspect linear.apr").out == shown
    assert run(workdir, "batuta apr inspect linear.apr").out == shown
    assert run(workdir, "apr-validate linear.apr").out == run(workdir, "apr validate linear.apr").out
    run(workdir, "apr-diff linear.apr tensors.apr", 1)
    run(workdir, "apr-convert linear.apr out.apr")
    run(workdir, "apr-bundle make bundle.apr linear.apr")
    assert "apr inspect: error" in run(workdir, "apr-inspect nothing.apr", 2).err


def test_inspect_shows_header_and_metadata_and_vouches_for_nothing(workdir: Workdir) -> None:
    answer = run(workdir, "apr inspect linear.apr")
    assert "  Layout:   A1, APRN version 1: one payload\n" in answer.out
    assert "  Model type:      linear regression (0x0001)\n" in answer.out
    assert "  Checksum:        present, not checked\n" in answer.out
    assert "    - accuracy:      0.9\n" in answer.out
    assert "VALID" not in answer.out
    workdir.write("damaged.apr", damaged(linear_model(), -10))
    assert "Checksum:        present, not checked" in run(workdir, "apr inspect damaged.apr").out


def test_inspect_counts_the_tensors_of_an_index(workdir: Workdir) -> None:
    found = run(workdir, "apr inspect tensors.apr --json").json
    assert found["structure"] == {
        "tensors": 3,
        "parameters": 11,
        "dtypes": {"F16": 1, "F32": 1, "F64": 1},
        "models": [],
        "problem": None,
    }
    assert found["header"]["flags"] == ["LAYOUT_ROW_MAJOR"]


@pytest.mark.parametrize(
    "line",
    [
        "inspect",
        "validate",
        "tree",
        "tensors",
        "hex",
        "diff linear.apr",
        "convert --to a1 --force out.apr",
        "convert out.apr",
        "inspect --json",
    ],
)
def test_text_from_a_file_sends_nothing_to_the_terminal(workdir: Workdir, line: str) -> None:
    metadata = {**METADATA, "model_name": ESCAPE, ESCAPE: {ESCAPE: [ESCAPE]}}
    workdir.write("hostile.apr", linear_model(metadata=metadata))
    workdir.write("hostile_tensors.apr", tensor_model(**{ESCAPE: np.zeros(2, np.float32)}))
    workdir.write("hostile_types.apr", a2((Tensor(ESCAPE, BRAIN_FLOAT, (2,), bytes(4)),)))
    for name in ("hostile.apr", "hostile_tensors.apr", "hostile_types.apr"):
        words = line.split()
        # What is written stands behind what is read.
        call = [words[0], name, *words[1:]] if words[0] == "convert" else [*words, name]
        answer = workdir.run(f"apr {' '.join(call)}", env={"FORCE_COLOR": ""})
        assert answer.status in {0, 1}, answer.err
        assert_harmless(answer)
        (workdir.path / "out.apr").unlink(missing_ok=True)


def assert_harmless(answer: Answer) -> None:
    shown = answer.out + answer.err
    assert not [letter for letter in shown if unicodedata.category(letter) == "Cc" and letter not in "\n\t"], shown


def test_names_of_models_and_keys_send_nothing_to_the_terminal(workdir: Workdir) -> None:
    workdir.write("bundle.apr", bundle.bundled({"red\x1b[31m": linear_model()}))
    assert_harmless(run(workdir, "apr bundle extract bundle.apr --folder ."))
    keygen(str(workdir.path / "key.pem"), Suite.STANDARD_2025)
    for line in ("add 'red\x1b[31m' key.pub.pem", "remove 'red\x1b[31m'"):
        assert_harmless(run(workdir, f"apr trust {line}"))


def test_a_conversion_of_what_is_no_file_is_refused(workdir: Workdir) -> None:
    os.mkfifo(workdir.path / "pipe.safetensors")
    (workdir.path / "folder.safetensors").mkdir()
    codes = {"pipe": "shell.not_a_file", "folder": "shell.not_a_file", "gone": "shell.not_found"}
    for name, code in codes.items():
        answer = workdir.run(f"apr convert {name}.safetensors out.apr")
        assert f"[{code}]" in answer.err


def test_numbers_that_json_lacks_are_told_as_text(workdir: Workdir) -> None:
    data = bytearray(linear_model(metadata={**METADATA, "metrics": {"loss": 1.5}}))
    place = data.index(b"\xcb\x3f\xf8" + bytes(6))
    data[place + 1 : place + 9] = bytes.fromhex("7ff8000000000000")
    workdir.write("nan.apr", resealed(bytes(data)))
    assert run(workdir, "apr inspect nan.apr --json").json["metadata"]["metrics"] == {"loss": "nan"}
    assert run(workdir, "apr diff nan.apr linear.apr --json", 1).json["metadata"][0]["old"] == "nan"


def test_validate_makes_every_check(workdir: Workdir) -> None:
    found = run(workdir, "apr validate linear.apr --json").json["files"][0]
    assert {each["name"]: each["verdict"] for each in found["checks"]} == {
        "structure": "ok",
        "checksum": "ok",
        "metadata": "ok",
        "payload": "ok",
        "payload shape": "ok",
        "flags": "ok",
        "signature": "ok",
    }
    assert found["is_valid"] is True


def flagged(data: bytes, flags: int) -> bytes:
    """The file with other flags in its header and right checksums."""
    changed = bytearray(data)
    if changed[:4] == b"APRN":
        changed[21] |= flags
    else:
        changed[6:8] = (int.from_bytes(changed[6:8], "little") | flags).to_bytes(2, "little")
    return specimens.mended(bytes(changed))


A1_FLAGS = {"STREAMING": 0x04, "LICENSED": 0x08, "TRUENO_NATIVE": 0x10, "QUANTIZED": 0x20, "HAS_MODEL_CARD": 0x40}
A2_FLAGS = {
    "LZ4": 0x001,
    "ZSTD": 0x002,
    "SHARDED": 0x010,
    "QUANTIZED": 0x020,
    "HAS_FILTERBANK": 0x040,
    "HAS_MODEL_CARD": 0x080,
    "STREAMING": 0x100,
    "HAS_VOCAB": 0x200,
}


@pytest.mark.parametrize(
    ("data", "name", "bit", "at"),
    [(linear_model(), *flag, 21) for flag in A1_FLAGS.items()]
    + [(a2(), *flag, 6) for flag in A2_FLAGS.items()]
    + [(specimens.a1_tensors(a2()), *flag, 21) for flag in A1_FLAGS.items()]
    + [(ald_block(flags=0), "TRUENO_NATIVE", 0x10, 21)],
)
def test_validate_does_not_believe_a_flag_with_nothing_behind_it(
    workdir: Workdir, data: bytes, name: str, bit: int, at: int
) -> None:
    workdir.write("flagged.apr", ald_block(flags=bit) if data[:4] == b"ALDF" else flagged(data, bit))
    (found,) = run(workdir, "apr validate flagged.apr --json", 1).json["files"]
    (check,) = [each for each in found["checks"] if each["name"] == "flags"]
    assert check["verdict"] == "failed"
    assert (check["code"], check["offset"]) == ("container.field", at)
    assert check["evidence"] == f"claimed, and nothing of it is in the file: {name}"


def test_validate_holds_the_flags_of_the_tensors_inside_a_payload(workdir: Workdir) -> None:
    workdir.write("flagged.apr", specimens.a1_tensors(flagged(a2(), 0x021)))
    shown = run(workdir, "apr validate flagged.apr", 1).out
    assert "nothing of it is in the file: LZ4 of the tensors inside, QUANTIZED of the tensors inside" in shown


BLOCKS = Tensor("blocks", 9, (4,), b"\0\0\x80?\1\2\3\4")


@pytest.mark.parametrize(
    "data",
    [
        flagged(a2((BLOCKS,)), 0x020),
        flagged(a2((specimens.BIAS,), b'{"quantization":{"bits":8}}'), 0x020),
        flagged(a2(metadata=b'{"sharding":{"shard_count":2}}'), 0x010),
        flagged(a2(metadata=b'{"model_card":{"name":"m"}}'), 0x080),
        flagged(a2((Tensor("audio.mel_filterbank", 7, (1,), b"1"),)), 0x040),
        flagged(a2(metadata=b'{"tokenizer.vocabulary":["a"]}'), 0x200),
        tensor_file({"w": np.zeros(2)}, {"model_card": {"name": "m"}}),
        specimens.a1_tensors(flagged(a2((BLOCKS,)), 0x020)),
        flagged(specimens.a1_tensors(a2((BLOCKS,))), 0x020),
        linear_model(metadata={**METADATA, "license": {"uuid": "u"}}),
    ],
)
def test_validate_believes_a_flag_with_its_content(workdir: Workdir, data: bytes) -> None:
    workdir.write("flagged.apr", data)
    (found,) = workdir.run("apr validate flagged.apr --json").json["files"]
    assert [each["verdict"] for each in found["checks"] if each["name"] == "flags"] == ["ok"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (specimens.a1(b"\x81\xaamodel_card\x81\xa1a\x01", kind=255), "HAS_MODEL_CARD"),
        (specimens.a1(b"\x81\xa7license\x81\xa1a\x01", bytes(44), raw=9, flags=1), "LICENSED"),
        (a2((BLOCKS,)), "QUANTIZED"),
    ],
)
def test_validate_warns_of_content_without_its_flag(workdir: Workdir, data: bytes, named: str) -> None:
    workdir.write("silent.apr", data)
    (found,) = workdir.run("apr validate silent.apr --json").json["files"]
    (check,) = [each for each in found["checks"] if each["name"] == "flags"]
    assert (check["verdict"], check["code"]) == ("warning", None)
    assert check["evidence"] == f"in the file, and no flag says so: {named}"


def test_a_warning_does_not_make_a_file_invalid(workdir: Workdir) -> None:
    workdir.write("silent.apr", a2((BLOCKS,)))
    assert "warning  in the file, and no flag says so" in run(workdir, "apr validate silent.apr").out


def test_a_flag_about_numbers_that_are_not_decoded_is_not_assessed(workdir: Workdir) -> None:
    workdir.write("custom.apr", flagged(payload_file(ModelContent(payload=b"anything", metadata={})), 0x20))
    assert "claimed of a payload that is not decoded: QUANTIZED" in run(workdir, "apr validate custom.apr").out


def wrong_size() -> bytes:
    data = bytearray(linear_model())
    data[16:20] = (int.from_bytes(data[16:20], "little") + 1).to_bytes(4, "little")
    return resealed(bytes(data))


def wrong_shape() -> bytes:
    data = bytearray(linear_model(compression=Compression.NONE))
    data[6] = 6  # k-means, whose fields are others
    return resealed(bytes(data))


def wrong_metadata() -> bytes:
    data = bytearray(linear_model())
    data[32] = 0xC1  # the one byte that MessagePack never uses
    return resealed(bytes(data))


@pytest.mark.parametrize(
    ("data", "check", "code"),
    [
        (linear_model()[:-1], "structure", "container.truncated"),
        (linear_model() + b"x", "structure", "container.surplus"),
        (b"", "structure", "container.truncated"),
        (damaged(linear_model(), -10), "checksum", "container.checksum"),
        (wrong_size(), "payload", "container.expansion"),
        (wrong_shape(), "payload", None),
        (wrong_metadata(), "metadata", "container.metadata"),
        (damaged(tensor_model(), 300), "checksum", "container.checksum"),
    ],
)
def test_validate_names_the_check_that_fails(workdir: Workdir, data: bytes, check: str, code: str | None) -> None:
    workdir.write("wrong.apr", data)
    answer = run(workdir, "apr validate wrong.apr --json", 1)
    assert answer.json["error"]["code"] == "apr.invalid"
    failed = {each["name"]: each["code"] for each in answer.json["files"][0]["checks"] if each["verdict"] == "failed"}
    assert check in failed
    assert code in {None, failed[check]}
    assert "`wrong.apr` [apr.invalid]" in run(workdir, "apr validate wrong.apr linear.apr", 1).err


def test_validate_says_what_nothing_proves(workdir: Workdir) -> None:
    workdir.write("layers.apr", layers_model())
    answer = run(workdir, "apr validate layers.apr", 1)
    assert "checksum   not provable  no checksum: not provable\n" in answer.out
    assert "layers.apr: APR version 1: layers of tensors" in answer.out
    run(workdir, "apr convert layers.apr proved.apr")
    run(workdir, "apr validate proved.apr")


def test_validate_looks_into_a_bundle(furnished: Workdir) -> None:
    found = run(furnished, "apr validate bundle.apr --json", 1).json["files"][0]
    names = {each["name"] for each in found["checks"]}
    assert {"linear: checksum", "linear: payload shape", "tensors: tensors"} <= names
    data = bytearray((furnished.path / "bundle.apr").read_bytes())
    data[-200] ^= 1  # inside the model that comes last
    furnished.write("changed.apr", bytes(data))
    wrong = run(furnished, "apr validate changed.apr --json", 1).json["files"][0]
    failed = [each for each in wrong["checks"] if each["verdict"] == "failed"]
    assert {each["name"].partition(":")[0] for each in failed} == {"tensors"}


def test_validate_does_not_vouch_for_the_names_in_a_bundle(furnished: Workdir) -> None:
    furnished.write("renamed.apr", (furnished.path / "bundle.apr").read_bytes().replace(b"linear", b"linfar"))
    for name in ("bundle.apr", "renamed.apr"):
        shown = run(furnished, f"apr validate {name}", 1).out
        assert "not provable  no checksum over names and description: not provable; 2 of 2 models are proved" in shown
        assert "failed" not in shown


def test_validate_bounds_how_deep_bundles_stand_in_bundles(workdir: Workdir) -> None:
    data = linear_model()
    for level in range(1500):
        data = bundled_raw(data)
        if level == 6:
            workdir.write("deep.apr", data)
    workdir.write("deeper.apr", data)
    assert "failed" not in run(workdir, "apr validate deep.apr", 1).out
    answer = run(workdir, "apr validate deeper.apr", 1)
    assert "models should stand in at most 7 bundles, deeper is: `n`" in answer.out


def bundled_raw(data: bytes) -> bytes:
    """A bundle of one model, which is not looked at."""
    index = struct.pack("<IQIII", 1, 0, 0, 1, 1) + b"n" + struct.pack("<QQ", len(data), 0)
    return b"APBUNDLE" + struct.pack("<IQ", 1, len(index)) + index + data


def test_a_writer_that_is_stopped_leaves_nothing_unfinished(workdir: Workdir) -> None:
    tensors = {f"w{number}": np.random.default_rng(number).standard_normal(1 << 20) for number in range(24)}
    workdir.write("large.apr", tensor_file(tensors))
    before, words = workdir.files(), workdir.words("apr convert large.apr out.safetensors")
    with subprocess.Popen(words, cwd=workdir.path, env=workdir.environment, stderr=subprocess.PIPE) as process:
        while process.poll() is None and not list(workdir.path.glob(".sovereign-*")):
            time.sleep(0.001)
        assert process.poll() is None, "the writer was done before it could be stopped"
        process.terminate()
        _, err = process.communicate()
    assert process.returncode == 2
    assert b"[shell.interrupted]" in err
    assert workdir.files() == before


def test_validate_takes_no_model_out_of_a_bundle(furnished: Workdir) -> None:
    furnished.environment["TMPDIR"] = str(furnished.path / "nowhere")
    assert "2 of 2 models are proved" in run(furnished, "apr validate bundle.apr", 1).out


def test_a_bundle_in_a_bundle_is_proved_where_it_stands(workdir: Workdir) -> None:
    inner = bundle.bundled({"fitted": wrapped_file(FITTED, ABOUT), "linear": linear_model()})
    workdir.write("outer.apr", bundle.bundled({"inner": inner, "tensors": tensor_model()}))
    checks = {
        each["name"]: each for each in run(workdir, "apr validate outer.apr --json", 1).json["files"][0]["checks"]
    }
    assert checks["inner: fitted: payload shape"]["evidence"].startswith("a file of tensors: A2, ")
    assert checks["inner: linear: checksum"]["verdict"] == checks["tensors: checksum"]["verdict"] == "ok"
    data = bytearray((workdir.path / "outer.apr").read_bytes())
    at = data.index(linear_model()) + 12  # the size of its payload
    data[at] ^= 1
    workdir.write("changed.apr", bytes(data))
    wrong = run(workdir, "apr validate changed.apr --json", 1).json["files"][0]["checks"]
    (failed,) = [each for each in wrong if each["verdict"] == "failed"]
    assert failed["name"] == "inner: linear: structure"
    assert at - 12 <= failed["offset"] <= at - 12 + len(linear_model())


def test_what_is_safetensors_is_told_how_to_become_a_model_file(workdir: Workdir) -> None:
    run(workdir, "apr convert tensors.apr tensors.safetensors")
    for line in ("inspect", "tree", "hex", "tensors", "verify", "diff linear.apr"):
        err = run(workdir, f"apr {line} tensors.safetensors", 2).err
        assert "[container.magic]" in err
        assert "`apr convert FILE OUTPUT.apr` makes a model file of safetensors" in err
    workdir.write("other.safetensors", b"no such format at all")
    assert "apr convert" not in run(workdir, "apr inspect other.safetensors", 2).err


@pytest.mark.parametrize("metadata", [{"license": [1, 2]}, {"custom": {"test_data": [1]}}])
def test_validate_refuses_statements_that_are_no_maps(workdir: Workdir, metadata: dict[str, object]) -> None:
    workdir.write("stated.apr", linear_model(metadata={**METADATA, **metadata}))
    assert "should be a map, it is: `list`" in run(workdir, "apr validate stated.apr", 1).out


@pytest.mark.parametrize("told", [999, "4", True, 4.0])
def test_validate_counts_the_parameters(workdir: Workdir, told: object) -> None:
    tensors = {"w": np.zeros((2, 2), np.float32)}
    workdir.write("stated.apr", tensor_file(tensors, {"param_count": told}))
    assert "should state 4 parameters, as many as" in run(workdir, "apr validate stated.apr", 1).out
    workdir.write("stated.apr", tensor_file(tensors, {"param_count": 4}))
    assert "parameter count  ok" in run(workdir, "apr validate stated.apr").out


def test_validate_counts_the_parameters_of_a_payload_that_was_carried_over(workdir: Workdir) -> None:
    told = "should have 4, of which 3 are listed"
    for count, evidence in ((3, "3, as stated"), (4, told), (None, f"{3 + 26}, as stated")):
        metadata = METADATA if count is None else {**METADATA, "param_count": count}
        workdir.write("stated.apr", linear_model(metadata=metadata))
        run(workdir, "apr convert stated.apr carried.apr --to a2 --force")
        assert evidence in run(workdir, "apr validate carried.apr").out


@pytest.mark.parametrize("wrong", [28, 4, "29", True, None, 0])
def test_validate_finds_a_wrong_count_beside_a_carried_payload(workdir: Workdir, wrong: object) -> None:
    run(workdir, "apr convert linear.apr carried.apr --to a2")
    with open_file(workdir.path / "carried.apr") as file:
        tensors, metadata = {name: file[name] for name in file}, {**file.metadata, "param_count": wrong}
    workdir.write("wrong.apr", tensor_file(tensors, metadata))
    status = int(wrong is not None)
    shown = run(workdir, "apr validate wrong.apr", status).out
    assert ("should state 29 parameters" in shown) == (wrong is not None)


def test_a_count_is_checked_where_only_facts_of_a_header_were_carried(workdir: Workdir) -> None:
    workdir.write("fitted.apr", wrapped_file(FITTED, ABOUT))
    run(workdir, "apr convert fitted.apr there.apr --to a2")
    with open_file(workdir.path / "there.apr") as file:
        tensors, metadata = {name: file[name] for name in file}, file.metadata
    assert "8, as stated" in run(workdir, "apr validate there.apr").out
    workdir.write("wrong.apr", tensor_file(tensors, {**metadata, "param_count": 7}))
    assert "should state 8 parameters" in run(workdir, "apr validate wrong.apr", 1).out


def dataset(rows: bytes, way: Compression, size: int) -> bytes:
    """A dataset in one block."""
    head = struct.pack("<4sBBHIIIBBHQ", b"ALDF", 1, 2, 1, 3, len(rows), size, way, 0, 3, 9)
    return resealed(head + b"\x91\xa1n" + b"sch" + rows + bytes(4))


ROWS = bytes(1000) + b"rows"


@pytest.mark.parametrize(
    ("rows", "way", "size", "evidence"),
    [
        (ROWS, Compression.NONE, 1004, "ok            1004 bytes when expanded"),
        (zstandard.compress(ROWS), Compression.ZSTD, 1004, "ok            1004 bytes when expanded"),
        (lz4.frame.compress(ROWS), Compression.LZ4, 1004, "ok            1004 bytes when expanded"),
        (zstandard.compress(ROWS), Compression.ZSTD_MAX, 1003, "should expand to 1003 bytes"),
        (zstandard.compress(ROWS), Compression.ZSTD, 1005, "should expand to 1005 bytes"),
        (lz4.frame.compress(ROWS), Compression.LZ4, 1003, "should expand to 1003 bytes"),
        (lz4.frame.compress(ROWS), Compression.LZ4, 1005, "should expand to 1005 bytes"),
        (lz4.frame.compress(ROWS)[:-5], Compression.LZ4, 1004, "does not end where the payload does"),
        (lz4.frame.compress(ROWS) + b"x", Compression.LZ4, 1004, "does not end where the payload does"),
        (b"not zstd at all", Compression.ZSTD, 1004, "are no stream of their kind"),
        (b"not lz4 at all", Compression.LZ4, 1004, "are no stream of their kind"),
        (b"", Compression.LZ4, 0, "does not end where the payload does"),
    ],
)
def test_validate_expands_a_dataset(workdir: Workdir, rows: bytes, way: Compression, size: int, evidence: str) -> None:
    workdir.write("rows.ald", dataset(rows, way, size))
    shown = workdir.run("apr validate rows.ald")
    assert evidence in shown.out
    assert shown.status == int("when expanded" not in evidence)
    assert ("failed" in shown.out) == bool(shown.status)


def test_validate_says_which_payloads_it_does_not_expand(workdir: Workdir) -> None:
    for name in ("A6", "ald-stream"):
        workdir.write("m.apr", specimens.WHOLE[name])
        assert "payload    not assessed" in workdir.run("apr validate m.apr").out


@pytest.mark.parametrize(
    ("suite", "mode", "section", "evidence"),
    [
        (0, 0, bytes(44), None),
        (0, 0, bytes(43), "at least 44 bytes, it has: `43`"),
        (0, 0, b"", "at least 44 bytes, it has: `0`"),
        (1, 1, struct.pack("<III", 65_536, 3, 4) + bytes(56), None),
        (1, 1, struct.pack("<III", 65_536, 3, 4) + bytes(55), "at least 68 bytes, it has: `67`"),
        (1, 1, struct.pack("<III", 1 << 21, 3, 4) + bytes(56), "costs of the password"),
        (1, 1, struct.pack("<III", 65_536, 0, 4) + bytes(56), "costs of the password"),
        (1, 2, struct.pack("<H", 1) + bytes(128), None),
        (1, 2, struct.pack("<H", 1) + bytes(127), "at least 130 bytes, it has: `129`"),
        (1, 2, bytes(200), "1 to 64 recipients, it names: `0`"),
        (1, 2, struct.pack("<H", 65) + bytes(9000), "1 to 64 recipients, it names: `65`"),
        (1, 1, b"x", "at least 68 bytes, it has: `1`"),
    ],
)
def test_validate_checks_what_an_encrypted_payload_says_in_clear(
    workdir: Workdir, suite: int, mode: int, section: bytes, evidence: str | None
) -> None:
    data = specimens.a1(b"\x80", section, raw=9, flags=1, minor=int(suite > 0), suite=suite, mode=mode)
    workdir.write("locked.apr", data)
    shown = run(workdir, "apr validate locked.apr", int(evidence is not None)).out
    assert (evidence or "not assessed  it is encrypted") in shown


def test_validate_asks_whose_signature_it_is(furnished: Workdir) -> None:
    assert "container.unknown_key" in run(furnished, "apr validate signed.apr --json", 1).out
    run(furnished, "apr validate signed.apr --allow-unknown")
    run(furnished, "apr trust add me key.pub.pem")
    assert "trusted, by me" in run(furnished, "apr validate signed.apr").out


def test_validate_finds_a_licence_that_is_over(workdir: Workdir) -> None:
    licence = {"uuid": "0b5b4bd4-9f1c-4d36-8a51-0c2f3a4b5c6d", "hash": "ab" * 32, "expiry": "2020-01-01T00:00:00Z"}
    workdir.write("licensed.apr", linear_model(metadata={**METADATA, "license": licence}))
    assert "the licence is over since: `2020-01-01T00:00:00Z`" in run(workdir, "apr validate licensed.apr", 1).out


def test_diff_of_equal_files_is_a_yes(workdir: Workdir) -> None:
    answer = run(workdir, "apr diff linear.apr linear.apr --json")
    assert answer.json["is_same"] is True
    assert answer.json["payload"] == "equal"


def test_diff_tells_numbers_and_percents(workdir: Workdir) -> None:
    metadata = {**METADATA, "metrics": {"accuracy": 0.99}}
    workdir.write("new.apr", linear_model(1.5, -2.0, 0.75, metadata=metadata, intercept=0.5))
    found = run(workdir, "apr diff linear.apr new.apr --json", 1).json
    assert {each["name"]: each["change_percent"] for each in found["metadata"]} == {
        "metrics.accuracy": pytest.approx(10)
    }
    assert {
        "name": "payload.intercept",
        "change": "changed",
        "old": 0.25,
        "new": 0.5,
        "change_percent": 100.0,
    } in found["facts"]
    (weights,) = found["weights"]
    assert (weights["differing"], weights["max_absolute"]) == (1, 0.25)
    assert weights["max_relative"] == pytest.approx(1 / 3)
    assert found["predictions"]["state"].startswith("not assessed")
    shown = run(workdir, "apr diff linear.apr new.apr", 1).out
    assert "metrics.accuracy:  0.9 → 0.99 (+10%)" in shown


def test_diff_tells_tensors_added_removed_and_changed(workdir: Workdir) -> None:
    workdir.write("new.apr", tensor_model(weight=np.zeros((3, 2), np.float32), extra=np.ones(2, np.float32)))
    found = run(workdir, "apr diff tensors.apr new.apr --json", 1).json
    assert found["tensors_added"] == ["extra"]
    assert found["tensors_changed"] == [{"name": "weight", "old": "F32 2 x 3", "new": "F32 3 x 2"}]
    assert all(each["equal_bits"] for each in found["weights"])
    back = run(workdir, "apr diff new.apr tensors.apr --json", 1).json
    assert back["tensors_removed"] == ["extra"]


def test_diff_tells_signed_zeros_by_their_bits(workdir: Workdir) -> None:
    workdir.write("plus.apr", tensor_model(zero=np.zeros(2, np.float32)))
    workdir.write("minus.apr", tensor_model(zero=-np.zeros(2, np.float32)))
    found = run(workdir, "apr diff plus.apr minus.apr --json", 1).json
    zero = next(each for each in found["weights"] if each["name"] == "zero")
    assert (zero["equal_bits"], zero["differing"], zero["max_absolute"]) == (False, 0, 0.0)


def test_hex_names_fields_and_sections_and_covers_every_byte(workdir: Workdir) -> None:
    for name in ("linear.apr", "tensors.apr"):
        data = (workdir.path / name).read_bytes()
        rows = run(workdir, f"apr hex {name} --length 100000 --json").json["rows"]
        assert b"".join(bytes.fromhex(row["hex"]) for row in rows) == data
        assert rows[0] == {"offset": 0, "hex": data[:4].hex(), "section": "header.magic"}
    assert rows[-1]["section"] == "checksum"
    assert {"tensor bias", "tensor scale", "tensor weight", "header.tensor_count"} <= {row["section"] for row in rows}


def test_hex_shows_a_range(workdir: Workdir) -> None:
    answer = run(workdir, "apr hex linear.apr --offset 0x6 --length 2")
    assert answer.out.splitlines()[1].split() == ["00000006", "01", "00", "..", "header.model_type"]
    assert run(workdir, "apr hex linear.apr --section checksum --json").json["end"] == len(linear_model())
    assert "[container.section]" in run(workdir, "apr hex linear.apr --section tensor", 2).err
    assert "[container.parameter]" in run(workdir, "apr hex linear.apr --offset 9999", 2).err
    assert "[shell.usage]" in run(workdir, "apr hex linear.apr --offset -1", 2).err


def test_tree_shows_the_models_of_a_bundle(furnished: Workdir) -> None:
    shown = run(furnished, "apr tree bundle.apr").out
    assert "├── model linear: at " in shown
    assert "    ├── tensor bias: at " in shown
    found = run(furnished, "apr tree bundle.apr --json").json["sections"]
    inside = next(node for node in found if node["name"] == "linear")
    assert sum(node["size_bytes"] for node in inside["children"]) == inside["size_bytes"]


def test_tensors_are_listed_with_what_their_numbers_are_like(workdir: Workdir) -> None:
    found = run(workdir, "apr tensors tensors.apr --statistics --json").json["tensors"]
    weight = next(each for each in found if each["name"] == "weight")
    assert (weight["dtype"], weight["shape"], weight["size_bytes"]) == ("F32", [2, 3], 24)
    assert weight["offset"] % 64 == 0
    assert weight["statistics"] == {
        "minimum": 0.0,
        "maximum": 5.0,
        "mean": 2.5,
        "deviation": pytest.approx(np.arange(6).std()),
        "zeros": 1,
        "not_finite": 0,
    }
    assert "coefficients  F32   3" in run(workdir, "apr tensors linear.apr").out


def test_numbers_that_are_not_finite_are_counted(workdir: Workdir) -> None:
    workdir.write("odd.apr", tensor_model(odd=np.array([np.nan, np.inf, 1.0], np.float32)))
    found = run(workdir, "apr tensors odd.apr --statistics --json").json["tensors"]
    odd = next(each["statistics"] for each in found if each["name"] == "odd")
    assert (odd["not_finite"], odd["maximum"]) == (2, 1.0)


@pytest.mark.parametrize("layout", ["a2", "safetensors"])
def test_a_file_comes_back_from_another_layout_as_it_was(workdir: Workdir, layout: str) -> None:
    run(workdir, f"apr convert linear.apr there.file.{layout} --to {layout}")
    os.rename(workdir.path / f"there.file.{layout}", workdir.path / f"there.{layout}")  # noqa: PTH104 - short
    answer = run(workdir, f"apr convert there.{layout} back.apr --to a1 --json")
    assert answer.json["lost"] == []
    assert (workdir.path / "back.apr").read_bytes() == linear_model()


def test_tensors_come_back_from_the_payload_of_a_custom_model(workdir: Workdir) -> None:
    run(workdir, "apr convert tensors.apr one.apr --to a1")
    run(workdir, "apr convert one.apr back.apr --to a2")
    with open_file(workdir.path / "back.apr") as back, open_file(workdir.path / "tensors.apr") as old:
        assert {name: back[name].tobytes() for name in back} == {name: old[name].tobytes() for name in old}


def test_tensors_inside_a_payload_are_shown_as_those_of_a2(workdir: Workdir) -> None:
    workdir.write("fitted.apr", wrapped_file(FITTED, ABOUT))
    shown = run(workdir, "apr inspect fitted.apr").out
    assert "  Parameters:  8\n" in shown
    assert "  Types:       1 F64, 1 I64\n" in shown
    found = run(workdir, "apr tensors fitted.apr --statistics --json").json["tensors"]
    assert [(each["name"], each["dtype"], each["shape"], each["offset"]) for each in found] == [
        ("classes", "I64", [2], None),
        ("coef", "F64", [1, 6], None),
    ]
    assert found[1]["statistics"]["mean"] == 2.5
    shown = run(workdir, "apr tree fitted.apr").out
    assert "│   ├── tensor coef: at 320 of the expanded payload, 48 bytes\n" in shown
    run(workdir, "apr bundle make both.apr fitted.apr linear.apr")
    assert "│   │   ├── tensor coef: at 320 of the expanded payload" in run(workdir, "apr tree both.apr").out


def test_tensors_inside_a_payload_are_proved(workdir: Workdir) -> None:
    workdir.write("fitted.apr", wrapped_file(FITTED, ABOUT))
    checks = {each["name"]: each for each in run(workdir, "apr validate fitted.apr --json").json["files"][0]["checks"]}
    assert checks["payload shape"]["evidence"].startswith("a file of tensors: A2, ")
    assert checks["parameter count"]["evidence"] == "8, as stated"
    assert checks["tensors"]["verdict"] == "ok"
    image = tensor_file(FITTED)
    workdir.write("changed.apr", specimens.a1_tensors(damaged(image, image.index(np.float64(5).tobytes()))))
    (found,) = run(workdir, "apr validate changed.apr --json", 1).json["files"]
    (failed,) = [each for each in found["checks"] if each["verdict"] == "failed"]
    assert (failed["name"], failed["code"], failed["offset"]) == ("payload shape", "container.checksum", None)
    workdir.write("counted.apr", wrapped_file(FITTED, {**ABOUT, "param_count": 9}))
    assert "should state 8 parameters" in run(workdir, "apr validate counted.apr", 1).out


def test_tensors_inside_a_payload_are_compared_by_name(workdir: Workdir) -> None:
    workdir.write("fitted.apr", wrapped_file(FITTED, ABOUT))
    changed = {**FITTED, "coef": FITTED["coef"] + [[0, 0, 0, 0, 0, 0.5]], "more": np.zeros(2)}
    workdir.write("changed.apr", wrapped_file(changed, ABOUT))
    run(workdir, "apr convert changed.apr tensors.apr --to a2 --force")
    for new in ("changed.apr", "tensors.apr"):
        found = run(workdir, f"apr diff fitted.apr {new} --json", 1).json
        assert found["tensors_added"] == ["more"]
        assert [(each["name"], each["differing"]) for each in found["weights"]] == [("classes", 0), ("coef", 1)]
        assert found["weights"][1]["max_absolute"] == 0.5
    run(workdir, "apr diff fitted.apr fitted.apr")


@pytest.mark.parametrize("way", ["none", "zstd", "zstd-max", "lz4"])
@pytest.mark.parametrize("between", ["a2", "safetensors"])
def test_tensors_inside_a_payload_are_unwrapped_and_wrapped_as_they_were(
    workdir: Workdir, way: str, between: str
) -> None:
    compression = {"none": 0, "zstd": 1, "zstd-max": 2, "lz4": 3}[way]
    data = wrapped_file(FITTED, ABOUT, compression=Compression(compression), quality_score=7)
    workdir.write("fitted.apr", data)
    suffix = "apr" if between == "a2" else between
    assert run(workdir, f"apr convert fitted.apr there.{suffix} --to {between} --strict --json").json["lost"] == []
    assert run(workdir, f"apr convert there.{suffix} back.apr --to a1 --strict --json").json["lost"] == []
    assert (workdir.path / "back.apr").read_bytes() == data
    if between == "a2":
        with open_file(workdir.path / "there.apr") as file:
            assert {name: file[name].tolist() for name in file} == {name: FITTED[name].tolist() for name in FITTED}
            assert file.metadata["custom"] == {**ABOUT["custom"], "shape": "sovereign/1"}  # type: ignore[dict-item]


def test_convert_proves_the_source_and_tells_what_is_lost(furnished: Workdir) -> None:
    furnished.write("damaged.apr", damaged(linear_model(), -10))
    assert "[container.checksum]" in run(furnished, "apr convert damaged.apr out.apr", 2).err
    answer = run(furnished, "apr convert signed.apr out.safetensors --strict --json", 1)
    assert answer.json["error"]["code"] == "apr.lossy"
    assert not (furnished.path / "out.safetensors").exists()
    assert "lost: the signature" in run(furnished, "apr convert signed.apr out.safetensors").out
    assert "without `--to`" in run(furnished, "apr convert linear.apr out.onnx", 2).err
    assert not (furnished.path / "out.onnx").exists()


def test_a_signature_that_encrypting_or_decrypting_leaves_out_is_told(furnished: Workdir) -> None:
    for of, out, told in (("linear", "plain", False), ("signed", "told", True)):
        answer = run(furnished, f"apr encrypt {of}.apr {out}.apr --password-file password")
        assert ("lost: the signature" in answer.out) is told
    run(furnished, "apr sign told.apr key.pem -o both.apr")
    assert "lost: the signature" in run(furnished, "apr decrypt both.apr back.apr --password-file password").out
    assert "lost" not in run(furnished, "apr decrypt plain.apr plain-back.apr --password-file password").out


def test_a_tensor_beside_a_payload_is_lost_and_told(workdir: Workdir) -> None:
    run(workdir, "apr convert linear.apr two.apr")
    with open_file(workdir.path / "two.apr") as file:
        tensors, metadata = {name: np.array(file[name]) for name in file}, file.metadata
    workdir.write("more.apr", tensor_file({**tensors, "further": np.ones(2, np.float32)}, metadata))
    found = run(workdir, "apr convert more.apr back.apr --to a1 --json").json
    assert found["lost"] == ["the tensor further, which is not in the payload"]


def test_a_bundle_gives_back_its_models(furnished: Workdir) -> None:
    answer = run(furnished, "apr bundle list bundle.apr --json")
    assert [each["name"] for each in answer.json["models"]] == ["linear", "tensors"]
    (furnished.path / "taken").mkdir()
    run(furnished, "apr bundle extract bundle.apr --folder taken")
    assert (furnished.path / "taken/linear.apr").read_bytes() == linear_model()
    assert (furnished.path / "taken/tensors.apr").read_bytes() == tensor_model()
    answer = run(furnished, "apr bundle extract bundle.apr linaer", 2)
    assert "did you mean `linear`" in answer.err
    assert "[container.layout]" in run(furnished, "apr bundle list linear.apr", 2).err


def test_a_name_in_a_bundle_cannot_lead_out_of_the_folder(furnished: Workdir) -> None:
    data = (furnished.path / "bundle.apr").read_bytes().replace(b"linear", b"../../")
    furnished.write("escaping.apr", data)
    before = furnished.files()
    answer = run(furnished, "apr bundle extract escaping.apr --folder config", 2)
    assert "should be a file name to be taken out, it is: `../../` [container.parameter]" in answer.err
    assert furnished.files() == before


def test_models_that_would_go_to_one_file_are_refused(furnished: Workdir) -> None:
    data = bundle.bundled({"a": linear_model(), "a.apr": tensor_model()})
    furnished.write("both.apr", data)
    before = furnished.files()
    answer = run(furnished, "apr bundle extract both.apr --folder config --force", 2)
    assert "`a` and `a.apr` both go to: `config/a.apr` [container.parameter]" in answer.err
    assert furnished.files() == before
    run(furnished, "apr bundle extract both.apr a.apr --folder config")
    assert (furnished.path / "config/a.apr").read_bytes() == tensor_model()


def test_two_models_of_one_name_are_refused(workdir: Workdir) -> None:
    workdir.write("other/linear.apr", linear_model())
    assert "[container.parameter]" in run(workdir, "apr bundle make out.apr linear.apr other/linear.apr", 2).err


@pytest.mark.parametrize("suite", ["standard", "hybrid"])
def test_a_signature_is_trusted_only_when_its_key_is(workdir: Workdir, suite: str) -> None:
    run(workdir, f"apr keygen key.pem --suite {suite}")
    run(workdir, f"apr sign linear.apr key.pem -o signed.apr --suite {suite}")
    assert verify(workdir.path / "signed.apr").is_proved
    answer = run(workdir, "apr verify signed.apr --json", 1)
    assert answer.json["error"]["code"] == "apr.untrusted"
    assert answer.json["files"][0]["state"] == "unknown key"
    mark = answer.json["files"][0]["fingerprint"]
    run(workdir, "apr verify signed.apr --allow-unknown")
    run(workdir, f"apr verify signed.apr --fingerprint {mark.upper()}")
    run(workdir, f"apr verify signed.apr --allow-unknown --fingerprint {'00' * 32}", 1)
    for no_fingerprint in (mark[:8], "z" * 64):
        answer = run(workdir, f"apr verify signed.apr --fingerprint {no_fingerprint}", 2)
        assert "64 hexadecimal digits" in answer.err
    run(workdir, "apr trust add maria key.pub.pem")
    assert run(workdir, "apr verify signed.apr --json").json["files"][0]["signer"] == "maria"
    run(workdir, "apr trust remove maria")
    run(workdir, "apr verify signed.apr", 1)


def test_a_signature_that_does_not_hold_is_never_accepted(furnished: Workdir) -> None:
    run(furnished, "apr trust add me key.pub.pem")
    data = bytearray((furnished.path / "signed.apr").read_bytes())
    data[40] ^= 1
    furnished.write("forged.apr", resealed(bytes(data)))
    answer = run(furnished, "apr verify forged.apr --allow-unknown --json", 1)
    assert answer.json["files"][0]["state"] == "invalid"
    assert "unsigned" in run(furnished, "apr verify linear.apr --allow-unknown", 1).out


def test_a_signature_is_not_asked_where_the_checksum_does_not_hold(furnished: Workdir) -> None:
    run(furnished, "apr trust add me key.pub.pem")
    run(furnished, "apr verify signed.apr")
    data = (furnished.path / "signed.apr").read_bytes()
    furnished.write("changed.apr", damaged(data, len(data) - 1))
    answer = run(furnished, "apr verify changed.apr --allow-unknown --json", 2)
    assert answer.json["error"]["code"] == "container.checksum"


@pytest.mark.parametrize("command", ["validate", "verify"])
def test_a_file_that_cannot_be_read_does_not_hide_the_others(furnished: Workdir, command: str) -> None:
    run(furnished, "apr trust add me key.pub.pem")
    (furnished.path / "folder.apr").mkdir()
    furnished.write("damaged.apr", damaged(linear_model(), -10))
    answer = run(furnished, f"apr {command} gone.apr signed.apr folder.apr damaged.apr --json", 2)
    assert answer.err == ""
    assert answer.json["error"]["code"] == ("shell.not_a_file" if command == "validate" else "container.checksum")
    document = {name: value for name, value in answer.json.items() if name != "error"}
    assert problems(document, f"apr-{command}") == []
    files = {each["file"]: each for each in answer.json["files"]}
    assert list(files) == ["gone.apr", "signed.apr", "folder.apr", "damaged.apr"]
    assert files["gone.apr"]["error"]["code"] == "shell.not_found"
    assert files["folder.apr"]["error"]["code"] == "shell.not_a_file"
    assert files["signed.apr"]["error"] is None
    judgement = "is_valid" if command == "validate" else "is_accepted"
    assert [each[judgement] for each in files.values()] == [False, True, False, False]
    assert answer.json[judgement] is False
    answer = run(furnished, f"apr {command} gone.apr signed.apr folder.apr", 2)
    assert "gone.apr" in answer.out
    assert "trusted" in answer.out
    assert answer.err.index("[shell.not_found]") < answer.err.index("[shell.not_a_file]")
    run(furnished, f"apr {command} linear.apr signed.apr damaged.apr", 1 if command == "validate" else 2)


def test_a_licence_outside_of_the_signature_is_not_trusted(furnished: Workdir) -> None:
    run(furnished, "apr trust add me key.pub.pem")
    key = crypto.read_private(furnished.path / "key.pem")
    data = ald_block()
    start, after = data.split(bytes([6] * 96))
    block = key.sign(start) + key.public.raw
    furnished.write("rows.ald", resealed(start + block + after))
    at = len(start) + 96
    told = f"the licence after the signature is not signed, bytes {at} to {at + 75}"
    mark = f"--fingerprint {key.public.fingerprint}"
    for options in ("", mark):
        answer = run(furnished, f"apr verify rows.ald {options} --json", 1)
        (found,) = answer.json["files"]
        assert (found["state"], found["not_signed"], found["is_accepted"]) == ("trusted", told, False)
        run(furnished, f"apr verify rows.ald {options} --allow-unknown")
    assert f"  not signed: rows.ald: {told}" in run(furnished, "apr verify rows.ald", 1).out
    start, _ = ald_block(flags=0x02).split(bytes([6] * 96))
    furnished.write("free.ald", resealed(start + key.sign(start) + key.public.raw + bytes(4)))
    assert run(furnished, "apr verify free.ald --json").json["files"][0]["not_signed"] is None


def test_sign_writes_over_nothing_without_force(furnished: Workdir) -> None:
    assert "[shell.exists]" in run(furnished, "apr sign linear.apr key.pem", 2).err
    assert (furnished.path / "linear.apr").read_bytes() == linear_model()
    run(furnished, "apr sign linear.apr key.pem --force")
    assert (furnished.path / "linear.apr").read_bytes() == (furnished.path / "signed.apr").read_bytes()


def test_a_private_key_is_for_its_owner_alone(workdir: Workdir) -> None:
    run(workdir, "apr keygen key.pem")
    assert stat.S_IMODE((workdir.path / "key.pem").stat().st_mode) == 0o600
    assert "[shell.exists]" in run(workdir, "apr keygen key.pem", 2).err
    (workdir.path / "key.pem").chmod(0o644)
    run(workdir, "apr keygen key.pem --force")
    assert stat.S_IMODE((workdir.path / "key.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_private_key_that_others_may_read_is_refused(furnished: Workdir, mode: int) -> None:
    key = furnished.path / "key.pem"
    key.chmod(mode)
    answer = run(furnished, "apr sign linear.apr key.pem -o out.apr", 2)
    assert f"readable by its owner alone, its mode is {mode:04o}: `key.pem`" in answer.err
    assert "[container.key]" in answer.err
    assert "chmod 600 key.pem" in answer.err
    assert not (furnished.path / "out.apr").exists()
    key.chmod(0o400)
    run(furnished, "apr sign linear.apr key.pem -o out.apr")


def test_a_private_key_under_a_password_may_be_read_by_others(workdir: Workdir) -> None:
    workdir.environment["OPENS"] = "correct horse"
    run(workdir, "apr keygen key.pem --password-env OPENS --encryption")
    run(workdir, "apr encrypt linear.apr locked.apr --recipient key.pub.pem")
    (workdir.path / "key.pem").chmod(0o644)
    run(workdir, "apr decrypt locked.apr back.apr --key key.pem --password-env OPENS")
    run(workdir, "apr keygen bare.pem --encryption --force")
    (workdir.path / "bare.pem").chmod(0o644)
    assert "owner alone" in run(workdir, "apr decrypt locked.apr no.apr --key bare.pem", 2).err


def test_a_key_with_a_password_opens_with_it_alone(workdir: Workdir) -> None:
    workdir.environment["OPENS"] = "correct horse"
    run(workdir, "apr keygen key.pem --password-env OPENS")
    assert b"ENCRYPTED" in (workdir.path / "key.pem").read_bytes()
    run(workdir, "apr sign linear.apr key.pem -o signed.apr --password-env OPENS")
    workdir.environment["OPENS"] = "wrong"
    assert "[container.key]" in run(workdir, "apr sign linear.apr key.pem -o o.apr --password-env OPENS", 2).err


@pytest.mark.parametrize(
    "line", ["--password-env NOTHING", "--password-file empty", "--password-file a --password-env b"]
)
def test_a_password_that_cannot_be_had_is_refused(workdir: Workdir, line: str) -> None:
    workdir.write("empty")
    answer = run(workdir, f"apr encrypt linear.apr out.apr {line}", 2)
    assert "[container.key]" in answer.err
    assert not (workdir.path / "out.apr").exists()


def test_without_a_terminal_no_password_is_asked_for(workdir: Workdir) -> None:
    answer = workdir.run("apr encrypt linear.apr out.apr", start_new_session=True)
    assert answer.status == 2
    assert "there is no terminal to ask on" in answer.err
    assert "--password-file" in answer.err


@pytest.mark.parametrize("suite", ["legacy", "standard"])
def test_what_was_encrypted_to_a_password_comes_back(workdir: Workdir, suite: str) -> None:
    workdir.write("password", "correct horse\r\nsecond line")
    run(workdir, f"apr encrypt linear.apr locked.apr --suite {suite} --password-file password")
    assert "[container.encrypted]" in run(workdir, "apr tensors locked.apr", 2).err
    assert "not assessed  it is encrypted" in run(workdir, "apr validate locked.apr").out
    run(workdir, "apr decrypt locked.apr back.apr --password-file password")
    assert (workdir.path / "back.apr").read_bytes() == linear_model()
    workdir.write("password", "incorrect horse")
    assert "[container.decrypt]" in run(workdir, "apr decrypt locked.apr no.apr --password-file password", 2).err
    assert not (workdir.path / "no.apr").exists()


def test_a_password_costs_no_more_memory_than_is_allowed(workdir: Workdir) -> None:
    workdir.write("password", "correct horse")
    run(workdir, "apr encrypt linear.apr locked.apr --password-file password")
    answer = run(workdir, "apr decrypt locked.apr back.apr --password-file password --max-memory 63", 2)
    assert "costs of the password are above what is allowed, 64512 KiB" in answer.err
    assert "--max-memory MIB" in answer.err
    assert "[shell.usage]" in run(workdir, "apr decrypt locked.apr back.apr --max-memory 0", 2).err
    run(workdir, "apr decrypt locked.apr back.apr --password-file password --max-memory 64")
    costly = bytearray((workdir.path / "locked.apr").read_bytes())
    at = 32 + int.from_bytes(costly[8:12], "little")
    costly[at : at + 4] = (300 << 10).to_bytes(4, "little")
    workdir.write("costly.apr", resealed(bytes(costly)))
    assert "above what" in run(workdir, "apr decrypt costly.apr no.apr --password-file password", 2).err
    # With more memory the costs are computed, and the changed file does not open.
    answer = run(workdir, "apr decrypt costly.apr no.apr --password-file password --max-memory 300", 2)
    assert "does not open the file" in answer.err


def test_a_wrong_password_is_told_of_the_file(workdir: Workdir) -> None:
    workdir.write("password", "correct horse")
    run(workdir, "apr encrypt linear.apr locked.apr --suite legacy --password-file password")
    workdir.write("password", "wrong horse")
    answer = run(workdir, "apr decrypt locked.apr no.apr --password-file password", 2)
    assert "the password or key does not open the file, or it was changed: `locked.apr`" in answer.err
    assert "it can be read as it is" not in answer.err
    answer = run(workdir, "apr decrypt linear.apr no.apr --password-file password", 2)
    assert "not encrypted, its payload can be read as it is: `linear.apr`" in answer.err
    answer = run(workdir, "apr encrypt locked.apr no.apr --password-file password", 2)
    assert "encrypted already, decrypt it first: `locked.apr`" in answer.err


@pytest.mark.parametrize("suite", ["legacy", "hybrid"])
def test_what_was_encrypted_to_keys_comes_back(workdir: Workdir, suite: str) -> None:
    names = ["anna"] if suite == "legacy" else ["anna", "ben"]
    for name in names:
        run(workdir, f"apr keygen {name}.pem --encryption --suite {suite}")
    recipients = " ".join(f"--recipient {name}.pub.pem" for name in names)
    run(workdir, f"apr encrypt linear.apr locked.apr --suite {suite} {recipients}")
    for name in names:
        run(workdir, f"apr decrypt locked.apr {name}.apr --key {name}.pem")
        assert (workdir.path / f"{name}.apr").read_bytes() == linear_model()
    run(workdir, f"apr keygen eve.pem --encryption --suite {suite}")
    assert "[container.decrypt]" in run(workdir, "apr decrypt locked.apr no.apr --key eve.pem", 2).err


def test_the_trust_store_names_what_is_near_and_refuses_a_taken_name(furnished: Workdir) -> None:
    assert "did you mean `maria`" in run(furnished, "apr trust remove mara", 2).err
    assert "belongs to another key" in run(furnished, "apr trust add maria key.pub.pem", 2).err
    assert "its name is: `maria`" in run(furnished, "apr trust add bob other.pub.pem", 2).err


def test_load_time_has_a_budget(workdir: Workdir) -> None:
    found = run(workdir, "apr wcet linear.apr --platform aerospace-rad750 --budget 100 --json").json
    assert found["fits"] is True
    assert found["is_measured"] is False
    assert "[container.budget]" in run(workdir, "apr wcet linear.apr --platform edge-rpi4 --budget 0.001", 1).err
    assert "did you mean `edge-rpi4`" in run(workdir, "apr wcet linear.apr --platform edge-rpi", 2).err
    assert "[container.parameter]" in run(workdir, "apr wcet linear.apr", 2).err
    assert "[container.parameter]" in run(workdir, "apr wcet --platform edge-rpi4", 2).err
    assert "[shell.usage]" in run(workdir, "apr wcet --platform edge-rpi4 --budget 0", 2).err


def test_this_machine_is_measured_when_asked(workdir: Workdir) -> None:
    found = run(workdir, "apr wcet linear.apr --calibrate --budget 1000 --json").json
    assert found["is_measured"] is True
    assert found["max_size_bytes"] > 0


def test_a_custom_payload_has_no_shape_and_that_is_said(workdir: Workdir) -> None:
    workdir.write("custom.apr", payload_file(ModelContent(payload=b"anything", metadata={})))
    assert "no shape is known for the type custom" in run(workdir, "apr validate custom.apr").out


def test_quiet_prints_nothing_and_the_exit_code_says_it(workdir: Workdir) -> None:
    assert run(workdir, "apr inspect linear.apr -q").out == ""
    assert run(workdir, "apr diff linear.apr tensors.apr -q", 1).out == ""
