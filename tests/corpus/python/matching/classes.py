from dataclasses import dataclass


@dataclass
class Circle:
    r: float


@dataclass
class Rect:
    w: float
    h: float


@dataclass
class Group:
    items: list


def area(s):
    match s:
        case Circle(r):
            return 3 * r * r
        case Rect(w=w, h=h) if w == h:
            return f"square {w * h}"
        case Rect(w, h):
            return w * h
        case Group([]):
            return "nothing"
        case Group(items):
            return [area(i) for i in items]


for s in (Circle(2), Rect(2, 2), Rect(2, 3), Group([]), Group([Circle(1), Rect(1, 5)])):
    print(area(s))


@dataclass
class Num:
    value: int


@dataclass
class Add:
    left: object
    right: object


@dataclass
class Neg:
    inner: object


def evaluate(e):
    match e:
        case Num(v):
            return v
        case Add(a, b):
            return evaluate(a) + evaluate(b)
        case Neg(Num(v)):
            return -v
        case Neg(x):
            return -evaluate(x)


print(evaluate(Add(Num(1), Neg(Add(Num(2), Neg(Num(5)))))))
