"""Loops over lists that stay as they are, whose names, objects and other lists change."""


class Tree:
    def __init__(self, value, children=None):
        self.value = value
        self.children = children or []
        self.mark = 0

    def total(self):
        result = self.value
        for child in self.children:
            result += child.total()
        return result

    def visit(self, order):
        self.mark = len(order)
        order.append(self)
        for child in self.children:
            child.visit(order)
            self.value += child.mark

    def find(self, value):
        if self.value == value:
            return self
        for child in self.children:
            found = child.find(value)
            if found is not None:
                return found
        return None

    def swap(self, other):
        self.children, other.children = other.children, self.children


tree = Tree(1, [Tree(2, [Tree(3)]), Tree(4), Tree(5, [Tree(6), Tree(7)])])
print(tree.total())
order = []
tree.visit(order)
print([node.value for node in order], [node.mark for node in order])
node = tree.find(7)
print(None if node is None else node.mark, tree.find(99) is None)

node = tree
while node.children:
    for node in node.children:
        print(node.value, end=" ")
print()

xs = [1, 2, 3]
for x in xs:
    xs = [x, x * x]
print(xs)

texts = ["a", "bb", None, "ccc"]
kept, lengths = [], {}
for text in texts:
    if text is None:
        continue
    lengths[text] = len(text)
    kept.append(text)
print(kept, lengths)

mixed = [1, "two", 3.5, Tree(9)]
for each in mixed:
    if isinstance(each, Tree):
        each.value += 1
        print("tree", each.value)
    elif isinstance(each, str):
        print(each.upper())
    else:
        print(each * 2)

one, other = Tree(0, [Tree(1)]), Tree(10, [Tree(11)])
for child in one.children:
    one.swap(other)
    print(child.value, one.children[0].value)

last = None
for last in kept:
    pass
print(last, [f"{a}{b}" for a in kept for b in kept if a < b], sum(len(k) for k in kept))
print(any(t.value > 6 for t in order), all(t.mark >= 0 for t in order), max(t.value for t in order))
