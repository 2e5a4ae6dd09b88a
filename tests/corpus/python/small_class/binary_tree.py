class Tree:
    def __init__(self, v, left=None, right=None):
        self.v, self.left, self.right = v, left, right


def inorder(t):
    return inorder(t.left) + [t.v] + inorder(t.right) if t else []


def height(t):
    return 0 if t is None else 1 + max(height(t.left), height(t.right))


t = Tree(4, Tree(2, Tree(1), Tree(3)), Tree(6))
print(inorder(t), height(t), inorder(None), height(Tree(0)))
