"""Hashes and encodings: a manifest of files in memory, chained blocks and tokens."""

import base64
import binascii
import hashlib
import hmac
import zlib

FILES = {
    "a.txt": b"first file\n",
    "b.bin": bytes(range(256)),
    "empty": b"",
    "text.md": "# Überschrift\n".encode("utf-8"),
}


def manifest(files):
    lines = []
    for name in sorted(files):
        data = files[name]
        lines.append(f"{hashlib.sha256(data).hexdigest()[:16]}  {len(data):>5}  {name}")
    return lines


def chain(blocks):
    previous = "0" * 8
    for index, block in enumerate(blocks):
        text = f"{index}:{previous}:{block}"
        previous = hashlib.sha1(text.encode()).hexdigest()[:8]
        yield previous


def token(secret, message):
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def hexdump(data, width=8):
    for start in range(0, len(data), width):
        part = data[start : start + width]
        shown = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
        print(f"{start:04x}  {part.hex(' '):<{width * 3}} {shown}")


for line in manifest(FILES):
    print(line)
print(list(chain(["genesis", "pay 5", "pay 7"])))
print(token(b"key", b"hello"), token(b"key", b"hello") == token(b"key", b"hello!"))
hexdump(b"Hello, world!\n\x00\xff")
print(hashlib.md5(b"abc").hexdigest(), zlib.crc32(b"abc"), hashlib.sha512(b"").hexdigest()[:12])
whole = hashlib.sha256()
for data in FILES.values():
    whole.update(data)
print(whole.hexdigest()[-10:], whole.digest_size, whole.name)
encoded = base64.b64encode(FILES["text.md"])
print(encoded, base64.b64decode(encoded).decode("utf-8"), end="")
print(base64.b32encode(b"abc"), base64.b16encode(b"\x01\xfe"), binascii.hexlify(b"xyz"))
print(bytes.fromhex("de ad be ef"), int.from_bytes(b"\x01\x00", "big"), (1000).to_bytes(3, "little"))
try:
    base64.b64decode(b"abc")
except binascii.Error as error:
    print("error:", error)
