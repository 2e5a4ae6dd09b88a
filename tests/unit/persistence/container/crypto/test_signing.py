"""Signatures: they hold for the file that was signed and for no other, and holding is not being trusted."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import zlib

import blake3
import numpy as np
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

import specimens
from sovereign.errors import DeviceError, FormatError, ParameterError, SignatureError
from sovereign.persistence.container import (
    Layout,
    ModelContent,
    Role,
    Suite,
    crypto,
    outline,
    payload_file,
    read_header,
    reference,
    tensor_file,
    verify,
)
from sovereign.persistence.container.crypto import SUITES, SignatureState, TrustStore

A1 = payload_file(ModelContent(payload=b"weights" * 9, metadata={"name": "a"}))
A2 = tensor_file({"w": np.arange(3, dtype=np.float32)}, {"name": "b"})
SIGNING = [suite for suite in Suite if suite is not Suite.LEGACY_RSA]
FILES = [(A1, suite) for suite in SIGNING] + [(A2, suite) for suite in SIGNING if suite is not Suite.LEGACY]
KEYS = {suite: crypto.generate(suite) for suite in SIGNING}


@pytest.fixture(name="store")
def _store(tmp_path):
    return TrustStore(tmp_path / "trust" / "trust.json")


def check(tmp_path, data, store, **options):
    path = tmp_path / "m.apr"
    path.write_bytes(data)
    return crypto.check(path, store, **options)


@pytest.mark.parametrize(("data", "suite"), FILES)
def test_a_signed_file_is_whole_and_told_from_a_trusted_one(tmp_path, store, data, suite):
    key = KEYS[suite]
    signed = crypto.signed(data, key, suite)
    assert verify(signed).is_proved
    assert reference.verify(signed)[1]
    section = outline(signed).section(Role.SIGNATURE)
    assert section.length == SUITES[suite].block_bytes
    found = check(tmp_path, signed, store)
    assert (found.state, found.suite, found.signer) == (SignatureState.UNKNOWN_KEY, suite, None)
    assert found.fingerprint == key.public.fingerprint
    assert not found.is_trusted
    store.add("us", key.public)
    found = check(tmp_path, signed, store)
    assert (found.state, found.signer, found.is_trusted) == (SignatureState.TRUSTED, "us", True)
    assert check(tmp_path, data, store).state is SignatureState.UNSIGNED


@pytest.mark.parametrize(("data", "suite"), FILES)
def test_every_changed_byte_of_a_signed_file_is_noticed(tmp_path, store, data, suite):
    """With its checksums put right, as somebody would who changes it on purpose."""
    key = KEYS[suite]
    store.add("us", key.public)
    signed = crypto.signed(data, key, suite)
    path, trusted = tmp_path / "m.apr", []
    # A long signature is the same thing over and over: every byte of the rest, and every 37th of it.
    block = outline(signed).section(Role.SIGNATURE)
    step = 37 if block.length > 1000 else 1
    places = [*range(block.offset), *range(block.offset, block.end, step)]
    for at in places:
        changed = bytearray(signed)
        changed[at] ^= 0x10
        mended = specimens.mended(bytes(changed))
        if mended == signed:  # the byte was one of a checksum
            continue
        path.write_bytes(mended)
        try:
            if crypto.check(path, store).is_trusted:
                trusted.append(at)
        except (FormatError, ParameterError):
            pass
    assert trusted == []


@pytest.mark.parametrize(("data", "suite"), FILES)
def test_dropping_the_signature_leaves_an_unsigned_file(tmp_path, store, data, suite):
    """Nothing in a file can prove that it was signed once; a policy that asks for a signature must."""
    signed = crypto.signed(data, KEYS[suite], suite)
    if outline(data).layout is Layout.A1:
        bare = bytearray(signed[: outline(signed).section(Role.SIGNATURE).offset])
        bare[21] &= ~2
    else:
        bare = bytearray(data[:-4])
    bare += bytes(4)
    assert check(tmp_path, specimens.mended(bytes(bare)), store).state is SignatureState.UNSIGNED


def test_a_signature_of_one_suite_is_none_of_another(tmp_path, store):
    """Suites 0 and 1 use the same key and the same sizes."""
    key = KEYS[Suite.STANDARD_2025]
    store.add("us", key.public)
    for suite, other in ((Suite.LEGACY, Suite.STANDARD_2025), (Suite.STANDARD_2025, Suite.LEGACY)):
        changed = bytearray(crypto.signed(A1, key, suite))
        changed[5], changed[23] = int(other is not Suite.LEGACY), other
        assert check(tmp_path, specimens.mended(bytes(changed)), store).state is SignatureState.INVALID


def test_a_signature_of_one_file_is_none_of_another(tmp_path, store):
    key = KEYS[Suite.STANDARD_2025]
    one, two = (
        crypto.signed(data, key)
        for data in (A1, payload_file(ModelContent(payload=b"weights" * 9, metadata={"name": "c"})))
    )
    assert len(one) == len(two)
    at = outline(one).section(Role.SIGNATURE).offset
    assert check(tmp_path, specimens.mended(two[:at] + one[at:]), store).state is SignatureState.INVALID


@pytest.mark.parametrize("bad", ["ed25519", "ml-dsa-65"])
def test_a_hybrid_needs_both_of_its_signatures(tmp_path, store, bad):
    key = KEYS[Suite.HYBRID_2028]
    store.add("us", key.public)
    signed = bytearray(crypto.signed(A1, key, Suite.HYBRID_2028))
    at = outline(bytes(signed)).section(Role.SIGNATURE).offset
    signed[at + (5 if bad == "ed25519" else 64 + 5)] ^= 1
    assert check(tmp_path, specimens.mended(bytes(signed)), store).state is SignatureState.INVALID


def test_half_of_a_hybrid_is_not_the_hybrid(tmp_path, store):
    """The classical half of a trusted hybrid key, under the classical suite, is another key."""
    hybrid = KEYS[Suite.HYBRID_2028]
    store.add("us", hybrid.public)
    half = crypto.PrivateKey(("ed25519",), hybrid.keys[:1])
    assert check(tmp_path, crypto.signed(A1, half, Suite.STANDARD_2025), store).state is SignatureState.UNKNOWN_KEY


def test_signing_again_takes_the_place_of_the_old_signature(tmp_path, store):
    for data in (A1, A2):
        first = crypto.signed(data, KEYS[Suite.HYBRID_2028])
        second = crypto.signed(first, KEYS[Suite.GOV_HIGH_ASSURANCE])
        assert check(tmp_path, second, store).suite is Suite.GOV_HIGH_ASSURANCE
        assert len(second) == len(data) + SUITES[Suite.GOV_HIGH_ASSURANCE].block_bytes


def test_what_is_signed_is_what_the_table_says():
    """Known answers, computed from the primitives alone."""
    label = b"sovereign apr signature v1"
    for suite, digest in (
        (Suite.STANDARD_2025, lambda data: blake3.blake3(data).digest()),
        (Suite.POST_QUANTUM_2030, lambda data: hashlib.sha3_256(data).digest()),
        (Suite.HYBRID_2028, lambda data: hashlib.sha3_256(data).digest()),
        (Suite.GOV_HIGH_ASSURANCE, lambda data: hashlib.sha384(data).digest()),
    ):
        signed = crypto.signed(A1, KEYS[suite], suite)
        section = outline(signed).section(Role.SIGNATURE)
        start, block = signed[: section.offset], signed[section.offset : section.end]
        message, facts = label + bytes([suite]) + digest(start), SUITES[suite]
        signature, raw = block[: facts.signature_bytes], block[facts.signature_bytes :]
        if facts.signers[0] == "ed25519":
            ed25519.Ed25519PublicKey.from_public_bytes(raw[:32]).verify(signature[:64], message)
        if facts.signers[-1] == "ml-dsa-65":
            from cryptography.hazmat.primitives.asymmetric import mldsa

            mldsa.MLDSA65PublicKey.from_public_bytes(raw[-1952:]).verify(signature[-3309:], message)
        if facts.signers == ("p-384",):
            r, s = int.from_bytes(signature[:48]), int.from_bytes(signature[48:])
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), raw)
            point.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA384()))


def test_an_ed25519_signature_of_a_known_key_is_the_known_one():
    key = crypto.PrivateKey(("ed25519",), (ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))),))
    data = specimens.a1()
    signed = crypto.signed(data, key, Suite.LEGACY)
    start = bytearray(data[:-4])
    start[21] = 2
    expected = bytes(start) + key.keys[0].sign(bytes(start)) + key.public.raw
    assert signed == specimens.seal(expected)
    assert key.public.raw.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert crypto.signed(data, key, Suite.LEGACY) == signed


@pytest.mark.parametrize("value", [0, 1, "order", "order+1", "negated", 2**384 - 1])
@pytest.mark.parametrize("half", ["r", "s"])
def test_numbers_of_ecdsa_at_the_edges_are_no_signature(tmp_path, store, value, half):
    key = KEYS[Suite.GOV_HIGH_ASSURANCE]
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973
    signed = bytearray(crypto.signed(A1, key))
    at = outline(bytes(signed)).section(Role.SIGNATURE).offset + (0 if half == "r" else 48)
    old = int.from_bytes(signed[at : at + 48])
    new = {"order": order, "order+1": order + 1, "negated": (order - old) % order}.get(value, value)
    signed[at : at + 48] = new.to_bytes(48)
    found = check(tmp_path, specimens.mended(bytes(signed)), store)
    # ECDSA itself takes the negated second number; whoever changes it has not changed what was signed.
    is_twin = half == "s" and value == "negated"
    assert found.state is (SignatureState.UNKNOWN_KEY if is_twin else SignatureState.INVALID)


def test_an_ed25519_number_beyond_the_order_is_no_signature(tmp_path, store):
    key, order = KEYS[Suite.STANDARD_2025], 2**252 + 27742317777372353535851937790883648493
    signed = bytearray(crypto.signed(A1, key))
    at = outline(bytes(signed)).section(Role.SIGNATURE).offset + 32
    number = int.from_bytes(signed[at : at + 32], "little") + order
    signed[at : at + 32] = number.to_bytes(32, "little")
    assert check(tmp_path, specimens.mended(bytes(signed)), store).state is SignatureState.INVALID


@pytest.mark.parametrize("raw", [bytes(97), b"\4" + b"\xff" * 96, b"\2" + bytes(96)])
def test_a_point_that_is_not_on_the_curve_is_no_key(tmp_path, store, raw):
    signed = bytearray(crypto.signed(A1, KEYS[Suite.GOV_HIGH_ASSURANCE]))
    end = outline(bytes(signed)).section(Role.SIGNATURE).end
    signed[end - 97 : end] = raw
    with pytest.raises(SignatureError) as caught:
        check(tmp_path, specimens.mended(bytes(signed)), store)
    assert caught.value.code == "container.signature"


def rsa_signed(private):
    start = bytearray(A1[:-4])
    start[5], start[21], start[23] = 1, start[21] | 2, 255
    signature = private.sign(bytes(start), padding.PKCS1v15(), hashes.SHA256())
    return specimens.seal(bytes(start) + signature + private.public_key().public_numbers().n.to_bytes(256))


def test_rsa_is_read_only_when_it_is_asked_for(tmp_path, store):
    signed = rsa_signed(rsa.generate_private_key(65537, 2048))
    with pytest.raises(SignatureError) as caught:
        check(tmp_path, signed, store)
    assert caught.value.code == "container.suite"
    assert check(tmp_path, signed, store, allow_rsa=True).state is SignatureState.UNKNOWN_KEY
    changed = bytearray(signed)
    changed[40] ^= 1
    changed = specimens.mended(bytes(changed))
    assert check(tmp_path, changed, store, allow_rsa=True).state is SignatureState.INVALID
    with pytest.raises(ParameterError) as caught:
        crypto.generate(Suite.LEGACY_RSA)
    assert caught.value.code == "container.key"


@pytest.mark.parametrize("code", [5, 77, 254])
def test_a_suite_that_does_not_exist_is_refused(code):
    with pytest.raises(SignatureError) as caught:
        crypto.validate_crypto(code)
    assert caught.value.code == "container.suite"


def test_a_suite_whose_algorithms_are_not_installed_is_refused(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.mldsa", None)
    with pytest.raises(DeviceError) as caught:
        crypto.validate_crypto(Suite.HYBRID_2028)
    assert caught.value.code == "container.suite_missing"
    assert crypto.validate_crypto(Suite.STANDARD_2025).suite is Suite.STANDARD_2025


def test_a_key_signs_only_for_its_suite():
    with pytest.raises(ParameterError) as caught:
        crypto.signed(A1, KEYS[Suite.STANDARD_2025], Suite.HYBRID_2028)
    assert caught.value.code == "container.key"
    with pytest.raises(ParameterError):
        crypto.signed(A1, crypto.generate(Suite.STANDARD_2025, to_encrypt=True))
    with pytest.raises(ParameterError):
        crypto.signed(A2, KEYS[Suite.LEGACY], Suite.LEGACY)


def test_only_whole_files_of_two_layouts_are_signed():
    with pytest.raises(ParameterError) as caught:
        crypto.signed(specimens.WHOLE["A3"], KEYS[Suite.STANDARD_2025])
    assert caught.value.code == "container.layout"
    damaged = bytearray(A1)
    damaged[40] ^= 1
    with pytest.raises(FormatError):
        crypto.signed(bytes(damaged), KEYS[Suite.STANDARD_2025])


def test_an_encrypted_file_is_signed_with_its_own_suite():
    locked = crypto.encrypted(A1, Suite.GOV_HIGH_ASSURANCE, password=b"p", cost=crypto.Argon2(64, 1, 1))
    signed = crypto.signed(locked, KEYS[Suite.GOV_HIGH_ASSURANCE])
    assert read_header(signed).is_signed
    assert read_header(signed).is_encrypted
    with pytest.raises(ParameterError) as caught:
        crypto.signed(locked, KEYS[Suite.STANDARD_2025])
    assert caught.value.code == "container.suite_mixed"


def test_what_a_signature_says_is_required(tmp_path, store):
    signed = crypto.signed(A1, KEYS[Suite.STANDARD_2025])
    crypto.require_trusted(check(tmp_path, A1, store), "m.apr")
    with pytest.raises(SignatureError) as caught:
        crypto.require_trusted(check(tmp_path, signed, store), "m.apr")
    assert caught.value.code == "container.unknown_key"
    changed = bytearray(signed)
    changed[40] ^= 1
    with pytest.raises(SignatureError) as caught:
        crypto.require_trusted(check(tmp_path, specimens.mended(bytes(changed)), store), "m.apr")
    assert caught.value.code == "container.signature"


def test_the_signature_of_a_dataset_is_read_by_the_rules_without_suites(tmp_path, store):
    metadata, schema, rows = b"\x91\xa1n", b"sch", b"1234"
    head = struct.pack("<4sBBHIIIBBHQ", b"ALDF", 1, 2, 1, 3, 4, 4, 0, 2, 3, 9) + metadata + schema + rows
    key = KEYS[Suite.LEGACY]
    data = specimens.seal(head + key.keys[0].sign(head) + key.public.raw)
    store.add("us", key.public)
    assert check(tmp_path, data, store).is_trusted
    changed = bytearray(data)
    changed[33] ^= 1
    assert check(tmp_path, specimens.mended(bytes(changed)), store).state is SignatureState.INVALID


@pytest.mark.requires("openssl")
@pytest.mark.parametrize("suite", [Suite.STANDARD_2025, Suite.GOV_HIGH_ASSURANCE])
def test_openssl_agrees_that_a_signature_holds(tmp_path, suite):
    key = KEYS[suite]
    signed = crypto.signed(A1, key, suite)
    section, facts = outline(signed).section(Role.SIGNATURE), SUITES[suite]
    hasher = facts.hash()
    hasher.update(signed[: section.offset])
    signature = signed[section.offset : section.offset + facts.signature_bytes]
    if suite is Suite.GOV_HIGH_ASSURANCE:
        signature = utils.encode_dss_signature(int.from_bytes(signature[:48]), int.from_bytes(signature[48:]))
    for name, data in (
        ("sig", signature),
        ("key", key.public.to_pem()),
        ("msg", b"sovereign apr signature v1" + bytes([suite]) + hasher.digest()),
    ):
        (tmp_path / name).write_bytes(data)
    how = ["-rawin"] if suite is Suite.STANDARD_2025 else ["-rawin", "-digest", "sha384"]
    words = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-in", "msg", "-sigfile", "sig", *how]
    finished = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in finished.stdout, finished.stderr
    assert zlib.crc32(signed) == 0x2144DF1C
