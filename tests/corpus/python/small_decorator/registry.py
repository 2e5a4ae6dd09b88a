commands = {}


def command(f):
    commands[f.__name__] = f
    return f


@command
def start(x):
    return f"start {x}"


@command
def stop(x):
    return f"stop {x}"


for name in sorted(commands):
    print(name, commands[name](1))
print(start(2))
