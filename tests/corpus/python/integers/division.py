def show(a: int, b: int) -> None:
    print(a, b, a // b, a % b, divmod(a, b), a / b)


for a in (7, -7, 0, 1, -1, 2**31, -(2**63)):
    for b in (2, -2, 3, -3, 7):
        show(a, b)
try:
    show(1, 0)
except ZeroDivisionError as error:
    print("error:", error)
try:
    print(1 % 0)
except ZeroDivisionError as error:
    print("error:", error)
try:
    print(1.0 / 0)
except ZeroDivisionError as error:
    print("error:", error)
