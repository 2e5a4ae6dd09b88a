import operator
from operator import add, attrgetter, itemgetter, methodcaller, mul

print(add(1, 2), mul(3, 4), operator.sub(5, 3), operator.truediv(1, 4), operator.floordiv(7, 2), operator.mod(7, 3), operator.neg(5), operator.pow(2, 3))
print(operator.eq(1, 1), operator.lt(1, 2), operator.contains([1], 1), operator.getitem([5, 6], 1), operator.xor(5, 3), operator.not_(0), operator.concat("a", "b"))
rows = [("a", 3), ("b", 1)]
print(sorted(rows, key=itemgetter(1)), list(map(itemgetter(0), rows)), itemgetter(1, 0)(rows[0]), max(rows, key=operator.itemgetter(1)))


class P:
    def __init__(self, n):
        self.n = n

    def show(self):
        return f"P{self.n}"


ps = [P(3), P(1)]
print([p.n for p in sorted(ps, key=attrgetter("n"))], list(map(methodcaller("show"), ps)))
ops = {"+": operator.add, "*": operator.mul}
print({k: f(6, 7) for k, f in ops.items()})
