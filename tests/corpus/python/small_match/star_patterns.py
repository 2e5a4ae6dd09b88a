def f(xs):
    match xs:
        case []:
            return "none"
        case [x]:
            return f"one {x}"
        case [x, *rest, y]:
            return f"{x} {rest} {y}"


print(f([]), f([1]), f([1, 2]), f([1, 2, 3, 4]), f("ab".split()))
