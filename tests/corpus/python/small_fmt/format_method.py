print("{} {}".format(1, 2), "{1}-{0}".format("a", "b"), "{name}:{n:>4}".format(name="x", n=5), "{:.1f}|{:<4}|{:^5}".format(2.25, "a", "b"))
print("{0[1]} {1[k]}".format([1, 2], {"k": "v"}), "{:,}".format(1234567), "{!r}".format("s"), "{:08.3f}".format(3.14159))
