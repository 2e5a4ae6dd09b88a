from math import sqrt


class Body:
    def __init__(self, x, y, vx, vy, mass):
        self.x, self.y, self.vx, self.vy, self.mass = x, y, vx, vy, mass


def energy(bodies):
    total = 0.0
    for b in bodies:
        total = total + 0.5 * b.mass * (b.vx * b.vx + b.vy * b.vy)
    return total


def steps(bodies, n, dt):
    for _ in range(n):
        for i in range(len(bodies)):
            ax = ay = 0.0
            for j in range(len(bodies)):
                if i != j:
                    dx = bodies[j].x - bodies[i].x
                    dy = bodies[j].y - bodies[i].y
                    d = dx * dx + dy * dy + 0.01
                    f = bodies[j].mass / (d * sqrt(d))
                    ax = ax + dx * f
                    ay = ay + dy * f
            bodies[i].vx = bodies[i].vx + ax * dt
            bodies[i].vy = bodies[i].vy + ay * dt
        for b in bodies:
            b.x = b.x + b.vx * dt
            b.y = b.y + b.vy * dt
    return bodies


start = [
    Body(0.0, 0.0, 0.0, 0.0, 10.0),
    Body(5.0, 0.0, 0.0, 1.0, 1.0),
    Body(0.0, 7.0, 1.0, 0.0, 0.5),
    Body(9.0, 9.0, 0.0, 0.5, 0.1),
]
print(energy(steps(start, 20000, 0.001)))
