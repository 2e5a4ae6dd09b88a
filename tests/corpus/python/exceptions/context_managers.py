class Managed:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, kind, value, trace):
        print("exit", self.name, kind.__name__ if kind else None, value)
        return self.swallow


with Managed("a") as m:
    print("in", m.name)
with Managed("b", True):
    raise ValueError("gone")
try:
    with Managed("c"), Managed("d") as d:
        print("in", d.name)
        raise KeyError("k")
except KeyError as e:
    print("out", e)


def early():
    with Managed("e"):
        return "returned"


print(early())
for i in range(3):
    with Managed(f"loop{i}"):
        if i == 1:
            break
