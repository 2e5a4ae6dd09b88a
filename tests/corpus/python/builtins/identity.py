a = [1]
b = [1]
c = a
print(a == b, a is b, a is c, a is not b, None is None, (1, 2) == (1, 2), "a" in "abc", id(a) == id(c), id(a) == id(b))
print([a, b].count([1]), [1] in [a], a in [b], not a, a and "x", {1: a}[1] is a)
x = None
print(x is None, x == None, x is not None, x != 5)
print(1 == "1", [1] == (1,), {} == [], "" == None, 0 == False, 1.0 == True, [] == False, "a" != 1)
values = [0, "", None, [], False, 0.0]
print([bool(v) for v in values], values.count(0), values.index(None), None in values, 5 in values)
print(len({1, 1.0, True, "1"}), {0: "a", False: "b"}, [1, 2] != [1, 2, 3], (1, "a") < (1, "b"))
