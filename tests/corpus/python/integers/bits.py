for n in (0, 1, 5, 255, -1, -8, 1023, 2**40):
    print(n, bin(n), oct(n), hex(n), n.bit_length(), ~n, n & 6, n | 6, n ^ 6, n << 3, n >> 1)
print(bin(-10), hex(-255), oct(-8))
print(bin(37).count("1"), int("ff", 16), int("-101", 2), int("0x1f", 16), int("0b11", 0), int("z", 36))
print((5).bit_count(), (-7).bit_count())
print(True + True, True << 3, True & False, True | False, True ^ True, ~True)
try:
    print(1 << -1)
except ValueError as error:
    print("error:", error)
