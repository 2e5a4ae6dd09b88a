def act(c):
    match c:
        case {"op": "add", "args": [a, b]}:
            return a + b
        case {"op": "neg", "args": [a]}:
            return -a
        case {"op": name}:
            return f"unknown {name}"
        case _:
            return None


print(act({"op": "add", "args": [1, 2]}), act({"op": "neg", "args": [5]}), act({"op": "zap"}), act({}))
