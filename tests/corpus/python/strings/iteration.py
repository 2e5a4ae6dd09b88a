word = "mississippi"
counts = {}
for c in word:
    counts[c] = counts.get(c, 0) + 1
print(counts, sorted(counts.items(), key=lambda kv: (-kv[1], kv[0])))
print([(i, c) for i, c in enumerate("abc", 1)], list(zip("abc", "xyz")), list(reversed("abc")), list(map(str.upper, "abc")))
print("".join(c for c in word if c not in "aeiou"), "".join(sorted(word)), "".join(sorted(set(word))))
print(all(c.isalpha() for c in word), any(c == "z" for c in word), min(word), max(word))
print([word[i : i + 3] for i in range(0, len(word), 3)], {c: word.index(c) for c in "msip"})
it = iter("ab")
print(next(it), next(it), next(it, "end"))
palindromes = [w for w in ("level", "noon", "python") if w == w[::-1]]
print(palindromes)
