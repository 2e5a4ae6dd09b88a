def reverse_words(text):
    return " ".join(word[::-1] for word in text.split(" "))


print(reverse_words("hello big world"), reverse_words(""), reverse_words("a  b"))
print(" ".join("the quick fox".split()[::-1]), "".join(reversed("abc")))
print(list(reversed("héy")), "abc"[::-1] == "".join(reversed("abc")))
for c in reversed("xyz"):
    print(c, end="")
print()
