"""Words of a text: counts, n-grams, an index by letter, and anagrams."""

import re
import string
from collections import Counter, defaultdict
from itertools import islice

TEXT = """
It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness, it was the epoch of belief... Listen! A silent
inlets dog; the god of tinsel enlists.
"""


def words(text):
    return re.findall(r"[a-z']+", text.lower())


def ngrams(items, size):
    return zip(*(islice(items, start, None) for start in range(size)))


def bars(counts, width=20):
    top = max(counts.values())
    for word, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{word:<8}{'=' * (count * width // top)} {count}")


found = words(TEXT)
counts = Counter(found)
print(len(found), len(counts))
bars({word: count for word, count in counts.items() if count > 2})
pairs = Counter(tuple(found[i : i + 2]) for i in range(len(found) - 1))
print([(" ".join(pair), count) for pair, count in pairs.most_common(3)])
index = defaultdict(set)
for word in found:
    index[word[0]].add(word)
for letter in string.ascii_lowercase:
    if len(index.get(letter, ())) > 2:
        print(letter, sorted(index[letter]))
anagrams = defaultdict(list)
for word in dict.fromkeys(found):
    anagrams["".join(sorted(word))].append(word)
print([group for group in anagrams.values() if len(group) > 1])
lengths = Counter(map(len, found))
print(sorted(lengths.items()), sum(lengths.elements()) / len(found))
letters = Counter(c for c in TEXT.lower() if c.isalpha())
letters.subtract(Counter("etaoin" * 5))
print([(c, n) for c, n in sorted(letters.items()) if n < 3][:8])
print((Counter("banana") & Counter("cabana")), Counter("ab") + Counter("bc"), +Counter(a=2, b=-1))
table = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[13:] + string.ascii_lowercase[:13])
print(" ".join(found[:4]).translate(table))
