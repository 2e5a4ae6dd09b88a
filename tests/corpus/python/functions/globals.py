counter = 0
history = []
config = {"debug": False}
NAME = "const"


def bump(by=1):
    global counter
    counter += by
    history.append(counter)
    return counter


def shadow():
    counter = 100
    return counter


def read():
    return counter, NAME, config["debug"]


def create():
    global made
    made = "made here"


print(bump(), bump(5), shadow(), read(), history)
config["debug"] = True
create()
print(made, read(), len(history))


def outer():
    x = 1

    def inner():
        global counter
        counter = x * 1000

    inner()
    return counter


print(outer(), counter)
for counter in range(3):
    pass
print(counter, bump())
