def groups(words):
    found = {}
    for word in words:
        key = "".join(sorted(word))
        found.setdefault(key, []).append(word)
    return sorted(found.values(), key=lambda g: (-len(g), g))


print(groups(["eat", "tea", "tan", "ate", "nat", "bat"]), groups([]))
print(sorted("listen") == sorted("silent"), sorted("aab") == sorted("abb"))
