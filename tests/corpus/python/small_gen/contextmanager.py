from contextlib import contextmanager


@contextmanager
def section(name):
    print("<", name)
    yield name.upper()
    print(">", name)


with section("a") as upper:
    print(upper)
with section("b"):
    print("inside")
