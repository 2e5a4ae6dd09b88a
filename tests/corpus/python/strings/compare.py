words = ["banana", "Apple", "cherry", "apple", "", "Banana", "app", "été", "zoo"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len), sorted(words, reverse=True))
print("a" < "b", "a" < "B", "abc" < "abd", "ab" < "abc", "" < "a", "a" == "a", "a" != "A", "Z" < "a", "10" < "9")
print(max(words), min(words), max(words, key=len), sorted(words, key=lambda w: (len(w), w)))
print("a" * 3 == "aaa", "abc" is not None, bool(""), bool(" "))
