class T:
    kind = "t"

    def __init__(self):
        self.x = 1


t = T()
print(hasattr(t, "x"), hasattr(t, "y"), hasattr(t, "kind"), getattr(t, "x"), getattr(t, "y", 5), getattr(t, "kind"))
setattr(t, "x", 9)
print(t.x)
