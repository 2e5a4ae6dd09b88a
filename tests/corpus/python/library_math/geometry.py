from math import atan2, cos, hypot, pi, sin, sqrt


def rotate(point, angle):
    x, y = point
    return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)


def area(points):
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]))) / 2


def hull(points):
    points = sorted(set(points))
    lower = []
    for p in points:
        while len(lower) >= 2 and cross(lower[-2], lower[-1], p) <= 0:
            lower.pop()
        lower.append(p)
    return lower


def cross(o, a, b):
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


print([round(v, 6) for v in rotate((1, 0), pi / 2)], area([(0, 0), (4, 0), (4, 3)]), hypot(*(5, 12)))
print(hull([(0, 0), (1, 1), (2, 0), (1, -1), (1, 0)]), atan2(1, 1), sqrt(sum(v * v for v in (1, 2, 2))))
for k in range(4):
    print(f"{cos(k * pi / 4):.6f} {sin(k * pi / 4):.6f}")
