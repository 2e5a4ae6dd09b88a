def worker():
    yield 1
    yield 2
    return "done"


def main():
    result = yield from worker()
    yield result


print(list(main()))
g = worker()
print(next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)
