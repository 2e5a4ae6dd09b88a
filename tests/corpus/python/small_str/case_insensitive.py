names = ["bob", "Alice", "carol", "ALICE"]
print(sorted(names, key=str.lower), sorted(names), sorted(names, key=lambda n: (n.lower(), n)))
print("HeLLo".swapcase(), "straße".casefold() == "STRASSE".casefold(), "hello world".title(), "o'neil".title())
