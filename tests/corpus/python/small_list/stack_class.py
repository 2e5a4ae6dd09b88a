class Stack:
    def __init__(self):
        self.items = []

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop() if self.items else None

    def is_empty(self):
        return not self.items


s = Stack()
print(s.pop(), s.is_empty())
s.push(1)
s.push(2)
print(s.pop(), s.items, s.is_empty())
