xs = list(range(8))
del xs[0], xs[-1]
print(xs)
del xs[1:3]
print(xs)
del xs[::2]
print(xs, len(xs))
xs.clear()
print(xs)
