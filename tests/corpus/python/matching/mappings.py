def handle(event):
    match event:
        case {"type": "click", "x": x, "y": y}:
            return f"click {x},{y}"
        case {"type": "key", "code": code, **rest}:
            return f"key {code} {rest}"
        case {"type": t}:
            return f"other {t}"
        case {}:
            return "no type"


for e in ({"type": "click", "x": 1, "y": 2}, {"type": "key", "code": 65, "shift": 1}, {"type": "wheel"}, {"a": 1}, {}):
    print(handle(e))
