xs = [3, 1, 2]
xs.append(4)
xs.extend([5, 6])
xs.insert(0, 0)
xs.insert(-1, 99)
xs.insert(100, 7)
print(xs, len(xs), xs.pop(), xs.pop(0), xs.pop(-2), xs)
xs.remove(3)
print(xs, xs.index(2), xs.count(5), 2 in xs, 100 in xs)
xs.reverse()
print(xs, xs[::-1], sorted(xs), xs)
xs.sort()
ys = xs.copy()
ys.clear()
print(xs, ys, bool(ys), [1, 2] + [3], [0] * 3, [] == [], [1] < [1, 2], [2] > [1, 9])
for act in ("pop", "remove", "index", "get"):
    try:
        if act == "pop":
            ys.pop()
        elif act == "remove":
            xs.remove(1000)
        elif act == "index":
            xs.index(1000)
        else:
            print(xs[50])
    except (IndexError, ValueError) as error:
        print(act, type(error).__name__, error)
