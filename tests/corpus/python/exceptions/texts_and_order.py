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
