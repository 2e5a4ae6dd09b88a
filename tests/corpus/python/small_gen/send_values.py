def running_total():
    total = 0
    while True:
        x = yield total
        total += x


g = running_total()
print(next(g), g.send(5), g.send(10), g.send(-3))
