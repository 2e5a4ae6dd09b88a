print((10).bit_length(), (0).bit_length(), (-10).bit_length())
print((258).to_bytes(2, "big"), (258).to_bytes(4, "little"), (-2).to_bytes(2, "big", signed=True))
print(int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\xff\xfe", "little"), int.from_bytes(b"\xff", "big", signed=True))
print((7).conjugate(), (7).numerator, (7).denominator, (7).real, (7).imag)
print(abs(-5), round(15, -1), round(25, -1), round(-15, -1), round(7), round(1234, -2))
print(divmod(-7, 2), divmod(7, -2), sum(range(101)), max(3, 9, 2), min([4, 1, 7]))
try:
    (300).to_bytes(1, "big")
except OverflowError as error:
    print("error:", error)
