from enum import Enum


class Suit(Enum):
    CLUBS = "c"
    HEARTS = "h"

    @property
    def symbol(self):
        return self.value.upper()

    def is_red(self):
        return self is Suit.HEARTS


print([s.name for s in Suit], Suit.CLUBS, Suit("h").name, Suit.HEARTS.symbol, Suit.CLUBS.is_red(), Suit["CLUBS"].value)
print({Suit.CLUBS: 1}, Suit.CLUBS == Suit.HEARTS, Suit.HEARTS in (Suit.HEARTS,), len(list(Suit)))
