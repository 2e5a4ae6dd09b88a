d = {"a": 1, "b": 2}
d["c"] = 3
d["a"] = 10
print(d, len(d), d["a"], d.get("z"), d.get("z", 0), "a" in d, "z" in d)
print(list(d), list(d.keys()), list(d.values()), list(d.items()))
del d["b"]
print(d, d.pop("a"), d.pop("zz", None), d, d.setdefault("n", []), d.setdefault("c", 5))
d["n"].append(1)
print(d)
d.update({"x": 1, "c": 9})
d.update(y=2)
print(d, d.popitem(), d)
e = d.copy()
e.clear()
print(d, e, {} == e, {"a": 1, "b": 2} == {"b": 2, "a": 1}, bool(e))
for act in ("get", "del", "pop", "popitem"):
    try:
        if act == "get":
            d["missing"]
        elif act == "del":
            del d["missing"]
        elif act == "pop":
            d.pop("missing")
        else:
            e.popitem()
    except KeyError as error:
        print(act, error, repr(error))
