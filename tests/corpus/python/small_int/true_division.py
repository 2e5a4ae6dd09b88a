print(1 / 3, 10**20 / 3, 2**70 / 2**69, 7 / 2, -7 / 2, 0 / 5)
print((10**400 + 1) / 10**399, 1 / 10**300)
try:
    print(10**400 / 3)
except OverflowError as e:
    print(e)
