from dataclasses import dataclass, field, replace, asdict, astuple


@dataclass(order=True)
class Card:
    rank: int
    suit: str = field(compare=False)


@dataclass(frozen=True)
class Key:
    a: int
    b: str = "x"


cards = [Card(3, "h"), Card(1, "s"), Card(2, "d")]
print(sorted(cards), max(cards), Card(1, "a") == Card(1, "b"), Card(1, "a") < Card(2, "a"), Card(2, "q") >= Card(2, "r"))
d = {Key(1): "one", Key(2, "y"): "two"}
print(d[Key(1)], Key(1) in d, hash(Key(1)) == hash(Key(1, "x")), len({Key(1), Key(1), Key(3)}))
try:
    k = Key(1)
    k.a = 2
except Exception as e:
    print(type(e).__name__, e)
print(replace(Key(1), b="new"), asdict(Key(4)), astuple(Key(5)))
