from enum import Enum, auto


class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class State(Enum):
    IDLE = "idle"
    BUSY = "busy"

    def next(self):
        return State.BUSY if self is State.IDLE else State.IDLE

    @property
    def label(self):
        return self.value.title()


class Auto(Enum):
    A = auto()
    B = auto()


print(Color.RED, repr(Color.RED), Color.RED.name, Color.RED.value, Color(2), Color["BLUE"], list(Color), len(Color))
print(Color.RED == Color.RED, Color.RED is Color.RED, Color.RED != Color.BLUE, [c.name for c in Color], Color.RED in Color)
print(State.IDLE.next(), State.BUSY.label, State("busy"), Auto.A.value, Auto.B.value, f"{Color.GREEN}", {Color.RED: 1}[Color.RED])
try:
    Color(9)
except ValueError as e:
    print(e)
try:
    Color["PINK"]
except KeyError as e:
    print(e)
