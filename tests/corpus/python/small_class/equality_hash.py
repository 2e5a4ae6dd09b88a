class Key:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def __eq__(self, other):
        return self.a == other.a and self.b == other.b

    def __hash__(self):
        return hash((self.a, self.b))


print(Key(1, "x") == Key(1, "x"), Key(1, "x") != Key(2, "x"), len({Key(1, "a"), Key(1, "a")}), {Key(1, "k"): "v"}[Key(1, "k")])
print(Key(1, 2) in [Key(0, 0), Key(1, 2)], [Key(1, 1), Key(2, 2)].index(Key(2, 2)))
