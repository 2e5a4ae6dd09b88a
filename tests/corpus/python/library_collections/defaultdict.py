from collections import OrderedDict, defaultdict

d = defaultdict(list)
for k, v in [("a", 1), ("b", 2), ("a", 3)]:
    d[k].append(v)
print(d, dict(d), d["zz"], len(d), d.get("nope"), "nope" in d, sorted(d.items()))
n = defaultdict(int)
for c in "hello":
    n[c] += 1
print(n, n["q"], sorted(n))
s = defaultdict(set)
s["x"].add(1)
print(s, defaultdict(lambda: "dflt")["k"], defaultdict(float)["z"])
nested = defaultdict(lambda: defaultdict(int))
nested["a"]["b"] += 5
nested["a"]["c"] -= 1
print({k: dict(v) for k, v in nested.items()})
o = OrderedDict([("x", 1), ("y", 2)])
o["z"] = 3
o.move_to_end("x")
print(o, list(o), o.popitem(), o.popitem(last=False), o, OrderedDict(a=1) == {"a": 1})
o["q"] = 1
o.move_to_end("q", last=False)
print(list(o.items()))
