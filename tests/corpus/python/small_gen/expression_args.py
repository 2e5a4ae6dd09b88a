xs = [1, 2, 3, 4]
print(sum(x * x for x in xs), max(-x for x in xs), any(x > 3 for x in xs), all(x > 0 for x in xs))
print(",".join(str(x) for x in xs), sorted((x % 3, x) for x in xs), list(x for x in xs if x % 2), min((abs(x - 3), x) for x in xs))
print(dict((x, x * x) for x in xs), set(x % 2 for x in xs), tuple(x for x in "ab"))
