class P:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return f"P({self.x!r})"


print(P(1), [P("a"), P(None)], (P(2),), {"k": P(3)}, {1: [P(4)]}, f"{P(5)} {P(6)!r} {str(P(7))}")
