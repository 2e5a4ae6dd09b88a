class Tree:
    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right

    def insert(self, value):
        if value < self.value:
            if self.left is None:
                self.left = Tree(value)
            else:
                self.left.insert(value)
        elif self.right is None:
            self.right = Tree(value)
        else:
            self.right.insert(value)

    def walk(self):
        if self.left:
            yield from self.left.walk()
        yield self.value
        if self.right:
            yield from self.right.walk()

    def depth(self):
        left = self.left.depth() if self.left else 0
        right = self.right.depth() if self.right else 0
        return 1 + max(left, right)


def find(node, value):
    if node is None:
        return False
    if node.value == value:
        return True
    return find(node.left if value < node.value else node.right, value)


def mirror(node):
    return node and Tree(node.value, mirror(node.right), mirror(node.left))


root = Tree(50)
for v in (30, 70, 20, 40, 60, 80, 65):
    root.insert(v)
print(list(root.walk()), root.depth(), find(root, 60), find(root, 61), list(mirror(root).walk()))
