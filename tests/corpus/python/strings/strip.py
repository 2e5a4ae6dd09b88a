s = "  xx hello xx  "
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), repr(s.strip(" x")), repr("xyxhixyx".lstrip("xy")), repr("abc".rstrip("cb")))
print("prefix-body".removeprefix("prefix-"), "body.py".removesuffix(".py"), "abc".removeprefix("x"), "abc".removesuffix(""))
print(repr("\t\n a\u3000".strip()), repr("".strip()), repr("...".strip(".")))
print("a".center(7, "*"), "a".ljust(4) + "|", "a".rjust(4, "0"), "-42".zfill(6), "+7".zfill(4), "abc".zfill(2), "ab".center(5) + "|", "abc".center(6, "-"))
