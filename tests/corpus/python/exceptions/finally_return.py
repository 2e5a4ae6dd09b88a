def a():
    try:
        return "try"
    finally:
        print("cleanup a")


def b():
    try:
        return "try"
    finally:
        return "finally"


def c():
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("body", i)
        finally:
            print("end", i)
    return i


def d():
    try:
        1 / 0
    except ZeroDivisionError:
        return "handled"
    finally:
        print("cleanup d")


def e():
    try:
        raise ValueError("lost")
    finally:
        return "swallowed"


def f():
    x = 1
    try:
        return x
    finally:
        x = 2


def g():
    while True:
        try:
            break
        finally:
            print("leaving")
    return "out"


print(a(), b(), c(), d(), e(), f(), g())
