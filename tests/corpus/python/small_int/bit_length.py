for n in (0, 1, 255, 256, -1, -256, 2**63, 2**100):
    print(n.bit_length(), bin(n), n.bit_count())
