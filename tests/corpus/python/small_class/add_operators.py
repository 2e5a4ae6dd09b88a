class Money:
    def __init__(self, cents):
        self.cents = cents

    def __add__(self, other):
        return Money(self.cents + other.cents)

    def __mul__(self, k):
        return Money(self.cents * k)

    def __sub__(self, other):
        return Money(self.cents - other.cents)

    def __neg__(self):
        return Money(-self.cents)

    def __lt__(self, other):
        return self.cents < other.cents

    def __str__(self):
        return f"${self.cents / 100:.2f}"


a, b = Money(150), Money(275)
print(a + b, b - a, a * 3, -a, a < b, max(a, b), min([b, a]), str(sorted([b, a])[0]))
