"""Bytes: run lengths, Caesar and XOR, a bit set, checksums and Base64 by hand."""

import base64

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def pack_runs(data):
    out = bytearray()
    place = 0
    while place < len(data):
        run = 1
        while place + run < len(data) and data[place + run] == data[place] and run < 255:
            run += 1
        out += bytes([run, data[place]])
        place += run
    return bytes(out)


def unpack_runs(data):
    return b"".join(bytes([data[i + 1]]) * data[i] for i in range(0, len(data), 2))


def xor(data, key):
    return bytes(b ^ key[i % len(key)] for i, b in enumerate(data))


def to_base64(data):
    out = []
    for start in range(0, len(data), 3):
        chunk = data[start : start + 3]
        number = int.from_bytes(chunk.ljust(3, b"\0"), "big")
        letters = [ALPHABET[number >> shift & 63] for shift in (18, 12, 6, 0)]
        out.append("".join(letters[: len(chunk) + 1]) + "=" * (3 - len(chunk)))
    return "".join(out)


def fletcher(data):
    a = b = 0
    for byte in data:
        a = (a + byte) % 255
        b = (b + a) % 255
    return b << 8 | a


class BitSet:
    def __init__(self):
        self.bits = 0

    def add(self, *numbers):
        for number in numbers:
            self.bits |= 1 << number
        return self

    def __contains__(self, number):
        return bool(self.bits >> number & 1)

    def __iter__(self):
        bits, number = self.bits, 0
        while bits:
            if bits & 1:
                yield number
            bits >>= 1
            number += 1

    def __len__(self):
        return bin(self.bits).count("1")


data = b"aaaabccccccccd" + bytes(300)
packed = pack_runs(data)
print(packed, len(packed), unpack_runs(packed) == data)
secret = xor("Grüße".encode(), b"key")
print(secret.hex(), xor(secret, b"key").decode())
for text in (b"", b"f", b"fo", b"foo", b"foobar"):
    print(to_base64(text), to_base64(text) == base64.b64encode(text).decode())
print(f"{fletcher(b'abcde'):#06x}", f"{fletcher(b'abcdefgh'):016b}")
bits = BitSet().add(3, 70, 5)
print(list(bits), len(bits), 5 in bits, 6 in bits, bits.bits.bit_length(), hex(bits.bits))
buffer = bytearray(b"hello")
buffer[0] = ord("J")
buffer.extend(b" w")
buffer[-1:] = b"World"
print(buffer, buffer.find(b"World"), buffer.upper(), bytes(reversed(buffer))[:4])
print((258).to_bytes(2, "little"), int.from_bytes(b"\xff\xfe", "big", signed=True))
