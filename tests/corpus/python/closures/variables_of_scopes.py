# closures over loop variables, late binding, default capture
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
gs = [lambda i=i: i for i in range(3)]
print([g() for g in gs])
adders = []
for n in range(3):
    def add(x):
        return x + n
    adders.append(add)
print([a(10) for a in adders])


def counter():
    count = 0

    def inc(by=1):
        nonlocal count
        count += by
        return count

    def get():
        return count

    return inc, get


inc, get = counter()
inc()
inc(5)
print(get())


def append_to(x, acc=[]):
    acc.append(x)
    return acc


print(append_to(1), append_to(2), append_to(3, []), append_to(4))


def outer():
    data = {"n": 0}

    def bump():
        data["n"] += 1
        return data

    bump()
    return bump()


print(outer())
x = 10


def shadow():
    try:
        print(x)
        x = 5
    except UnboundLocalError as e:
        print("unbound:", e)


try:
    shadow()
except NameError as e:
    print(type(e).__name__)
for k in range(2):
    pass
print(k)
squares = {n: (lambda n=n: n * n) for n in range(3)}
print({k: f() for k, f in squares.items()})
