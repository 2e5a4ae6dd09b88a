# dataclasses in depth
from dataclasses import dataclass, field, asdict, astuple, replace, fields, FrozenInstanceError
from typing import ClassVar, Optional


@dataclass
class Base:
    id: int
    tags: list = field(default_factory=list)
    count: ClassVar[int] = 0

    def __post_init__(self):
        Base.count += 1


@dataclass
class Child(Base):
    name: str = "none"
    parent: Optional["Child"] = None

    def depth(self):
        return 0 if self.parent is None else 1 + self.parent.depth()


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text):
        head, _, label = text.partition("-")
        parts = [int(p) for p in head.split(".")]
        return cls(*parts[:2], label=label)

    def bump(self):
        return replace(self, minor=self.minor + 1)


@dataclass(eq=False)
class Ident:
    v: int


@dataclass
class Point:
    x: float
    y: float = 0.0

    def __add__(self, o):
        return Point(self.x + o.x, self.y + o.y)


a, b = Base(1), Base(1, ["t"])
a.tags.append("z")
print(a, b, a == b, a == Base(1, ["z"]), Base.count)
c = Child(2, name="kid")
g = Child(3, [1], "grand", c)
print(c.depth(), g.depth())
print(astuple(Point(1, 2)), Point(1) + Point(2, 3), Point(1) == Point(1.0))
v = Version.parse("1.2-beta")
print(v, v.bump(), v < Version(1, 10), sorted([Version(2), Version(1, 5), v]), v == Version(1, 2), hash(v) == hash(Version(1, 2)))
print({Version(1): "one"}[Version(1)], Ident(1) == Ident(1))
try:
    v.major = 3
except FrozenInstanceError as e:
    print(type(e).__name__, e)
try:
    Version()
except TypeError as e:
    print(e)
try:
    Point(1, 2, 3)
except TypeError as e:
    print(e)
print(max(Version(1), Version(1, 1)), Version(1) >= Version(1), repr(Version(1)))
