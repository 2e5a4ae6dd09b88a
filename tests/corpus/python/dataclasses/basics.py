from dataclasses import dataclass, field


@dataclass
class Point:
    x: int
    y: int = 0

    def norm(self) -> float:
        return (self.x**2 + self.y**2) ** 0.5


@dataclass
class Bag:
    name: str
    items: list = field(default_factory=list)
    hidden: int = field(default=7, repr=False)


p = Point(3, 4)
print(p, p.norm(), p == Point(3, 4), p == Point(0), Point(x=1), p.x)
p.x = 10
print(p, [p], repr(p))
a, b = Bag("a"), Bag("b", [1])
a.items.append("x")
print(a, b, a.hidden, a != b, Bag("c").items)


@dataclass
class Point3(Point):
    z: float = 1.5


print(Point3(1, 2), Point3(1, 2, 3.0) == Point3(1, 2, 3.0), Point3(1, z=9.0), isinstance(Point3(0), Point))
