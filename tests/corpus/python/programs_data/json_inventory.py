"""A nested JSON document: read, flattened, changed and written again."""

import json

DOCUMENT = """
{
  "store": "Main \\u00e9tage",
  "open": true,
  "rating": 4.5,
  "sections": [
    {"name": "tools", "items": [{"id": 1, "name": "hammer", "stock": 12, "tags": ["steel", "hand"]},
                                 {"id": 2, "name": "saw", "stock": 0, "tags": []}]},
    {"name": "garden", "items": [{"id": 7, "name": "rake", "stock": 5, "tags": ["hand"]}]}
  ],
  "manager": null
}
"""


def flatten(value, prefix=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(inner, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from flatten(inner, f"{prefix}[{index}]")
    else:
        yield prefix, value


def in_stock(document):
    result = {}
    for section in document["sections"]:
        names = [item["name"] for item in section["items"] if item["stock"] > 0]
        result[section["name"]] = names
    return result


def tags(document):
    found = set()
    for section in document["sections"]:
        for item in section["items"]:
            found.update(str(tag) for tag in item["tags"])
    return sorted(found)


document = json.loads(DOCUMENT)
for path, value in flatten(document):
    print(f"{path} = {json.dumps(value)}")
print(in_stock(document))
print(tags(document))
document["manager"] = {"name": "Ada", "since": 2019}
document["rating"] = document["rating"] + 0.25
text = json.dumps(document, indent=2, sort_keys=True)
print(text)
print(json.dumps(document, separators=(",", ":"))[:60])
print(json.dumps(document["store"], ensure_ascii=False))
again = json.loads(text)
print(again == document, list(again)[0], list(document)[0])
for broken in ('{"a": 1,}', "[1, 2", '{"a" 1}', "nul", '"open'):
    try:
        json.loads(broken)
    except json.JSONDecodeError as error:
        print(f"{broken!r}: {error.msg} at line {error.lineno} column {error.colno} (char {error.pos})")
