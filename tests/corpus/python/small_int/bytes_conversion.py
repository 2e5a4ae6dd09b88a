print((1024).to_bytes(2, "big"), int.from_bytes(b"\x04\x00", "big"))
for n in (0, 1, 255, 65535):
    data = n.to_bytes(4, "little")
    print(data, list(data), int.from_bytes(data, "little") == n)
