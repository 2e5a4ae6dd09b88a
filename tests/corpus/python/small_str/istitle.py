for s in ("Hello World", "hello", "HELLO", "H", "", "Hello world", "A1b"):
    print(repr(s), s.istitle(), s.isupper(), s.islower(), s.title())
