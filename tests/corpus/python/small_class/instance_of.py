class A:
    pass


class B(A):
    pass


things = [A(), B(), 1, "s", [1], None, 2.5]
for t in things:
    print(isinstance(t, A), isinstance(t, B), isinstance(t, (int, float)), isinstance(t, str), t is None)
print(issubclass(B, A), issubclass(A, B), type(B()).__name__, B().__class__.__name__)
