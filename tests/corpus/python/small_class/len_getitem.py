class Deck:
    def __init__(self):
        self.cards = [f"{r}{s}" for s in "SH" for r in (1, 2, 3)]

    def __len__(self):
        return len(self.cards)

    def __getitem__(self, i):
        return self.cards[i]

    def __contains__(self, c):
        return c in self.cards


d = Deck()
print(len(d), d[0], d[-1], "2H" in d, "9X" in d, bool(d), d[1:3])
