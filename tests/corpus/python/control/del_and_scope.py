x = [1, 2, 3]
del x[1]
print(x)
d = {"a": 1, "b": 2}
del d["a"]
print(d)
y = 5
del y
try:
    print(y)
except NameError as e:
    print(e)


def f(flag):
    if flag:
        value = 1
    try:
        return value
    except UnboundLocalError as e:
        return str(e)


print(f(True), f(False))


def g():
    for i in range(3):
        last = i
    return i, last


print(g())
a = b = [0]
del a
print(b)
if True:
    inside = "visible"
print(inside)
x, *_, z = [1, 2, 3, 4]
print(x, z, _)
del x, z
class Thing:
    pass


t = Thing()
t.a = 1
t.a += 1
print(t.a)
