class Config:
    defaults = {"a": 1}
    names = []
    LIMIT = 10
    scale = LIMIT * 2

    def __init__(self, name):
        self.name = name
        self.names.append(name)

    @classmethod
    def limit(cls):
        return cls.LIMIT

    @classmethod
    def from_text(cls, text):
        return cls(text.strip())

    @staticmethod
    def helper(x):
        return x * Config.scale


class Small(Config):
    LIMIT = 3


a, b = Config("a"), Config.from_text(" b ")
print(a.names, Config.names, a.limit(), Small.limit(), Config.helper(2), a.helper(3), b.name, Config.scale)
Config.LIMIT = 99
print(Config.limit(), Small.limit(), a.LIMIT)
a.LIMIT = 5
print(a.LIMIT, b.LIMIT, Config.LIMIT)
Config.defaults["z"] = 26
print(a.defaults, Small.from_text("s").name)
