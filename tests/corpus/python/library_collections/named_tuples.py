from collections import namedtuple

Point = namedtuple("Point", ["x", "y"])
Line = namedtuple("Line", "start, end label", defaults=["none"])


class Named(namedtuple("Named", "first last")):
    def full(self):
        return f"{self.first} {self.last}"


def dist(a, b):
    return abs(a.x - b.x) + abs(a.y - b.y)


def main():
    p = Point(1, 2)
    q = Point(x=3, y=5)
    print(p, q, dist(p, q), p[0], p[-1], len(p), p == q, p < q, list(p), p._asdict(), p._replace(y=9))
    x, y = p
    print(x, y, sorted([q, p]), max(p, q), {p: 1})
    ln = Line(p, q)
    print(ln, ln.label, ln.start.x)
    print(Named("a", "b").full(), Named("c", "d"))
    Local = namedtuple("Local", "a b")
    print(Local(1, "z"))
    try:
        p.x = 3
    except AttributeError as e:
        print(e)


main()
