# exceptions: the texts of errors of collections
try:
    next(iter([]))
except StopIteration as e:
    print("stop", e.value)
try:
    {}[(1, 2)]
except KeyError as e:
    print(e)
try:
    [1, 2].remove(3)
except ValueError as e:
    print(e)
try:
    a, b = [1, 2, 3]
except ValueError as e:
    print(e)
try:
    a, b, c = 1, 2
except ValueError as e:
    print(e)
try:
    x, *y = []
except ValueError as e:
    print(e)
try:
    [].pop()
except IndexError as e:
    print(e)
try:
    {}.popitem()
except KeyError as e:
    print(e)
try:
    set().pop()
except KeyError as e:
    print(e)
try:
    (1, 2)[5]
except IndexError as e:
    print(e)
try:
    raise
except RuntimeError as e:
    print(e)
