def f(d):
    try:
        return d["x"]
    except KeyError as e:
        raise ValueError("no x") from e


print(f({"x": 1}))
f({})
