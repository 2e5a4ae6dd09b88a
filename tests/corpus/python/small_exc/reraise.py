def inner():
    raise KeyError("k")


def outer():
    try:
        inner()
    except KeyError as e:
        print("saw", e)
        raise


try:
    outer()
except LookupError as e:
    print("again", repr(e))
