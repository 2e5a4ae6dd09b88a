for make in (lambda: OSError(2, "No such file"), lambda: OSError(13, "denied"), lambda: OSError(5, "io"), lambda: OSError("plain"), lambda: IOError(17, "there")):
    try:
        raise make()
    except FileNotFoundError as e:
        print("missing", e, e.errno, e.strerror)
    except OSError as e:
        print(type(e).__name__, e, repr(e))


def load(path):
    raise OSError(2, "No such file or directory", path)


try:
    load("a.txt")
except OSError as e:
    print(type(e).__name__, e.errno)
try:
    raise OSError(5, "Input/output error")
except OSError as e:
    print(type(e).__name__, e, repr(e), e.args)
try:
    raise PermissionError(13, "Permission denied")
except OSError as e:
    print(type(e).__name__, e)
