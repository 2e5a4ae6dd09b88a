for text in ("12", " -7 ", "+5", "1_000", "0012", "", "1.5", "abc", "--1", "1 2", "٣"):
    try:
        print(repr(text), int(text))
    except ValueError as error:
        print(repr(text), "error:", error)
print(int(3.99), int(-3.99), int(True), int("7") + int(2.0))
try:
    print(int("12", 2))
except ValueError as error:
    print("error:", error)
try:
    int(float("inf"))
except OverflowError as error:
    print("error:", error)
try:
    int(float("nan"))
except ValueError as error:
    print("error:", error)
