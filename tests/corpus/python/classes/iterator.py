class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


print(list(Countdown(3)), sum(Countdown(4)), [x * 2 for x in Countdown(2)])
c = Countdown(3)
print(next(c), next(c), next(c), next(c, "done"))
try:
    next(c)
except StopIteration:
    print("stopped")


class Node:
    def __init__(self, value, rest=None):
        self.value = value
        self.rest = rest

    def __iter__(self):
        node = self
        while node is not None:
            yield node.value
            node = node.rest


chain = Node(1, Node(2, Node(3)))
print(list(chain), max(chain), [a + b for a, b in zip(chain, chain)], 2 in chain)
for a in chain:
    for b in chain:
        if a < b:
            print(a, b)
first, *others = chain
print(first, others)
