for a in (7.5, -7.5, 0.0, 1e10):
    for b in (2.0, -2.0, 0.3):
        print(a + b, a - b, a * b, a / b, a // b, a % b, divmod(a, b))
print(2.0**3, 2**0.5, (-8.0) ** 2, 9.0**-0.5, 0.5**1000, 1e200 * 1e200)
print(-7 // 2.0, -7 % 2.5, 7 // -2.5, 5.0 // 0.1)
for op in ("div", "floor", "mod"):
    try:
        if op == "div":
            print(1.0 / 0.0)
        elif op == "floor":
            print(1.0 // 0.0)
        else:
            print(1.0 % 0.0)
    except ZeroDivisionError as error:
        print(op, error)
try:
    print(10.0**400)
except OverflowError as error:
    print(error)
