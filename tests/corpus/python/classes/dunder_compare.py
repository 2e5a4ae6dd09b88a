from functools import total_ordering


@total_ordering
class Version:
    def __init__(self, text):
        self.parts = [int(p) for p in text.split(".")]

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts

    def __hash__(self):
        return hash(tuple(self.parts))

    def __str__(self):
        return ".".join(map(str, self.parts))

    def __repr__(self):
        return f"<{self}>"


vs = [Version(t) for t in ("1.10", "1.2", "0.9", "1.2.1")]
print(sorted(vs), max(vs), min(vs), vs[0] > vs[1], vs[0] >= vs[1], vs[1] <= vs[1], vs[2] != vs[1])
print(len({Version("1.0"), Version("1.0"), Version("2.0")}), Version("1.2") in vs, vs.index(Version("0.9")))


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __lt__(self, other):
        return self.cents < other.cents

    def __gt__(self, other):
        return self.cents > other.cents


print(Money(1) < Money(2), Money(1) > Money(2), [m.cents for m in sorted([Money(5), Money(2)])])
