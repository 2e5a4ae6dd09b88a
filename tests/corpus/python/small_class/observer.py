class Subject:
    def __init__(self):
        self.observers = []

    def attach(self, f):
        self.observers.append(f)

    def notify(self, event):
        for f in self.observers:
            f(event)


seen = []
s = Subject()
s.attach(lambda e: seen.append(("first", e)))
s.attach(lambda e: seen.append(("second", e * 2)))
s.notify(5)
s.notify(7)
print(seen, len(s.observers))
