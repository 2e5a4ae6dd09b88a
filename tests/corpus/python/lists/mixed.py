xs = [1, "two", 3.0, None, True, [4], (5, 6), {"k": 7}]
print(xs, len(xs))
for x in xs:
    print(type(x).__name__, x, repr(x))
print("two" in xs, None in xs, xs.index(3.0), xs[-1])
ints = [x for x in xs if isinstance(x, int)]
print(ints)
text = [str(x) for x in xs]
print(" ".join(text))
xs.append("end")
xs[0] = None
print(xs, xs.count(None))
