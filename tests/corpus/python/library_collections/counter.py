from collections import Counter

c = Counter("mississippi")
print(c, c["s"], c["zz"], c.most_common(2), sorted(c), len(c), sum(c.values()), sorted(c.elements()))
d = Counter(["a", "b", "a"])
d.update("abc")
d["z"] += 3
print(d, d - Counter("aab"), d + Counter("a"), d & Counter("aaab"), d | Counter("q"), dict(d), d.total())
d.subtract(["a", "z"])
print(d, "a" in d, "none" in d, list(d.items()), +d, max(d, key=d.get), d.most_common()[-1])
print(Counter({"x": 2}) == Counter("xx"), Counter(a=1, b=2), Counter([1, 1, 2]).most_common(1)[0][0], Counter())
words = Counter("the cat and the hat and the bat".split())
for w, n in words.most_common(3):
    print(w, n)
del words["the"]
print(words, sorted(words.items(), key=lambda kv: (-kv[1], kv[0])))
