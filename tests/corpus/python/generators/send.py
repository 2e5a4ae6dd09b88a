def averager():
    total = 0.0
    n = 0
    average = None
    while True:
        x = yield average
        total += x
        n += 1
        average = total / n


a = averager()
next(a)
print(a.send(10), a.send(20), a.send(3))
a.close()


def echo():
    received = []
    while True:
        x = yield len(received)
        if x is None:
            return received
        received.append(x)


e = echo()
next(e)
print(e.send("a"), e.send("b"))
try:
    e.send(None)
except StopIteration as s:
    print(s.value)
