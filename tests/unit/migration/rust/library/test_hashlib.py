"""`hashlib` and `hmac`: digests of every length around a block's end, in one piece and in several."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest

from library_probe import chance, said

if TYPE_CHECKING:
    from library_probe import Library

NAMES = "md5 sha1 sha224 sha256 sha384 sha512 sha3_224 sha3_256 sha3_384 sha3_512 blake2b blake2s".split()


@pytest.mark.parametrize("name", NAMES)
def test_digests(library: Library, name: str) -> None:
    draw = chance(name)
    lengths = [*range(300), 511, 512, 513, 1000, 4096]
    data = [draw.randbytes(length) for length in lengths]
    library.agree((("hashlib.new", name, piece), hashlib.new(name, piece).hexdigest()) for piece in data)


@pytest.mark.parametrize("name", NAMES)
def test_pieces_make_the_same_digest(library: Library, name: str) -> None:
    draw = chance(name)
    cases = []
    for _ in range(100):
        data = draw.randbytes(draw.randint(0, 700))
        lengths = [draw.choice((0, 1, 63, 64, 65, 128, 136, 200)) for _ in range(draw.randint(0, 5))]
        early = hashlib.new(name, data[: sum(lengths)])
        whole = hashlib.new(name, data)
        expected = f"{early.hexdigest()} {whole.hexdigest()} {whole.digest_size} {whole.block_size}"
        cases.append((("hashlib.pieces", name, data, *lengths), expected))
    library.agree(cases)


def test_sizes_of_blake2(library: Library) -> None:
    cases: list[tuple[tuple[object, ...], object]] = []
    for size in (1, 2, 16, 20, 31, 32, 33, 48, 63, 64):
        cases.append((("hashlib.blake2b", b"abc", size), hashlib.blake2b(b"abc", digest_size=size).hexdigest()))
        if size <= 32:
            cases.append((("hashlib.blake2s", b"abc", size), hashlib.blake2s(b"abc", digest_size=size).hexdigest()))
    cases += [
        (("hashlib.blake2b", b"abc", size), said(hashlib.blake2b, b"abc", digest_size=size)) for size in (0, 65, -1)
    ]
    library.agree(cases)


def test_keyed_digests_and_derived_keys(library: Library) -> None:
    draw = chance(3)
    cases: list[tuple[tuple[object, ...], object]] = []
    for _ in range(200):
        name = draw.choice(NAMES[:10])
        key, message = draw.randbytes(draw.randint(0, 200)), draw.randbytes(draw.randint(0, 300))
        cases.append((("hashlib.hmac", name, key, message), hmac.digest(key, message, name).hex()))
    for length in (None, 1, 20, 32, 70):
        expected = hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 7, length).hex()
        cases.append((("hashlib.pbkdf2", "sha256", b"word", b"salt", 7, length), expected))
    cases.append((("hashlib.pbkdf2", "md5", b"", b"", 0, None), said(hashlib.pbkdf2_hmac, "md5", b"", b"", 0)))
    cases.append((("hashlib.new", "sha999", b""), said(hashlib.new, "sha999", b"")))
    library.agree(cases)
