class Rect:
    def __init__(self, w, h):
        self._w, self._h = w, h

    @property
    def area(self):
        return self._w * self._h

    @property
    def w(self):
        return self._w

    @w.setter
    def w(self, value):
        if value <= 0:
            raise ValueError("width must be positive")
        self._w = value


r = Rect(2, 3)
r.w = 10
print(r.area, r.w)
try:
    r.w = 0
except ValueError as e:
    print(e)
