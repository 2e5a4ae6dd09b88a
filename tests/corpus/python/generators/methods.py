class Tree:
    def __init__(self):
        self.children = {}

    def add(self, path):
        node = self
        for part in path.split("/"):
            node = node.children.setdefault(part, Tree())

    def lines(self, depth=0):
        for name in sorted(self.children):
            yield "  " * depth + name
            yield from self.children[name].lines(depth + 1)

    def __iter__(self):
        return iter(sorted(self.children))


t = Tree()
for p in ("usr/bin", "usr/lib/python", "etc"):
    t.add(p)
print("\n".join(t.lines()))
print(list(t))


class Range:
    def __init__(self, *args):
        self.args = args

    def __iter__(self):
        start, stop = self.args
        while start < stop:
            yield start
            start += 1


r = Range(2, 5)
print(list(r), list(r), sum(r), 3 in r, dict(zip(r, "abc")))
