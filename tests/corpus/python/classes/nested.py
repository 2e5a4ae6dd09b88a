class Outer:
    class Inner:
        def __init__(self, x):
            self.x = x

        def get(self):
            return self.x * 2

    def __init__(self):
        self.inner = Outer.Inner(21)

    def make(self, x):
        return self.Inner(x)


o = Outer()
print(o.inner.get(), o.make(4).get(), Outer.Inner(1).x)


def local():
    class Local:
        def __init__(self, v):
            self.v = v

        def show(self):
            return f"local {self.v}"

    return [Local(i).show() for i in range(2)]


print(local())


class Graph:
    def __init__(self):
        self.edges = {}

    def add(self, a, b):
        self.edges.setdefault(a, []).append(b)
        self.edges.setdefault(b, [])
        return self

    def bfs(self, start):
        seen, order, queue = {start}, [], [start]
        while queue:
            n = queue.pop(0)
            order.append(n)
            for m in self.edges[n]:
                if m not in seen:
                    seen.add(m)
                    queue.append(m)
        return order


print(Graph().add("a", "b").add("a", "c").add("c", "d").bfs("a"))
