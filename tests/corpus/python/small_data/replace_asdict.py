from dataclasses import asdict, astuple, dataclass, replace


@dataclass
class P:
    x: int
    y: str


p = P(1, "a")
print(asdict(p), astuple(p), replace(p, x=9), p)
