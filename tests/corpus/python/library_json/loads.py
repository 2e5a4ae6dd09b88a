import json

d = json.loads('{"a": [1, 2.5, null, true], "b": {"c": "\\u00e9\\n"}}')
print(d, d["a"][1], d["b"]["c"], type(d["a"]).__name__)
print(json.loads("[]"), json.loads('"s"'), json.loads(" 12 "), json.loads("-1.5e3"), json.loads("null"), json.loads("false"))
for bad in ("", "{", "[1,]", '{"a" 1}', "nope", '{"a": 1} x', '"open'):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print(repr(bad), e)
people = json.loads('[{"name": "a", "age": 3}, {"name": "b", "age": 5}]')
for p in people:
    print(p["name"], p["age"] + 1)
print(sum(p["age"] for p in people), json.loads(json.dumps({"x": [1, [2, {}]]})) == {"x": [1, [2, {}]]})
