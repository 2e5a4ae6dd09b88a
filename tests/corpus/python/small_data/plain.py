from dataclasses import dataclass


@dataclass
class P:
    x: int
    y: float = 0.5
    tags: tuple = ()


print(P(1), P(1, 2.0), P(1) == P(1), P(1) == P(2), P(y=1.5, x=3), P(1).tags)
p = P(5)
p.x += 1
print(p, repr(p))
