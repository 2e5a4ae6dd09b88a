class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def where(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y):
            return f"y={y}"
        case Point(x, y):
            return f"{x},{y}"
        case str(s):
            return s
        case int() | float():
            return "number"
    return "other"


print([where(p) for p in (Point(0, 0), Point(0, 5), Point(3, 4), "s", 5, 2.5, None)])
