from contextlib import suppress

with suppress(KeyError):
    {}["x"]
    print("never")
with suppress(ValueError, ZeroDivisionError):
    1 // 0
print("after")
