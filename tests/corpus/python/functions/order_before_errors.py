def show(n):
    print("show", n)
    return n


def boom():
    raise ValueError("boom")


try:
    print(show(1) + boom())
except ValueError as e:
    print(e)
try:
    xs = [show(2), boom(), show(3)]
except ValueError as e:
    print(e)
try:
    print({show(4): boom()})
except ValueError as e:
    print(e)
try:
    max(show(5), boom(), show(6))
except ValueError as e:
    print(e)
try:
    print(show(7) < boom(), (show(8), boom()), f"{show(9)} {boom()}")
except ValueError as e:
    print(e)
try:
    print((show(8), boom()))
except ValueError as e:
    print(e)
try:
    print(f"{show(9)} {boom()}")
except ValueError as e:
    print(e)
try:
    xs = [1, 2, 3]
    xs[show(0)] = boom()
except ValueError as e:
    print(e)
try:
    print([1, 2][boom()], show(1))
except ValueError as e:
    print(e)
try:
    print("%s %s" % (show(1), boom()))
except ValueError as e:
    print(e)
try:
    print(show(1) and boom(), show(2))
except ValueError as e:
    print(e)
try:
    print(show(1) == boom())
except ValueError as e:
    print(e)
try:
    print(show("a").replace(show("b"), boom()))
except ValueError as e:
    print(e)
