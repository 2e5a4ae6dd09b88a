import random


def estimate_pi(n, rng):
    inside = sum(1 for _ in range(n) if rng.random() ** 2 + rng.random() ** 2 <= 1)
    return 4 * inside / n


def walk(steps):
    x = y = 0
    for _ in range(steps):
        dx, dy = random.choice([(1, 0), (-1, 0), (0, 1), (0, -1)])
        x += dx
        y += dy
    return x, y


print(estimate_pi(1000, random.Random(1)))
random.seed(5)
print(walk(100), [random.randint(1, 6) for _ in range(10)])
counts = {}
for _ in range(200):
    r = random.randint(1, 6) + random.randint(1, 6)
    counts[r] = counts.get(r, 0) + 1
print(sorted(counts.items()))
deck = [f"{r}{s}" for s in "SH" for r in range(1, 5)]
random.shuffle(deck)
print(deck[:4], random.sample(deck, 2))
try:
    random.choice([])
except IndexError as e:
    print(e)
try:
    random.sample([1], 3)
except ValueError as e:
    print(e)
