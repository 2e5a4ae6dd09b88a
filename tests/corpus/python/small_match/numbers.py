def f(x):
    match x:
        case 0 | 1:
            return "bit"
        case n if n < 0:
            return "negative"
        case _:
            return "many"


print([f(n) for n in (0, 1, -5, 9)])
