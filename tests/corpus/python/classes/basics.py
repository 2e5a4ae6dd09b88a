class Point:
    count = 0

    def __init__(self, x, y=0):
        self.x = x
        self.y = y
        Point.count += 1

    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self

    def distance(self, other):
        return ((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


p = Point(3, 4)
q = Point(0)
print(p, q, p.distance(q), p.move(1, 1).move(1, 1), Point.count, p.count)
r = p
r.x = 100
print(p, p is r, p == q, p != r, isinstance(p, Point), type(p).__name__, [p, q], {"p": p}, (p,))
print(str(p), f"{p}", f"{p!r:>20}", "%s" % p, hasattr(p, "x"))
points = [Point(i, i * i) for i in range(3)]
print(points, sum(pt.y for pt in points), max(points, key=lambda a: a.y))
