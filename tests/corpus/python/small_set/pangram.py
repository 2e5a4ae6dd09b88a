def is_pangram(text):
    return set("abcdefghijklmnopqrstuvwxyz") <= set(text.lower())


print(is_pangram("The quick brown fox jumps over the lazy dog"), is_pangram("hello"))
print(sorted(set("hello") & set("world")), len(set("mississippi")), sorted(set("abc") - set("b")))
