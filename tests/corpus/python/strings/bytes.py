b = b"hello\x00\xff"
print(b, len(b), b[0], b[-1], b[1:3], list(b[:3]), b.hex(), bytes([65, 66]), bytes(3), bytes.fromhex("00ff10"))
print(b"a,b".split(b","), b"abc".upper(), b"abc" + b"def", b"ab" * 2, b"l" in b, 104 in b, b.find(b"l"), b.replace(b"l", b"L"))
print("é".encode(), "é".encode("latin-1"), b"\xc3\xa9".decode(), b"abc".decode("ascii"), "é".encode("ascii", "ignore"), "é".encode("ascii", "replace"))
try:
    b"\xff".decode("utf-8")
except UnicodeDecodeError as error:
    print(error)
try:
    "é".encode("ascii")
except UnicodeEncodeError as error:
    print(error)
x = bytearray(b"abc")
x[0] = 120
x.append(33)
x.extend(b"zz")
print(x, bytes(x), len(x), b"a" < b"b", sorted([b"b", b"a"]))
for v in b"hi":
    print(v)
