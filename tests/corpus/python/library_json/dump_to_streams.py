import io
import json
import os
import sys
import tempfile

data = {"b": [1, 2.5, None], "a": {"x": "é"}}
json.dump(data, sys.stdout)
print()
json.dump(data, sys.stdout, indent=2, sort_keys=True, ensure_ascii=False)
print()
out = io.StringIO()
json.dump([1, 2], out, separators=(",", ":"))
print(out.getvalue())
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x.json")
    with open(path, "w") as f:
        json.dump(data, f, indent=1)
    with open(path) as f:
        print(json.load(f) == data, f.closed)
    print(f.closed)
