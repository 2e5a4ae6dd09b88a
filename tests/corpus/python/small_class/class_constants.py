class Config:
    SIZE = 4
    NAMES = ["a", "b"]
    TABLE = {"x": SIZE}
    PAIR = (SIZE, SIZE * 2)

    def area(self):
        return self.SIZE * Config.PAIR[1]


c = Config()
c.NAMES.append("c")
print(Config.SIZE, Config.NAMES, Config.TABLE, c.area(), c.PAIR)
