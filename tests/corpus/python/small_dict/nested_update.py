config = {"db": {"host": "x", "port": 1}, "tags": ["a"]}
config["db"]["port"] += 41
config["tags"].append("b")
config["db"]["name"] = "main"
print(config["db"]["port"], config["tags"], sorted(config["db"]))
for section in config:
    print(section, len(config[section]))
