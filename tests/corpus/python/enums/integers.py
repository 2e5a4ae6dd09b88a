from enum import Enum, Flag, IntEnum


class Level(IntEnum):
    LOW = 1
    HIGH = 10


print(Level.LOW < Level.HIGH, Level.LOW + 5, Level.HIGH == 10, sorted([Level.HIGH, Level.LOW]), max(Level), int(Level.HIGH))
print(repr(Level.LOW), str(Level.LOW), f"{Level.LOW}", Level(10), [0, 5][Level.LOW])


class Planet(Enum):
    EARTH = (5.97e24, 6.37e6)
    MARS = (6.42e23, 3.39e6)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    def gravity(self):
        return 6.67e-11 * self.mass / self.radius**2


for p in Planet:
    print(p.name, round(p.gravity(), 2), p.value)


class Perm(Flag):
    R = 4
    W = 2
    X = 1


print(Perm.R | Perm.W, Perm.R in (Perm.R | Perm.X), (Perm.R | Perm.W) & Perm.W, bool(Perm.R & Perm.X), Perm.R.value)
