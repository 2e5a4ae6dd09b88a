from dataclasses import dataclass


@dataclass(order=True, frozen=True)
class V:
    major: int
    minor: int = 0


print(sorted([V(2), V(1, 5), V(1)]), V(1) < V(2), max(V(1), V(0, 9)), len({V(1), V(1)}), {V(3): "x"}[V(3)])
try:
    V(1).major = 5
except AttributeError as e:
    print(e)
