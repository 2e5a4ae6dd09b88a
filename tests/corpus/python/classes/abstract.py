from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self) -> float:
        ...

    @property
    @abstractmethod
    def name(self) -> str:
        raise NotImplementedError

    def describe(self) -> str:
        return f"{self.name} of area {self.area():.2f}"


class Circle(Shape):
    def __init__(self, r: float) -> None:
        self.r = r

    def area(self) -> float:
        return 3.14159 * self.r**2

    @property
    def name(self) -> str:
        return "circle"


class Rect(Shape):
    def __init__(self, w: float, h: float) -> None:
        self.w, self.h = w, h

    def area(self) -> float:
        return self.w * self.h

    @property
    def name(self) -> str:
        return "rect"


shapes: list[Shape] = [Circle(1), Rect(2, 3.5)]
for s in shapes:
    print(s.describe())
print(sum(s.area() for s in shapes), max(shapes, key=lambda s: s.area()).name)
try:
    Shape()
except TypeError as e:
    print(e)


class Lazy:
    def run(self):
        raise NotImplementedError("subclass must")


try:
    Lazy().run()
except NotImplementedError as e:
    print(repr(e))
