def add(item, into=[]):
    into.append(item)
    return into


print(add(1), add(2), add(3, []), add(4))


def count(word, seen={}):
    seen[word] = seen.get(word, 0) + 1
    return dict(seen)


print(count("a"), count("a"), count("b"))
