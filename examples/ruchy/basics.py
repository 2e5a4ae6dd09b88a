"""Values, texts, lists, objects, functions: what `basics.ruchy` does, in Python."""

from dataclasses import dataclass

GREETING = "Hello"


def greet(name: str, mark: str = "!") -> str:
    return f"{GREETING}, {name}{mark}"


@dataclass
class Point:
    x: float
    y: float

    def distance(self, other: "Point") -> float:
        return ((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5


def main() -> None:
    print(greet("Ada"))
    print(greet("Bob", "?"))

    numbers = [3, 1, 2]
    more = [*numbers, 4]
    print(numbers, more, sorted(more), sum(more))

    squares = [n * n for n in numbers]
    print(f"squares {squares}, largest {max(squares)}")

    user = {"name": "Ada", "born": 1815, "tags": ["mathematics", "engines"]}
    print(user["name"], 1843 - user["born"], " and ".join(user["tags"]))

    low, high = min(numbers), max(numbers)
    print(f"from {low} to {high}, {high * 1.5:.2f}")

    print(Point(0, 0).distance(Point(3, 4)))


main()
