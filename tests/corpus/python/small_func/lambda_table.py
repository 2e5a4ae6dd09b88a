table = [("add", lambda a, b: a + b), ("sub", lambda a, b: a - b), ("mul", lambda a, b: a * b)]
for name, f in table:
    print(name, f(6, 3), f(2.5, 2))
by_name = dict(table)
print(by_name["add"](1, 2), sorted(by_name), (lambda x, y=2: x**y)(3))
