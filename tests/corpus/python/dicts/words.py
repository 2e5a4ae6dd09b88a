text = "the quick brown fox jumps over the lazy dog the end"
counts = {}
for w in text.split():
    if w in counts:
        counts[w] += 1
    else:
        counts[w] = 1
for w, n in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:4]:
    print(f"{w:<6}{n:>3}")
print(max(counts, key=counts.get), max(counts.values()), min(counts, key=lambda w: (len(w), w)))
lengths = {}
for w in counts:
    lengths.setdefault(len(w), []).append(w)
print({n: sorted(ws) for n, ws in sorted(lengths.items())})
memo = {}


def fib(n):
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]


print(fib(90), len(memo), any(v > 2 for v in counts.values()), all(counts))
