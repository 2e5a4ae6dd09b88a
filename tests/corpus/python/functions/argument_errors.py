def f(a, b=1):
    return a + b


def check(action):
    try:
        print(action())
    except TypeError as error:
        print("TypeError:", error)
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        print(type(error).__name__, error)


check(lambda: f(1))
check(lambda: len(5) if False else 3)
check(lambda: int("q"))
check(lambda: [1, 2][2])
check(lambda: {"a": 1}["b"])
check(lambda: "a" + "b")
check(lambda: [].pop())
check(lambda: max([]))
check(lambda: min([], default="none"))
check(lambda: next(iter([])) if False else "skipped")
check(lambda: "x".index("y"))
check(lambda: sum([]))
check(lambda: ord("a"))
