for s in ("hello World", "ÀÉ straße", "ǆabc", "123abc", "", "they're bill's", "ΑΣ"):
    print(repr(s.upper()), repr(s.lower()), repr(s.title()), repr(s.capitalize()), repr(s.swapcase()), repr(s.casefold()))
print("abc".islower(), "aBc".islower(), "ABC1".isupper(), "1".isupper(), "Title Case".istitle(), "tiTle".istitle())
