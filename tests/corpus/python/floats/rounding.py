for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 1e16 + 0.5, 1234.5678, -2.5):
    print(x, round(x), round(x, 1), round(x, 2), round(x, 0), int(x))
print(round(1234.5678, -2), round(5.5e20), round(2.5, None), type(round(2.5)).__name__, type(round(2.5, 0)).__name__)
print(0.1 + 0.2 == 0.3, abs(0.1 + 0.2 - 0.3) < 1e-9, round(0.1 + 0.2, 10) == 0.3)
try:
    round(float("nan"))
except ValueError as error:
    print(error)
try:
    round(float("inf"))
except OverflowError as error:
    print(error)
