class Counter:
    total = 0

    def __init__(self, start=0):
        self.n = start
        Counter.total += 1

    def step(self, by=1):
        self.n += by
        return self


c = Counter(5).step().step(10)
print(c.n, Counter.total, Counter().n, Counter.total, c.total)
