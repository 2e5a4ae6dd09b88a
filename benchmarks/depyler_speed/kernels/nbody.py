"""Bodies that attract each other, moved step by step: floats and attributes of objects."""

from __future__ import annotations

import math
import sys


class Body:
    """A point with a mass, a place and a velocity."""

    def __init__(self, mass: float, place: tuple[float, float, float], speed: tuple[float, float, float]) -> None:
        self.mass = mass
        self.x, self.y, self.z = place
        self.vx, self.vy, self.vz = speed


def ring(count: int) -> list[Body]:
    """A heavy body in the middle and light ones around it, each on its own circle."""
    bodies = [Body(40.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))]
    for number in range(1, count):
        radius = 1.0 + 2.5 * number
        angle = 2.4 * number
        speed = math.sqrt(40.0 / radius)
        place = (radius * math.cos(angle), radius * math.sin(angle), 0.1 * number)
        bodies.append(Body(0.03 / number, place, (-speed * math.sin(angle), speed * math.cos(angle), 0.0)))
    return bodies


def settle(bodies: list[Body]) -> None:
    """Let the whole stand still, by a push on the first body."""
    px = py = pz = 0.0
    for body in bodies:
        px += body.vx * body.mass
        py += body.vy * body.mass
        pz += body.vz * body.mass
    first = bodies[0]
    first.vx -= px / first.mass
    first.vy -= py / first.mass
    first.vz -= pz / first.mass


def advance(bodies: list[Body], step: float) -> None:
    """Move all bodies by one step of time."""
    count = len(bodies)
    for i in range(count):
        one = bodies[i]
        for j in range(i + 1, count):
            other = bodies[j]
            dx = one.x - other.x
            dy = one.y - other.y
            dz = one.z - other.z
            squared = dx * dx + dy * dy + dz * dz
            pull = step / (squared * math.sqrt(squared))
            one.vx -= dx * other.mass * pull
            one.vy -= dy * other.mass * pull
            one.vz -= dz * other.mass * pull
            other.vx += dx * one.mass * pull
            other.vy += dy * one.mass * pull
            other.vz += dz * one.mass * pull
    for body in bodies:
        body.x += step * body.vx
        body.y += step * body.vy
        body.z += step * body.vz


def energy(bodies: list[Body]) -> float:
    """What motion and attraction hold together."""
    total = 0.0
    for i, one in enumerate(bodies):
        total += 0.5 * one.mass * (one.vx * one.vx + one.vy * one.vy + one.vz * one.vz)
        for other in bodies[i + 1 :]:
            dx, dy, dz = one.x - other.x, one.y - other.y, one.z - other.z
            total -= one.mass * other.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
    return total


def main() -> None:
    """Print the energy before and after so many steps."""
    steps = int(sys.argv[1])
    bodies = ring(5)
    settle(bodies)
    print(f"{energy(bodies):.9f}")
    for _ in range(steps):
        advance(bodies, 0.001)
    print(f"{energy(bodies):.9f}")


if __name__ == "__main__":
    main()
