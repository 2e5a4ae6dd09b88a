d = {1: "int", 1.0: "float", True: "bool"}
print(d, len(d), d[1], d[True])
mixed = {1: "one", "1": "text", (1, 2): "tuple", None: "none", 2.5: "float", frozenset([1]): "frozen"}
for k, v in mixed.items():
    print(repr(k), v)
print(mixed[None], mixed[1, 2], mixed["1"], mixed[frozenset([1])])
views = {"a": 1, "b": 2}
print(views.keys() & {"a", "z"}, views.keys() == {"b", "a"}, ("a", 1) in views.items(), 2 in views.values())
print(sorted(views.keys() | {"c"}), sorted(views.keys() - {"a"}), len(views.keys()), views.keys(), views.values(), views.items())
big = {2**70: "big"}
print(big[2**70], 2**70 in big, big)
