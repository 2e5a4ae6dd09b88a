from operator import itemgetter, attrgetter

rows = [("b", 2), ("a", 3)]
print(sorted(rows, key=itemgetter(0)), sorted(rows, key=itemgetter(1), reverse=True))


class T:
    def __init__(self, n):
        self.n = n


print([t.n for t in sorted([T(3), T(1)], key=attrgetter("n"))])
