class Box:
    def __init__(self):
        self.value = None
        self.items = []

    def fill(self, v):
        self.value = v
        self.size = len(str(v))


b = Box()
print(b.value is None, b.items)
b.fill(12345)
b.value += 1
b.items += [1, 2]
print(b.value, b.size, b.items)
try:
    print(Box().size)
except AttributeError as e:
    print(e)
