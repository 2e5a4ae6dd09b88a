class A:
    def __init__(self, x):
        self.x = x

    def show(self):
        return f"A{self.x}"


class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y

    def show(self):
        return super().show() + f"B{self.y}"


class C(B):
    def show(self):
        return "C" + super().show()


print(A(1).show(), B(1, 2).show(), C(3, 4).show(), [o.show() for o in (A(0), C(5, 6))])
