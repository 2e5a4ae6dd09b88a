"""Binary records: a small image header, a table of fixed rows and bit fields."""

import struct

HEADER = struct.Struct("<4sHHIf")


def write_table(rows):
    data = struct.pack(">I", len(rows))
    for name, age, height in rows:
        raw = name.encode("utf-8")
        data += struct.pack(">B", len(raw)) + raw + struct.pack(">Bd", age, height)
    return data


def read_table(data):
    (count,) = struct.unpack_from(">I", data, 0)
    place = 4
    rows = []
    for _ in range(count):
        length = data[place]
        name = data[place + 1 : place + 1 + length].decode("utf-8")
        place += 1 + length
        age, height = struct.unpack_from(">Bd", data, place)
        place += struct.calcsize(">Bd")
        rows.append((name, age, height))
    return rows


def flags(value):
    names = ["read", "write", "run", "hidden"]
    return [name for bit, name in enumerate(names) if value >> bit & 1]


header = HEADER.pack(b"IMG1", 640, 480, 0xFFCC00, 1.5)
print(len(header), header.hex())
magic, width, height, colour, scale = HEADER.unpack(header)
print(magic, width, height, hex(colour), scale, HEADER.size)
table = write_table([("Ada", 36, 1.7), ("Zoë", 41, 1.825)])
print(len(table), table[:10])
for row in read_table(table):
    print(row)
for value in (0, 5, 15):
    print(value, flags(value))
print(struct.unpack("<hHbB", struct.pack("<hHbB", -2, 65534, -1, 255)))
print(struct.pack("?q", True, -1), struct.calcsize("<q?"), struct.unpack(">3s", b"abc"))
print([value for (value,) in struct.iter_unpack("<H", b"\x01\x00\x02\x00\xff\xff")])
try:
    struct.unpack("<I", b"abc")
except struct.error as error:
    print("error:", error)
try:
    struct.pack("<B", 300)
except struct.error as error:
    print("error:", error)
