"""A pipeline of iterators: batches, windows, runs, products and merges."""

from itertools import (
    accumulate,
    chain,
    combinations,
    compress,
    count,
    cycle,
    dropwhile,
    groupby,
    islice,
    pairwise,
    permutations,
    product,
    repeat,
    starmap,
    takewhile,
    tee,
    zip_longest,
)


def batches(items, size):
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def windows(items, size):
    items = list(items)
    for start in range(len(items) - size + 1):
        yield tuple(items[start : start + size])


def runs(text):
    return "".join(f"{letter}{len(list(group))}" for letter, group in groupby(text))


def primes():
    found = []
    for candidate in count(2):
        if all(candidate % p for p in takewhile(lambda p: p * p <= candidate, found)):
            found.append(candidate)
            yield candidate


print(list(batches(range(7), 3)))
print(list(windows("abcde", 3)))
print(runs("aaabccdddd"))
print(list(islice(primes(), 10)))
print(list(accumulate([3, 1, 4, 1, 5])), list(accumulate([3, 1, 4, 1, 5], max)))
print(list(accumulate([1, 2, 3, 4], lambda a, b: a * b, initial=10)))
print(list(chain.from_iterable([[1], [2, 3], []])), list(chain("ab", "cd")))
print(["".join(c) for c in combinations("abcd", 2)])
print(len(list(permutations(range(4)))), list(permutations("abc", 2))[:3])
print([a + b for a, b in product("xy", "12")], list(product([0, 1], repeat=2)))
print(list(compress("abcdef", [1, 0, 1, 0, 1, 1])))
print(list(dropwhile(lambda n: n < 3, [1, 2, 3, 2, 1])))
print(list(zip_longest([1, 2, 3], "ab", fillvalue="-")))
print(list(starmap(pow, [(2, 5), (3, 2)])), list(repeat("z", 3)))
print([colour for colour, _ in zip(cycle(["red", "green"]), range(5))])
first, second = tee([1, 2, 3])
print(list(first), sum(second))
print([b - a for a, b in pairwise([1, 4, 9, 16])])
words = sorted(["apple", "bob", "cat", "arm", "bee"], key=lambda w: w[0])
for letter, group in groupby(words, key=lambda w: w[0]):
    print(letter, list(group))
