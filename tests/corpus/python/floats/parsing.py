for text in ("1.5", "-2", " 3e2 ", "inf", "-Infinity", "nan", "1_0.5", ".5", "5.", "abc", "", "1e", "0x10", "1e400", "1e-400"):
    try:
        print(repr(text), float(text))
    except ValueError as error:
        print(repr(text), "error:", error)
print(float(7), float(True), float("  12  "), float(-0.0))
try:
    print(float(10**400))
except OverflowError as error:
    print(error)
