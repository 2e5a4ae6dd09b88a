a, b = {1: "x", 2: "y"}, {2: "z", 3: "w"}
print(a.keys() & b.keys(), sorted(a.keys() | b.keys()), a.keys() - b.keys(), a.keys() ^ b.keys())
print(a.keys() & [1, 5], {9} | a.keys(), a.keys() <= {1, 2, 3}, a.keys() == {1, 2}, a.keys().isdisjoint(b))
d = {"q": 1}
if not d.keys() & {"z"}:
    print("none")
print(set(a.keys()) - set(b), b.keys() >= {2}, {1, 2, 5} - a.keys(), {1, 5} & a.keys(), {1, 5} ^ a.keys())
big = {n * 7 % 101: n for n in range(40)}
small = {n: 1 for n in range(0, 60, 3)}
print(big.keys() & small.keys(), small.keys() & big.keys(), big.keys() - small.keys(), big.keys() | small.keys(), big.keys() ^ small.keys())
print(big.keys() & set(small), big.keys() - set(small), big.keys() | set(small), small.keys() & set(range(0, 200, 2)))
print(a.keys() == b.keys(), a.keys() != b.keys(), a.keys() < {1, 2, 3}, a.keys() | (7, 8), a.keys() - b)
