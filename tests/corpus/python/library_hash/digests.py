import base64
import hashlib
import struct
import zlib

print(hashlib.md5(b"abc").hexdigest(), hashlib.sha1(b"abc").hexdigest())
print(hashlib.sha256("héllo".encode()).hexdigest(), hashlib.sha512(b"").hexdigest()[:16])
h = hashlib.sha256()
h.update(b"a")
h.update(b"bc")
print(h.hexdigest() == hashlib.sha256(b"abc").hexdigest(), h.digest()[:4])
print(base64.b64encode(b"hello"), base64.b64decode("aGVsbG8="), base64.urlsafe_b64encode(b"\xff\xfe"), base64.b64encode(b"").decode())
print(struct.pack("<IhB", 1, -2, 255), struct.unpack("<IhB", b"\x01\x00\x00\x00\xfe\xff\xff"), struct.calcsize("<IhB"))
print(zlib.crc32(b"hello"))
