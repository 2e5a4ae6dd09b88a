print([a + b for a, b in ["xy", "zw"]], {k: v for k, v in ["ab", "cd"]}, [x for x, *_ in [(1, 2), (3, 4)]])
print([a for a, (b, c) in [(1, (2, 3)), (4, (5, 6))]], [b + c for a, (b, c) in [(1, (2, 3))]], [k for k, _ in {"q": 1}.items()])
