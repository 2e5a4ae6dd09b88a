import sys


def log(msg):
    print("log:", msg)
    return len(msg)


def fail(msg):
    print("fatal:", msg)
    raise SystemExit(3)


def die(msg, code=2):
    print(f"error: {msg}")
    sys.exit(code)


def parse(tokens, pos):
    if pos >= len(tokens):
        die("unexpected end")
    return tokens[pos] if tokens[pos].isdigit() else die("bad token " + tokens[pos])


def compute(xs):
    total = 0
    for i in range(len(xs)):
        total += int(parse(xs, i)) * log(xs[i])
    return total


print(compute(["1", "22"]))
try:
    print(log("a") + fail("x"))
except SystemExit as e:
    print("exit", e.code)
d = {"a": 1}
value = d.get("b") or log("default")
print(value)
xs = [log("one"), log("two")] + [3]
print(xs)
print(log("before"), compute(["5", "z"]))
