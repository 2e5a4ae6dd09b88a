def walk(command):
    match command.split():
        case []:
            return "empty"
        case ["quit"]:
            return "bye"
        case ["go", direction]:
            return f"going {direction}"
        case ["take", item, *rest] if rest:
            return f"taking {item} and {len(rest)} more"
        case ["take", item]:
            return f"taking {item}"
        case [first, *_, last]:
            return f"{first}...{last}"
        case [only]:
            return f"only {only}"


for c in ("", "quit", "go north", "take key", "take key lamp map", "a b c", "x"):
    print(walk(c))


def total(xs):
    match xs:
        case []:
            return 0
        case [x, *rest]:
            return x + total(rest)


print(total([1, 2, 3]))
for point in ((0, 0), (0, 5), (3, 0), (1, 2)):
    match point:
        case (0, 0):
            print("origin")
        case (0, y):
            print("y", y)
        case (x, 0):
            print("x", x)
        case (x, y) as p:
            print("both", x, y, p)
