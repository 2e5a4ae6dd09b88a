def make():
    fs = []
    for i in range(3):
        def f():
            return i * 10
        fs.append(f)
    return fs


print([f() for f in make()])


def make_bound():
    fs = []
    for i in range(3):
        def f(i=i):
            return i * 10
        fs.append(f)
    return fs


print([f() for f in make_bound()])


def adder(n):
    return lambda x: x + n


adders = [adder(n) for n in range(3)]
print([a(10) for a in adders])


def changing():
    x = 1

    def get():
        return x

    before = get()
    x = 2
    return before, get()


print(changing())


def mutate():
    xs = []

    def push(v):
        xs.append(v)

    for i in range(3):
        push(i * i)
    return xs


print(mutate())
