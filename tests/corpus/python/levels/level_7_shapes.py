"""Level 7: a class hierarchy with a method that each class must have."""

import math


class Shape:
    def area(self):
        raise NotImplementedError

    def describe(self):
        return f"{type(self).__name__} of area {self.area():.3f}"


class Circle(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2


class Rectangle(Shape):
    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side)


shapes = [Circle(2), Rectangle(3, 4.5), Square(1.1)]
for shape in shapes:
    print(shape.area(), shape.describe(), isinstance(shape, Rectangle))
print(max(shapes, key=lambda shape: shape.area()).describe(), sum(shape.area() for shape in shapes))
Shape().area()
