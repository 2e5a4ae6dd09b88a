def describe(x):
    match x:
        case 0:
            return "zero"
        case 1 | 2 | 3:
            return "small"
        case -1:
            return "minus one"
        case int() if x > 100:
            return "large"
        case int(n):
            return f"int {n}"
        case "a" | "b":
            return "letter"
        case str():
            return "text " + x
        case None:
            return "nothing"
        case 2.5:
            return "half"
        case _:
            return "other"


for value in (0, 2, -1, 500, 50, "a", "word", None, 2.5, 3.5):
    print(value, describe(value))


def http(status):
    match status:
        case 200 | 201:
            return "ok"
        case 404:
            return "missing"
        case code if 500 <= code < 600:
            return f"server {code}"
    return "unknown"


print([http(s) for s in (200, 404, 503, 302)])
