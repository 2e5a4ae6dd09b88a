d = {"a": 3, "b": 9, "c": 1}
print(max(d, key=d.get), min(d, key=d.get), sorted(d, key=d.get), sorted(d, key=d.get, reverse=True))


def best(counts):
    return max(counts, key=counts.get)


print(best({1: 2, 5: 7}), best({"q": 1.5}))
