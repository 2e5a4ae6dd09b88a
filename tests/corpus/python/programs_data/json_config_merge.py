"""Layers of configuration as JSON: merged, looked up by path, checked and shown."""

import json

DEFAULTS = '{"name": "app", "debug": false, "port": 8080, "tags": ["base"], "db": {"host": "localhost", "port": 5432}}'
PRODUCTION = '{"debug": false, "port": 80, "db": {"host": "db.internal"}, "tags": ["prod", "eu"]}'
LOCAL = '{"debug": true, "user": "ada"}'


def merge(base, over):
    result = {}
    for key, value in base.items():
        result[key] = value
    for key, value in over.items():
        present = result.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            result[key] = merge(present, value)
        else:
            result[key] = value
    return result


def look_up(config, path, default=None):
    value = config
    for part in path.split("."):
        if not isinstance(value, dict) or part not in value:
            return default
        value = value[part]
    return value


def problems(config):
    found = []
    if not isinstance(config.get("name"), str):
        found.append("name must be a text")
    port = config.get("port")
    if not isinstance(port, int) or not 0 < port < 65536:
        found.append(f"bad port: {port}")
    if "user" not in config:
        found.append("no user")
    return found


def show(value, depth=0):
    pad = "  " * depth
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict):
                print(f"{pad}{key}:")
                show(inner, depth + 1)
            else:
                print(f"{pad}{key}: {json.dumps(inner)}")


production = merge(json.loads(DEFAULTS), json.loads(PRODUCTION))
local = merge(production, json.loads(LOCAL))
show(local)
print(json.dumps(local, sort_keys=True))
for path in ("db.host", "db.port", "db.name", "port.x", "tags"):
    print(path, "->", look_up(local, path, "?"))
print(problems(production), problems(local), problems({"name": "x", "port": 70000, "user": "u"}))
