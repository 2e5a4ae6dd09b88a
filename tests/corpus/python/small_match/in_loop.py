def scan(tokens):
    found = []
    for token in tokens:
        match token:
            case str() if token == "stop":
                break
            case int(n) if n < 0:
                continue
            case int(n):
                found.append(n)
            case _:
                found.append(None)
    return found


def parse(texts):
    total = 0
    for text in texts:
        try:
            if text == "skip":
                continue
            total += int(text)
        except ValueError:
            break
    return total


print(scan([1, -2, 3, "x", "stop", 9]), parse(["1", "skip", "5", "q", "7"]))
