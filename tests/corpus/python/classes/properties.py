class Celsius:
    def __init__(self, degrees=0.0):
        self._degrees = degrees

    @property
    def degrees(self):
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273.15:
            raise ValueError("below absolute zero")
        self._degrees = value

    @property
    def fahrenheit(self):
        return self._degrees * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self.degrees = (value - 32) * 5 / 9


c = Celsius(100.0)
print(c.degrees, c.fahrenheit)
c.fahrenheit = 32
print(c.degrees)
c.degrees += 5
print(c.degrees, c.fahrenheit)
try:
    c.degrees = -300
except ValueError as e:
    print(e, c.degrees)


class Square:
    def __init__(self, side):
        self.side = side

    @property
    def area(self):
        return self.side**2


class Colored(Square):
    @property
    def area(self):
        return super().area + 1


print(Square(4).area, Colored(4).area)
