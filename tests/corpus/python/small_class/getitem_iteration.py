class Squares:
    def __getitem__(self, i):
        if i >= 4:
            raise IndexError(i)
        return i * i


print([x for x in Squares()], list(Squares()), 9 in Squares(), sum(Squares()))
