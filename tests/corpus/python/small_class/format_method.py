class Money:
    def __init__(self, v):
        self.v = v

    def __format__(self, spec):
        return f"[{self.v:{spec or '.1f'}}]"


print(f"{Money(2.5)} {Money(3.14159):.3f}", "{:>8.2f}".format(Money(1.0)), format(Money(7.25), ".0f"))
