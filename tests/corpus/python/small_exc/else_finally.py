def run(x):
    out = []
    try:
        out.append(10 // x)
    except ZeroDivisionError:
        out.append("zero")
    else:
        out.append("else")
    finally:
        out.append("finally")
    return out


print(run(5), run(0))
