from enum import Enum
from dataclasses import dataclass


class Suit(Enum):
    CLUBS, DIAMONDS, HEARTS, SPADES = range(4)

    def __lt__(self, other):
        return self.value < other.value


class Config:
    a = b = 3
    LOW, HIGH = 1, 10
    NAMES = {LOW: "low", HIGH: "high"}
    x, y = "p", [1]


@dataclass(order=True)
class Card:
    rank: int
    suit: Suit


cards = [Card(3, Suit.SPADES), Card(3, Suit.CLUBS), Card(1, Suit.HEARTS)]
print(sorted(cards))
print(sorted((c.suit, c.rank) for c in cards))
print((1, Suit.CLUBS) < (1, Suit.SPADES), max(c.suit for c in cards), sorted(Suit, reverse=True))
print(Config.a, Config.b, Config.LOW, Config.NAMES, Config.x, Config().y)
