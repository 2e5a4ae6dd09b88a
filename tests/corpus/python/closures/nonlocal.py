def counter(start=0):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    def peek():
        return count

    return step, peek


step, peek = counter(10)
print(step(), step(5), peek())
other, _ = counter()
print(other(), peek(), other())


def accumulate():
    total = 0
    log = []

    def add(x):
        nonlocal total
        total += x
        log.append(total)
        return log

    return add


add = accumulate()
add(1)
print(add(2**64), len(add(-1)))


def levels():
    x = "outer"

    def middle():
        x = "middle"

        def inner():
            nonlocal x
            x = "inner"
            return x

        return inner(), x

    return middle(), x


print(levels())
