"""Level 10: dataclasses, and a registry that a class hierarchy fills by a decorator."""

from dataclasses import dataclass, field, replace


@dataclass
class Point:
    x: float
    y: float

    def distance(self, other):
        return ((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5


@dataclass(order=True, frozen=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default="", compare=False)


@dataclass
class Path:
    points: list[Point] = field(default_factory=list)

    def length(self):
        return sum(a.distance(b) for a, b in zip(self.points, self.points[1:]))


origin = Point(0, 0)
print(origin.distance(Point(3, 4)), origin, origin == Point(0, 0), origin != Point(0.5, 0))
path = Path()
path.points += [Point(0, 0), Point(3, 4), Point(3, 10)]
print(path.length(), path)
versions = [Version(2, 1), Version(1, 9, "old"), Version(2)]
print(sorted(versions), max(versions), Version(1, 9) == versions[1], len({*versions, Version(2, 0, "same")}))
print(replace(versions[0], label="new"))
try:
    versions[0].major = 3
except AttributeError as error:
    print(type(error).__name__, error)
registry = {}


def register(kind):
    def add(function):
        registry[kind] = function
        return function

    return add


@register("plus")
def plus(a, b):
    return a + b


@register("times")
def times(a, b):
    return a * b


print({kind: function(6, 7) for kind, function in registry.items()})
