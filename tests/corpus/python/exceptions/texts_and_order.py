# exceptions: ordering, else, finally, nested, return in finally
def f(n):
    try:
        print("try", n)
        if n == 1:
            raise ValueError("v")
        if n == 2:
            return "returned"
        if n == 3:
            raise KeyError("k")
    except ValueError as e:
        print("except", e)
        return "from except"
    else:
        print("else")
        return "from else"
    finally:
        print("finally")


for i in range(3):
    print(f(i))
try:
    f(3)
except KeyError as e:
    print("outer", e, repr(e), e.args)


def g():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("fin", i)
    else:
        print("no break")
    return i


print(g())


def h():
    try:
        return 1
    finally:
        return 2


print(h())


class E1(Exception):
    pass


class E2(E1):
    def __init__(self, a, b=2):
        super().__init__(a, b)
        self.a = a


for exc in (
    E1("x"),
    E2(5),
    E2("a", "b"),
    E1(),
    E1(1, 2),
    KeyError("q"),
    ValueError(),
    StopIteration(3),
):
    try:
        raise exc
    except Exception as e:
        print(type(e).__name__, "|", e, "|", repr(e), "|", e.args)
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise E2("wrapped") from e
except E1 as e:
    print(repr(e.__cause__), isinstance(e, E2), e.a)
try:
    try:
        int("x")
    except ValueError:
        [][1]
except IndexError as e:
    print(repr(e.__context__), e.__cause__, e.__suppress_context__)
try:
    raise E1("a") from None
except E1 as e:
    print(e.__cause__, e.__suppress_context__)


def gen():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        print("closed")
        raise
    finally:
        print("gen finally")


for v in gen():
    print(v)
    break
g = gen()
next(g)
g.close()
try:
    next(iter([]))
except StopIteration as e:
    print("stop", e.value)
try:
    {}[(1, 2)]
except KeyError as e:
    print(e)
try:
    [1, 2].remove(3)
except ValueError as e:
    print(e)
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, b, c = 1, 2
except ValueError as e:
    print(e)
try:
    x, *y = []
except ValueError as e:
    print(e)
try:
    [].pop()
except IndexError as e:
    print(e)
try:
    {}.popitem()
except KeyError as e:
    print(e)
try:
    set().pop()
except KeyError as e:
    print(e)
try:
    (1, 2)[5]
except IndexError as e:
    print(e)
try:
    raise
except RuntimeError as e:
    print(e)
