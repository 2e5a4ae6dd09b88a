from dataclasses import dataclass, field


@dataclass
class Inventory:
    items: dict = field(default_factory=dict)
    log: list = field(default_factory=list)

    def add(self, name, n=1):
        self.items[name] = self.items.get(name, 0) + n
        self.log.append(name)


a, b = Inventory(), Inventory()
a.add("x")
a.add("x", 4)
b.add("y")
print(a, b, a.items["x"], len(b.log))
