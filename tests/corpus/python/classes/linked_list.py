class Node:
    def __init__(self, data):
        self.data = data
        self.next = None


class LinkedList:
    def __init__(self):
        self.head = None
        self.size = 0

    def push(self, data):
        node = Node(data)
        node.next = self.head
        self.head = node
        self.size += 1

    def append(self, data):
        if self.head is None:
            self.push(data)
            return
        node = self.head
        while node.next:
            node = node.next
        node.next = Node(data)
        self.size += 1

    def reverse(self):
        previous, node = None, self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous

    def remove(self, data):
        previous, node = None, self.head
        while node:
            if node.data == data:
                if previous:
                    previous.next = node.next
                else:
                    self.head = node.next
                self.size -= 1
                return True
            previous, node = node, node.next
        return False

    def __str__(self):
        parts, node = [], self.head
        while node:
            parts.append(str(node.data))
            node = node.next
        return " -> ".join(parts)


xs = LinkedList()
for i in range(4):
    xs.append(i)
xs.push(-1)
print(xs, xs.size)
xs.reverse()
print(xs, xs.remove(2), xs.remove(3), xs.remove(42), xs, xs.size)
