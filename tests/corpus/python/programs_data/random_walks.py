"""Seeded chance: walks, dice, shuffles, samples and a weighted wheel."""

import random
from collections import Counter


class Walker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.x = self.y = 0

    def step(self):
        dx, dy = self.random.choice([(0, 1), (1, 0), (0, -1), (-1, 0)])
        self.x += dx
        self.y += dy

    def walk(self, steps):
        far = 0
        for _ in range(steps):
            self.step()
            far = max(far, abs(self.x) + abs(self.y))
        return far


def dice(count, sides, rng):
    return sum(rng.randint(1, sides) for _ in range(count))


def estimate_pi(samples):
    hits = sum(random.random() ** 2 + random.random() ** 2 <= 1 for _ in range(samples))
    return 4 * hits / samples


def bar(counts):
    for value in sorted(counts):
        print(f"{value:>3} {'*' * (counts[value] // 4)}")


walkers = [Walker(seed) for seed in (1, 2, 3)]
print([walker.walk(100) for walker in walkers], [(w.x, w.y) for w in walkers])
rng = random.Random(42)
bar(Counter(dice(2, 6, rng) for _ in range(300)))
random.seed(7)
print(estimate_pi(2000), round(random.uniform(1, 10), 6), random.randrange(0, 100, 5))
deck = [f"{rank}{suit}" for suit in "SH" for rank in "A23"]
random.shuffle(deck)
print(deck, random.sample(range(1000), 5), random.sample(deck, 2))
wheel = random.choices(["win", "lose", "again"], weights=[1, 7, 2], k=12)
print(Counter(wheel).most_common(), "".join(random.choices("ab", k=8)))
print(round(random.gauss(0, 1), 6), round(random.expovariate(2), 6), round(random.triangular(0, 10, 3), 6))
print(random.getrandbits(40), random.Random("text").random(), round(random.betavariate(2, 3), 6))
state = random.Random(5)
first = [state.random() for _ in range(2)]
print(first == [random.Random(5).random(), first[1]], len(set(first)))
