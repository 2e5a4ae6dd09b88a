class ConfigError(Exception):
    """Bad configuration."""


def load(name):
    if not name:
        raise ConfigError("no name")
    return {"name": name}


print(load("a"))
try:
    load("")
except ConfigError as e:
    print("caught", e)
print("before")
load("")
print("never")
