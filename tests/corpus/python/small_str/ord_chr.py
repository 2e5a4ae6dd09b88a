print([ord(c) for c in "aZ0 é"], [chr(n) for n in (97, 233, 8364, 128512)], chr(ord("a") + 1))
print("".join(chr(ord("a") + i) for i in range(26)), {c: ord(c) for c in "ab"})
print([hex(ord(c)) for c in "hi"], sum(ord(c) - 96 for c in "cab"))
