class Temperature:
    """Keeps Celsius, shows both."""

    absolute_zero = -273.15

    def __init__(self, celsius: float = 0):
        self.celsius = celsius

    @property
    def celsius(self):
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        if value < self.absolute_zero:
            raise ValueError(f"{value} is below absolute zero")
        self._celsius = value

    @property
    def fahrenheit(self):
        return self._celsius * 9 / 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, value):
        self.celsius = (value - 32) * 5 / 9

    @fahrenheit.deleter
    def fahrenheit(self):
        print("no deleting")

    @classmethod
    def from_string(cls, text):
        value, unit = text[:-1], text[-1].upper()
        t = cls()
        if unit == "F":
            t.fahrenheit = float(value)
        elif unit == "C":
            t.celsius = float(value)
        else:
            raise ValueError("unknown unit: " + unit)
        return t

    def __str__(self):
        return f"{self.celsius:.1f}C/{self.fahrenheit:.1f}F"


class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, obj, objtype=None):
        return getattr(obj, self.name)

    def __set__(self, obj, value):
        if value <= 0:
            raise ValueError("must be positive")
        setattr(obj, self.name, value)


class Stack:
    def __init__(self, *items):
        self._items = list(items)

    def push(self, x):
        self._items.append(x)
        return self

    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()

    @property
    def top(self):
        return self._items[-1] if self._items else None

    def __len__(self):
        return len(self._items)

    def __str__(self):
        return "Stack[" + " ".join(str(i) for i in self._items) + "]"


t = Temperature(25)
print(t, t.fahrenheit)
t.fahrenheit = 212
print(t.celsius, Temperature.from_string("98.6f"), Temperature.from_string("-40C"))
for bad in ["12K", "-500C", "xC"]:
    try:
        print(Temperature.from_string(bad))
    except ValueError as e:
        print("error:", e)
try:
    t.kelvin
except AttributeError as e:
    print(e)
s = Stack(1, 2)
s.push("three").push(4.0)
print(s, s.top, len(s), s.pop(), s.pop(), s)
print(hasattr(t, "celsius"), hasattr(t, "kelvin"), getattr(t, "kelvin", "none"), Temperature.__doc__, Temperature.__name__)
print(t.__class__.__name__)
