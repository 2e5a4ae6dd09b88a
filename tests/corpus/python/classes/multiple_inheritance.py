class Base:
    def who(self):
        return ["Base"]


class Left(Base):
    def who(self):
        return ["Left"] + super().who()


class Right(Base):
    def who(self):
        return ["Right"] + super().who()


class Both(Left, Right):
    def who(self):
        return ["Both"] + super().who()


print(Both().who(), Left().who())


class Named:
    def __init__(self, name, **kw):
        super().__init__(**kw)
        self.name = name


class Aged:
    def __init__(self, age, **kw):
        super().__init__(**kw)
        self.age = age


class Person(Named, Aged):
    pass


p = Person(name="Ann", age=3)
print(p.name, p.age)


class JsonMixin:
    def dump(self):
        return "{" + ", ".join(f"{k}={v}" for k, v in self.items()) + "}"


class Config(JsonMixin):
    def __init__(self):
        self.data = {"a": 1, "b": 2}

    def items(self):
        return self.data.items()


print(Config().dump())
