import functools


class Timeout(Exception):
    pass


def retry(times=3, exceptions=(Exception,)):
    def decorator(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return func(*args, **kwargs)
                except exceptions as exc:
                    print(f"{func.__name__} attempt {attempt + 1}: {type(exc).__name__} {exc}")
            return None

        return wrapper

    return decorator


state = {"n": 0}


@retry(times=2, exceptions=(ValueError, Timeout))
def flaky(limit, *, step=1):
    state["n"] += step
    if state["n"] < limit:
        raise ValueError(f"{state['n']} < {limit}")
    if state["n"] == 8:
        raise Timeout("eight")
    return state["n"]


@retry(exceptions=KeyError)
def find(key):
    return state[key]


@retry()
def anything(x):
    return 10 // x


print(flaky(2), flaky(10, step=3), flaky(5))
print(find("n"), find("zz"), anything(2), anything(0))
try:
    flaky("x")
except TypeError as e:
    print("not caught inside:", e)
