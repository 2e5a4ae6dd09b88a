def pig(word):
    for i, c in enumerate(word):
        if c in "aeiou":
            return word[i:] + word[:i] + "ay"
    return word + "ay"


print(" ".join(pig(w) for w in "the quick brown fox".split()), pig("apple"), pig("shh"), pig(""))
