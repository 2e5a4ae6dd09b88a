def parse(text):
    try:
        return int(text)
    except ValueError as e:
        raise RuntimeError(f"cannot parse {text!r}") from e


try:
    parse("q")
except RuntimeError as e:
    print(e, "|", e.__cause__, "|", type(e.__cause__).__name__)
try:
    try:
        {}["a"]
    except KeyError:
        raise ValueError("second")
except ValueError as e:
    print(e, repr(e.__context__), e.__cause__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("hidden") from None
except KeyError as e:
    print(e, e.__cause__, e.__suppress_context__)


def retry(f, times):
    last = None
    for n in range(times):
        try:
            return f(n)
        except ValueError as error:
            last = error
            print("attempt", n, error)
    raise RuntimeError("gave up") from last


def flaky(n):
    if n < 2:
        raise ValueError(f"no {n}")
    return n


print(retry(flaky, 5))
try:
    retry(flaky, 1)
except RuntimeError as e:
    print(e, e.__cause__)
