values = [3, -1, 2**65, 0, True, 2.5, -(2**65)]
for a in values:
    print([a < b for b in values], [a == b for b in values])
print(sorted(values), max(values), min(values))
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 >= 2, 1 == 1.0, 2**53 == float(2**53), 2**53 + 1 == float(2**53))
print(1 is not None, not 0, not 5, 0 or 7, 3 and 4, 0 and 4, None or 0)
print(bool(0), bool(-1), bool(2**70), int(True), True == 1, False < True)
