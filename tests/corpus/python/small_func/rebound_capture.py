def changing():
    x = 1

    def get():
        return x

    before = get()
    x = 2
    return before, get()


def collect():
    xs = []

    def push(v):
        xs.append(v)

    for i in range(3):
        push(i * i)
    return xs


print(changing(), collect())
