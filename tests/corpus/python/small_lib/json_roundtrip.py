import json

text = json.dumps({"a": [1, 2], "b": None, "c": "é"})
print(text, json.loads(text)["a"][1], json.loads("[1, 2.5, true]"))
print(json.dumps([1, "x", None], indent=1), json.dumps({"b": 1, "a": 2}, sort_keys=True))
