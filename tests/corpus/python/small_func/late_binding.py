def make():
    fs = []
    for i in range(3):
        def f():
            return i * 10
        fs.append(f)
    return fs


print([f() for f in make()])


def adder(n):
    return lambda x: x + n


print([a(10) for a in [adder(n) for n in range(3)]])
