from collections import namedtuple
from typing import NamedTuple

Point = namedtuple("Point", ["x", "y"])
p = Point(1, 2)
print(p, p.x, p[1], p == (1, 2), p._replace(x=5), p._asdict(), Point._fields, len(p))
x, y = p
print(x + y, Point(y=3, x=4), tuple(p), sorted([Point(2, 1), Point(1, 5)]))


class Person(NamedTuple):
    name: str
    age: int = 30

    def greet(self) -> str:
        return f"{self.name} is {self.age}"


a = Person("Ann")
b = Person("Bob", 41)
print(a, b.greet(), a.age, a == ("Ann", 30), b > a, hash(a) == hash(Person("Ann")))
Rgb = namedtuple("Rgb", "r g b", defaults=[0, 0])
print(Rgb(1), Rgb(1, 2)._replace(b=9), {Point(0, 0): "origin"}[Point(0, 0)])
for n, age in [a, b]:
    print(n, age)
