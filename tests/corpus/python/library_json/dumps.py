import json

print(json.dumps({"a": [1, 2.5, None, True], "b": {"c": "x\n\"é"}}), json.dumps([]), json.dumps("s"), json.dumps(1e100), json.dumps({}))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps([1, {"x": []}], indent=2), json.dumps({"é": "日"}, ensure_ascii=False))
print(json.dumps({"a": 1}, separators=(",", ":")), json.dumps((1, 2)), json.dumps({1: "int key", True: "b"}), json.dumps(2**70))
data = {"name": "Ann", "scores": [1, 2], "nested": {"ok": True, "none": None}}
print(json.dumps(data, indent=4))
print(json.dumps("tab\t\u0001/\\"), json.dumps(float("inf")), json.dumps([0.1, -0.0, 1.0]))
try:
    json.dumps({1, 2})
except TypeError as e:
    print(e)
