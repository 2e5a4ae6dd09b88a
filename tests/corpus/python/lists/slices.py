xs = list(range(10))
print(xs[2:5], xs[:3], xs[-3:], xs[::3], xs[::-2], xs[7:2:-2], xs[100:], xs[-100:3], xs[:])
xs[2:5] = [20, 30]
print(xs)
xs[::2] = [0, 0, 0, 0, 0]
print(xs)
xs[1:1] = [7, 8, 9]
print(xs)
del xs[0]
del xs[-1]
del xs[1:4]
print(xs)
del xs[::2]
print(xs)
xs[:] = [1, 2, 3]
print(xs)
xs[len(xs):] = [4]
print(xs)
try:
    xs[::2] = [1]
except ValueError as error:
    print(error)
try:
    xs[9] = 1
except IndexError as error:
    print(error)
try:
    print(xs[::0])
except ValueError as error:
    print(error)
try:
    del xs[9]
except IndexError as error:
    print(error)
