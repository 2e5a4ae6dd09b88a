"""Keys: written so that OpenSSL reads them, read as they were written, and refused when they are something else."""

from __future__ import annotations

import hashlib
import subprocess
from functools import partial

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sovereign.errors import NotFound, ParameterError, SignatureError
from sovereign.persistence.container import Suite, crypto
from sovereign.persistence.container.crypto import PublicKey, read_private, read_public

PRIME = 2**255 - 19
ORDER_8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDERS = [0, 1, PRIME - 1, ORDER_8, PRIME - ORDER_8, PRIME, PRIME + 1]


def holds_for_openssl(key, signature, message):
    try:
        key.keys[0].verify(signature, message)
    except InvalidSignature:
        return False
    return True


SUITES = [suite for suite in Suite if suite is not Suite.LEGACY_RSA]
PURPOSES = [False, True]


@pytest.fixture(name="path")
def _path(tmp_path):
    return tmp_path / "key.pem"


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("to_encrypt", PURPOSES)
@pytest.mark.parametrize("password", [None, b"open"])
def test_keys_are_read_as_they_were_written(path, suite, to_encrypt, password):
    key = crypto.generate(suite, to_encrypt=to_encrypt)
    path.write_bytes(key.to_pem(password))
    again = read_private(path, password)
    assert again.algorithms == key.algorithms
    assert again.public.fingerprint == key.public.fingerprint
    path.write_bytes(key.public.to_pem())
    assert read_public(path).raw == key.public.raw
    assert PublicKey.of_raw(key.algorithms, key.public.raw).fingerprint == key.public.fingerprint


@pytest.mark.parametrize("suite", SUITES)
def test_the_public_half_is_read_from_a_private_key_without_password(path, suite):
    key = crypto.generate(suite)
    path.write_bytes(key.to_pem())
    assert read_public(path).fingerprint == key.public.fingerprint
    path.write_bytes(key.to_pem(b"open"))
    with pytest.raises(ParameterError) as caught:
        read_public(path)
    assert caught.value.code == "container.key"


def test_a_fingerprint_is_the_hash_of_algorithms_and_keys():
    key = crypto.generate(Suite.HYBRID_2028).public
    assert key.fingerprint == hashlib.sha256(b"ed25519+ml-dsa-65\0" + key.raw).hexdigest()


@pytest.mark.parametrize("password", [None, b"close", b""])
def test_another_password_does_not_open_a_key(path, password):
    path.write_bytes(crypto.generate(Suite.STANDARD_2025).to_pem(b"open"))
    with pytest.raises(ParameterError) as caught:
        read_private(path, password)
    assert caught.value.code == "container.key"
    assert caught.value.detail["value"] == str(path)


def test_a_password_for_a_key_that_has_none_is_told(path):
    path.write_bytes(crypto.generate(Suite.STANDARD_2025).to_pem())
    with pytest.raises(ParameterError):
        read_private(path, b"open")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        b"-----BEGIN PUBLIC KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"\xff" * 100,
    ],
)
def test_what_is_no_key_is_refused(path, content):
    path.write_bytes(content)
    for read in (read_private, read_public):
        with pytest.raises(ParameterError) as caught:
            read(path)
        assert caught.value.code == "container.key"


def test_a_missing_key_is_told_as_by_every_command(path):
    with pytest.raises(NotFound):
        read_private(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda: rsa.generate_private_key(65537, 3072),
        lambda: ec.generate_private_key(ec.SECP256R1()),
        ed448.Ed448PrivateKey.generate,
    ],
)
def test_keys_of_algorithms_that_no_suite_uses_are_refused(path, make):
    path.write_bytes(make().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(ParameterError) as caught:
        read_private(path)
    assert caught.value.code == "container.key"


def test_raw_bytes_that_are_no_key_are_refused():
    for algorithms, raw in ((("ed25519",), bytes(31)), (("p-384",), bytes(97)), (("ed25519", "ml-dsa-65"), bytes(32))):
        with pytest.raises(SignatureError) as caught:
            PublicKey.of_raw(algorithms, raw)
        assert caught.value.code == "container.signature"


@pytest.mark.parametrize("suite", SUITES)
def test_a_signature_holds_for_its_message_alone(suite):
    key = crypto.generate(suite)
    signature = key.sign(b"message")
    assert key.public.verify(signature, b"message")
    assert not key.public.verify(signature, b"massage")
    assert not crypto.generate(suite).public.verify(signature, b"message")


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", SMALL_ORDERS)
def test_a_key_of_small_order_verifies_nothing(y, sign):
    # Zero times the base is the neutral point, so this holds whenever the challenge is a multiple of the key's order.
    forged = (1).to_bytes(32, "little") + bytes(32)
    key = PublicKey.of_raw(("ed25519",), (y + sign).to_bytes(32, "little"))
    messages = [b"%d" % number for number in range(200)]
    assert any(map(partial(holds_for_openssl, key, forged), messages))
    assert not any(key.verify(forged, message) for message in messages)


@pytest.mark.requires("openssl")
@pytest.mark.parametrize(
    ("suite", "to_encrypt", "told"),
    [
        (Suite.STANDARD_2025, False, "ED25519 Private-Key"),
        (Suite.STANDARD_2025, True, "X25519 Private-Key"),
        (Suite.GOV_HIGH_ASSURANCE, False, "secp384r1"),
    ],
)
def test_openssl_reads_our_keys_and_we_read_its(path, suite, to_encrypt, told):
    key = crypto.generate(suite, to_encrypt=to_encrypt)
    path.write_bytes(key.to_pem(b"open"))

    def openssl(*words):
        finished = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    assert told in openssl("pkey", "-in", str(path), "-passin", "pass:open", "-noout", "-text")
    public = path.with_name("public.pem")
    openssl("pkey", "-in", str(path), "-passin", "pass:open", "-pubout", "-out", str(public))
    assert public.read_bytes() == key.public.to_pem()
    words = ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"] if "secp" in told else [told.split()[0]]
    openssl("genpkey", "-algorithm", *words, "-out", str(path))
    assert read_private(path).algorithms == key.algorithms


@pytest.mark.parametrize("suite", [suite for suite in Suite if suite is not Suite.LEGACY_RSA])
def test_a_signature_of_another_length_does_not_hold(suite):
    key = crypto.generate(suite)
    signature = key.sign(b"message")
    assert key.public.verify(signature, b"message")
    for wrong in (b"", signature[:-1], signature + b"x", signature[1:]):
        assert key.public.verify(wrong, b"message") is False
