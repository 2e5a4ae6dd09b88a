from contextlib import contextmanager, suppress, closing, nullcontext


@contextmanager
def tag(name, out):
    out.append(f"<{name}>")
    try:
        yield name.upper()
    finally:
        out.append(f"</{name}>")


out = []
with tag("b", out) as upper:
    out.append(upper)
print(out)
try:
    with tag("i", out):
        raise ValueError("inside")
except ValueError as e:
    print(e, out)


@contextmanager
def swallow():
    try:
        yield
    except KeyError as e:
        print("swallowed", e)


with swallow():
    {}["x"]
with suppress(ZeroDivisionError, KeyError):
    1 / 0
    print("never")
with suppress(ValueError):
    print("fine")
with nullcontext(5) as five:
    print(five)
print("end")
