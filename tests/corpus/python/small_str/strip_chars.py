print("xxabcxx".strip("x"), "abcba".strip("ab"), "  a ".lstrip() + "|", "a\n".rstrip("\n"), repr("\t x \n".strip()))
print("www.example.com".lstrip("w."), "1,2,3,".rstrip(","), "".strip("x") == "")
