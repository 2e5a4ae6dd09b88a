class Polynomial:
    def __init__(self, *coefficients):
        self.c = coefficients

    def __call__(self, x):
        result = 0
        for c in self.c:
            result = result * x + c
        return result

    def __str__(self):
        terms = []
        n = len(self.c) - 1
        for i, c in enumerate(self.c):
            if c:
                terms.append(f"{c}x^{n - i}" if n - i else f"{c}")
        return " + ".join(terms) or "0"

    def __len__(self):
        return len(self.c)


p = Polynomial(1, 0, -2)
print(p(3), p(0), str(p), len(p), list(map(p, range(3))), Polynomial(0))


class Multiplier:
    def __init__(self, k):
        self.k = k

    def __call__(self, x, *, offset=0):
        return x * self.k + offset


triple = Multiplier(3)
print(triple(5), triple(5, offset=1), [f(2) for f in (Multiplier(1), Multiplier(2))], callable(triple), sorted([3, 1], key=Multiplier(-1)))
bound = p.__len__
method = triple.__call__
print(bound(), method(7))
