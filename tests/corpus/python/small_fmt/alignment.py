for s in ("a", "abc", "abcdef"):
    print(f"|{s:<5}|{s:>5}|{s:^5}|{s:*^7}|{s:.2}|")
for n in (0, 5, -42, 12345):
    print(f"|{n:5d}|{n:<6}|{n:^6}|{n:06}|{n:+}|{n:,}|")
