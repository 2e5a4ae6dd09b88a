class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


def to_list(node):
    out = []
    while node:
        out.append(node.value)
        node = node.next
    return out


def reverse(node):
    previous = None
    while node:
        following = node.next
        node.next = previous
        previous, node = node, following
    return previous


chain = Node(1, Node(2, Node(3)))
print(to_list(chain))
print(to_list(reverse(chain)), to_list(None))
