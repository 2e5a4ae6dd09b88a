for value in (1, 2.5, "s", True, None, [1], (1,), {1: 2}, {1}, b"b", range(2)):
    print(type(value).__name__, bool(value), value)
print(type(1) == int, type("a") is str, type([]) == list, type(1) is float, isinstance(2.0, float), type(True) == int)
print(int, str, list, type(3), float.__name__)
print(int("5") + float("2"), str(1) + str(2.0), list((1, 2)) + list("a"), tuple("a") + (1,), bool("False"), int(True))
convert = {"int": int, "float": float, "str": str}
for kind, f in convert.items():
    print(kind, repr(f("7")))
print([t("3") for t in (int, float, str)], list(map(int, "123")), [bool(x) for x in (0, 1, "", "0", [], [0])])
