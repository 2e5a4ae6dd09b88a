d = {"a": None, "b": 0}
print(d.get("a"), d.get("a", 5), d.get("c", 5), d.get("b") or "zero", d.get("a") is None, "a" in d)
d.setdefault("b", 9)
d.setdefault("c", 9)
print(d, d["c"])
try:
    d["zzz"]
except KeyError as e:
    print("missing", e, e.args[0] if False else "")
