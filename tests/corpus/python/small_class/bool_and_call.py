class Flag:
    def __init__(self, on):
        self.on = on

    def __bool__(self):
        return self.on

    def __call__(self, x, y=1):
        return (x + y) if self.on else 0


f, g = Flag(True), Flag(False)
print("yes" if f else "no", "yes" if g else "no", not g, f(2), f(2, 3), g(2), bool(f), all([f, f]), any([g]))
