from dataclasses import dataclass


def f(a, b=2, c=3, *, d=4):
    return (a, b, c, d)


xs = [1]
ys = [7, 8]
print(f(*xs), f(*ys), f(*xs, c=9), f(*ys, c=5, d=6), f(0, *ys), f(*xs, b=3))
try:
    print(f(*ys, b=1))
except TypeError:
    print("TypeError")


@dataclass(frozen=True)
class Version:
    major: int
    minor: int = 0
    label: str = ""

    @classmethod
    def parse(cls, text):
        head, _, label = text.partition("-")
        parts = [int(p) for p in head.split(".")]
        return cls(*parts[:2], label=label)


print(Version.parse("1.2-beta"), Version.parse("3"))
