import random

random.seed(42)
print(random.random(), random.random(), random.randint(1, 6), random.randrange(0, 100, 5), random.randrange(10))
print(random.choice([10, 20, 30]), random.choice("abc"), random.uniform(1, 2), random.getrandbits(16), random.gauss(0, 1))
xs = list(range(10))
random.shuffle(xs)
print(xs, random.sample(range(100), 5), random.sample(xs, 3), random.choices([1, 2, 3], k=4), random.choices("ab", weights=[1, 9], k=5))
random.seed("text")
print(random.random(), random.randint(0, 2**70), random.triangular(0, 1, 0.5), random.expovariate(2.0), random.normalvariate(0, 1))
rng = random.Random(7)
print(rng.random(), rng.randint(1, 10), rng.choice((1, 2)), [rng.randrange(6) for _ in range(8)])
other = random.Random(7)
print(other.random() == random.Random(7).random(), random.betavariate(1, 2), random.paretovariate(3))
