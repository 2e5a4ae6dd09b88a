samples = ["", "abc", "abc1", "12", "½", "²", "٣", " \t", "a b", "ABC", "_x", "1x", "été", "\n", "日本"]
for s in samples:
    print(repr(s), s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isidentifier(), s.isprintable(), s.isascii())
