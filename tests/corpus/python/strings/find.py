s = "hello world, hello moon"
print(s.find("hello"), s.find("hello", 1), s.rfind("hello"), s.find("xyz"), s.index("o"), s.rindex("o"), s.find("o", 5, 8), s.find(""))
print(s.count("l"), s.count("hello"), s.count("o", 5), "aaaa".count("aa"), "abc".count(""), s.find("o", -4), s.rfind("o", 0, -1))
print(s.startswith("hell"), s.startswith("world", 6), s.endswith("moon"), s.endswith(("sun", "moon")), s.startswith(("a", "h")), "".startswith(""))
print("lo" in s, "" in s, "xyz" not in s)
for bad in ("index", "rindex"):
    try:
        if bad == "index":
            s.index("zzz")
        else:
            s.rindex("zzz")
    except ValueError as error:
        print(bad, error)
