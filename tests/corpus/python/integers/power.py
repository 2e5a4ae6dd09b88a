print(2**10, 2**0, 0**0, (-2) ** 3, -(2**2), 2**-1, (-2) ** -2, 10**-3)
print(pow(3, 4), pow(3, 100, 7), pow(3, -1, 7), pow(2, 0.5), pow(-8, 1, 5))
print(7**77 % 1000, pow(7, 77, 1000))
for base in range(-3, 4):
    print([base**e for e in range(5)])
try:
    print(0**-1)
except ZeroDivisionError as error:
    print("error:", error)
try:
    print(pow(2, -1, 4))
except ValueError as error:
    print("error:", error)
print(2**0.5, 4**0.5, (-1) ** 2, 1e3**2, 0.0**0)
