class Temp:
    scale = "C"

    def __init__(self, v):
        self.v = v

    @classmethod
    def from_f(cls, f):
        return cls((f - 32) * 5 / 9)

    @staticmethod
    def valid(v):
        return v > -273

    @classmethod
    def name(cls):
        return cls.__name__ + cls.scale


class Kelvin(Temp):
    scale = "K"


print(Temp.from_f(212).v, Temp.valid(-300), Temp(1).valid(0), Temp.name(), Kelvin.name(), type(Kelvin.from_f(32)).__name__)
