from collections import ChainMap, Counter, UserDict, namedtuple

defaults = {"color": "red", "size": 1}
user = {"size": 5}
cm = ChainMap(user, defaults)
print(cm["color"], cm["size"], sorted(cm), len(cm), "size" in cm)
cm["color"] = "blue"
print(user, defaults)
Edge = namedtuple("Edge", "a b weight")
edges = [Edge("x", "y", 3), Edge("y", "z", 1)]
print(min(edges, key=lambda e: e.weight), [e.a for e in edges], sum(e.weight for e in edges))
print(Counter(e.b for e in edges))
