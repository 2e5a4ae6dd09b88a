def gen():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closed")
        raise
    finally:
        print("gen finally")


g = gen()
print(next(g))
g.close()
print("--")
for v in gen():
    print(v)
    break
print("--")
print("end")


def lines():
    print("open")
    try:
        for i in range(5):
            yield i
    finally:
        print("close")


for x in lines():
    if x == 2:
        break
print("after")


def first():
    for x in lines():
        return x


print(first())
print(sum(lines()))
print("end")
