def resource(log):
    log.append("open")
    try:
        yield 1
        yield 2
    finally:
        log.append("close")


log = []
for x in resource(log):
    log.append(x)
print(log)
log = []
g = resource(log)
log.append(next(g))
g.close()
print(log)


def guarded():
    for i in range(3):
        try:
            yield 10 // (i - 1)
        except ZeroDivisionError:
            yield -1


def failing():
    yield 1
    raise ValueError("inside")


out = []
try:
    for x in failing():
        out.append(x)
except ValueError as e:
    print(out, e)
try:
    print(list(guarded()))
except ZeroDivisionError as e:
    print(e)


def early(n):
    if n == 0:
        return
    yield n


print(list(early(0)), list(early(1)))
