from abc import ABC, abstractmethod


class Expr(ABC):
    @abstractmethod
    def eval(self, env): ...

    def __add__(self, o):
        return Add(self, wrap(o))

    def __mul__(self, o):
        return Mul(self, wrap(o))

    __radd__ = __add__


class Const(Expr):
    def __init__(self, v):
        self.v = v

    def eval(self, env):
        return self.v

    def diff(self, x):
        return Const(0)

    def __str__(self):
        return str(self.v)


class Var(Expr):
    def __init__(self, name):
        self.name = name

    def eval(self, env):
        try:
            return env[self.name]
        except KeyError as e:
            raise NameError(f"unbound {self.name}") from e

    def diff(self, x):
        return Const(1 if self.name == x else 0)

    def __str__(self):
        return self.name


class Binary(Expr):
    symbol = "?"

    def __init__(self, a, b):
        self.a, self.b = a, b

    def __str__(self):
        return f"({self.a} {self.symbol} {self.b})"


class Add(Binary):
    symbol = "+"

    def eval(self, env):
        return self.a.eval(env) + self.b.eval(env)

    def diff(self, x):
        return simplify(Add(self.a.diff(x), self.b.diff(x)))


class Mul(Binary):
    symbol = "*"

    def eval(self, env):
        return self.a.eval(env) * self.b.eval(env)

    def diff(self, x):
        return simplify(Add(Mul(self.a.diff(x), self.b), Mul(self.a, self.b.diff(x))))


def wrap(v):
    return v if isinstance(v, Expr) else Const(v)


def simplify(e):
    if isinstance(e, Binary):
        a, b = simplify(e.a), simplify(e.b)
        if isinstance(a, Const) and isinstance(b, Const):
            return Const(type(e)(a, b).eval({}))
        if isinstance(e, Add):
            if isinstance(a, Const) and a.v == 0:
                return b
            if isinstance(b, Const) and b.v == 0:
                return a
        if isinstance(e, Mul):
            for p, q in ((a, b), (b, a)):
                if isinstance(p, Const):
                    if p.v == 0:
                        return Const(0)
                    if p.v == 1:
                        return q
        return type(e)(a, b)
    return e


x, y = Var("x"), Var("y")
e = x * x * 3 + x * y + 5
print(e, "=", e.eval({"x": 2, "y": 4}))
print(e.diff("x"), "|", e.diff("y"), "|", e.diff("x").eval({"x": 1, "y": 1}))
try:
    e.eval({"x": 1})
except NameError as err:
    print(err, repr(err.__cause__))
print(2 + x, simplify(Const(2) * 3 + 0))
