for p in [(0, 0), (1, 1), (2, 3), (-1, 0)]:
    match p:
        case (0, 0):
            print("origin")
        case (x, y) if x == y:
            print("diagonal", x)
        case (x, 0):
            print("axis", x)
        case (x, y):
            print("point", x, y)
