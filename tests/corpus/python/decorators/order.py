handlers = {}


def route(path):
    def deco(fn):
        handlers[path] = fn
        return fn

    return deco


def logged(fn):
    def inner(x):
        print("log", x)
        return fn(x)

    return inner


@route("/a")
@logged
def a(x):
    return "A" + x


@logged
@route("/b")
def b(x):
    return "B" + x


for k in sorted(handlers):
    print(k, handlers[k]("!"))
print(a("x"), b("y"))
