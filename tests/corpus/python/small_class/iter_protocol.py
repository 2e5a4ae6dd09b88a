class Count:
    def __init__(self, n):
        self.i, self.n = 0, n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i == self.n:
            raise StopIteration
        self.i += 1
        return self.i


print(list(Count(3)), sum(Count(5)), [a * a for a in Count(2)], max(Count(7)))
for x in Count(2):
    print(x)
