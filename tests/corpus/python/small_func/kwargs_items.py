def show(**options):
    return ", ".join(f"{k}={v}" for k, v in options.items())


print(show(a=1, b=2), show(), show(**{"x": 3}), show(z=1, a=2))
