import random

random.seed(1)
print(random.randint(1, 10), random.random(), random.choice("abc"), random.sample(range(10), 3))
xs = [1, 2, 3, 4]
random.shuffle(xs)
print(xs)
