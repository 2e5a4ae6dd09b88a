# classes: mro, super, class attrs, property inheritance, dunder
class A:
    n = 0

    def __init__(self):
        self.log = ["A"]
        A.n += 1
        type(self).made()

    @classmethod
    def made(cls):
        print("made", cls.__name__)

    def who(self):
        return "A"

    def call(self):
        return self.who() + "!"

    @property
    def p(self):
        return 1

    @staticmethod
    def st(x):
        return x * 2


class B(A):
    def __init__(self):
        super().__init__()
        self.log.append("B")

    def who(self):
        return "B" + super().who()

    @property
    def p(self):
        return super().p + 10


class C(A):
    def __init__(self):
        super().__init__()
        self.log.append("C")

    def who(self):
        return "C" + super().who()


class D(B, C):
    n = 100

    def __init__(self):
        super().__init__()
        self.log.append("D")

    def who(self):
        return "D" + super().who()


d = D()
print(d.log, d.who(), d.call(), d.p, D.st(4), d.st(5), A.n, D.n, d.n)
print([k.__name__ for k in D.__mro__], isinstance(d, C), issubclass(D, A), isinstance(3, (int, str)), type(d) is D)
b = B()
b.n += 5
print(b.n, B.n, A.n, d.call.__name__ if False else "")


class Num:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return Num(self.v + (o.v if isinstance(o, Num) else o))

    def __radd__(self, o):
        return Num(o + self.v)

    def __iadd__(self, o):
        self.v += o if isinstance(o, int) else o.v
        return self

    def __eq__(self, o):
        return isinstance(o, Num) and self.v == o.v

    def __hash__(self):
        return hash(self.v)

    def __lt__(self, o):
        return self.v < o.v

    def __repr__(self):
        return f"Num({self.v})"

    def __bool__(self):
        return self.v != 0

    def __int__(self):
        return self.v

    def __float__(self):
        return float(self.v)

    def __index__(self):
        return self.v

    def __neg__(self):
        return Num(-self.v)

    def __contains__(self, x):
        return x in str(self.v)

    def __len__(self):
        return len(str(self.v))

    def __getitem__(self, i):
        return str(self.v)[i]

    def __call__(self, *args):
        return self.v + sum(args)


n = Num(5)
m = n
m += 3
print(n, m is n, n + 1, 1 + n, n + Num(2), sum([Num(1), Num(2)], Num(0)), sum([Num(1), Num(2)]))
print({Num(1), Num(1), Num(2)}, Num(1) in [Num(1)], sorted([Num(3), Num(1)]), max(Num(3), Num(9)), bool(Num(0)), not Num(1))
print(int(n), float(n), [10, 20, 30][Num(1)], -n, "8" in n, len(Num(123)), Num(456)[1], list(Num(78)), n(1, 2), Num(1) != Num(2), n == 8)
print(str(n), f"{n}", [n], "%s" % n, {n: 1}, (n,))
