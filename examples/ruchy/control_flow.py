"""Conditions, loops, matches, errors: what `control_flow.ruchy` does, in Python."""

from dataclasses import dataclass


@dataclass
class Circle:
    radius: float

    def __str__(self) -> str:
        return f"Circle({self.radius})"


@dataclass
class Rect:
    width: float
    height: float

    def __str__(self) -> str:
        return f"Rect {{height: {self.height}, width: {self.width}}}"


def area(shape: Circle | Rect | None) -> float:
    match shape:
        case Circle(radius):
            return 3.0 * radius * radius
        case Rect(width, height):
            return width * height
        case _:
            return 0.0


def size(n: int) -> str:
    if n < 10:
        return "small"
    return "middle" if n < 100 else "large"


def divide(a: int, b: int) -> int:
    if b == 0:
        raise ValueError("division by nothing")
    return a // b


def attempt(a: int, *others: int) -> str:
    try:
        for b in others:
            a = divide(a, b)
    except ValueError as error:
        return f'Err("{error}")'
    return f"Ok({a})"


def main() -> None:
    for shape in (Circle(2.0), Rect(2.0, 2.5), None):
        print("Nothing" if shape is None else shape, area(shape))
    for n in (5, 50, 500):
        print(n, size(n))

    n, steps = 27, 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    print("27 takes", steps)

    for i, j in ((a, b) for a in range(1, 4) for b in range(1, a + 1)):
        if i * j == 3:
            break
        print(i, j)

    print(attempt(100, 2, 2), attempt(1, 0))
    numbers = [1, 2, 3]
    try:
        answer = numbers[7]
    except IndexError:
        print("caught: the index is outside of the array")
        answer = -1
    finally:
        print("done")
    print(answer)


main()
