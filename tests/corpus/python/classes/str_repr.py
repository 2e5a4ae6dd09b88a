class Plain:
    def __init__(self, v):
        self.v = v


class OnlyStr(Plain):
    def __str__(self):
        return f"str:{self.v}"


class OnlyRepr(Plain):
    def __repr__(self):
        return f"repr:{self.v}"


class Formatted(Plain):
    def __format__(self, spec):
        return f"<{self.v}|{spec}>"


print(OnlyStr(1), OnlyRepr(2), [OnlyRepr(3)], str(OnlyRepr(4)), repr(OnlyRepr(5)))
print(f"{OnlyStr(6)} {OnlyRepr(7)} {Formatted(8):abc} {Formatted(9)}", "{:x>3}".format(Formatted(1)), format(Formatted(2), "q"))
print(hasattr(Plain(1), "v"), hasattr(Plain(1), "w"), getattr(Plain(5), "v"), getattr(Plain(5), "w", "none"))
p = Plain(1)
p.v = "changed"
print(p.v, p.__class__.__name__, p.__dict__ if False else "skip")
try:
    print(Plain(1) < Plain(2))
except TypeError as e:
    print(e)
