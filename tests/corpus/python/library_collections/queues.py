from queue import Queue
q = Queue()
q.put(1)
q.put(2)
print(q.get(), q.empty(), q.qsize())
class Node:
    def __init__(self, n):
        self.n = n


def walk(root):
    todo: Queue = Queue()
    todo.put(root)
    seen = []
    while not todo.empty():
        node = todo.get()
        seen.append(node.n)
        if node.n < 5:
            todo.put(Node(node.n * 2))
            todo.put(Node(node.n * 2 + 1))
    return seen


print(walk(Node(1)))
