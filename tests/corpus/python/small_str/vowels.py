VOWELS = set("aeiou")


def count_vowels(text):
    return sum(1 for c in text.lower() if c in VOWELS)


for word in ("Education", "rhythm", "", "AEIOU"):
    print(word, count_vowels(word), [i for i, c in enumerate(word) if c.lower() in VOWELS])
