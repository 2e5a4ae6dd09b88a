words = ["apple", "bob", "cat"]
print({w: len(w) for w in words}, {w[0]: w for w in words if len(w) == 3}, sorted({len(w) for w in words}), {i: c for i, c in enumerate("ab")})
