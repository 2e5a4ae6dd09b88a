"""Level 6: a file that is missing, broken or fine, and errors that name their cause."""

import json
import os
import tempfile


class ConfigError(Exception):
    pass


def read_config(path):
    try:
        with open(path) as file:
            return json.load(file)
    except FileNotFoundError as error:
        raise ConfigError(f"no file: {os.path.basename(path)}") from error
    except json.JSONDecodeError as error:
        raise ConfigError(f"not JSON: {error}") from error


folder = tempfile.mkdtemp()
contents = {"fine.json": '{"name": "x", "size": 3, "tags": ["a", "b"]}', "empty.json": "", "broken.json": '{"a": 1,}'}
for name, text in contents.items():
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)
for name in [*contents, "missing.json"]:
    try:
        config = read_config(os.path.join(folder, name))
        print(name, config["name"], config["size"], config.get("depth", 0))
    except ConfigError as error:
        print(name, error, type(error.__cause__).__name__)
for name in contents:
    os.remove(os.path.join(folder, name))
os.rmdir(folder)
read_config(os.path.join(folder, "fine.json"))
