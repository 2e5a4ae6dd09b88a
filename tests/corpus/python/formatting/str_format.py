print("{} {}".format(1, "a"), "{1} {0}".format("x", "y"), "{a} {b!r}".format(a=1, b="q"), "{0.real} {1[0]}".format(5, [7]))
print("{:>5}|{:<5}|{:^5}|{:05d}".format(1, 2, 3, 4), "{:.3f}".format(2 / 3), "{:,}".format(10**9), "{:x}".format(255))
print("{0} {0} {1}".format("a", "b"), "{{}} {}".format(1), "{:{}}|".format("x", 5), "{:{w}.{p}f}".format(3.14159, w=8, p=2))
print("{:%}".format(0.25), "{:+.1e}".format(12345.6), "{!r:>6}".format("a"), "{:*^20}".format(" hi "), "{:b}".format(10))
print("{name:>8}|{value:8.2f}".format(name="pi", value=3.14159), "-".join("{:02d}".format(i) for i in range(3)))
template = "Dear {}, you owe {:.2f}"
for who, what in (("Ann", 5), ("Bob", 2.5)):
    print(template.format(who, what))
print(format(3.14159, ".2f"), format(255, "08b"), format("a", ">4"), format(5), format(1234567, ","), format(True), format(None))
try:
    "{}".format()
except IndexError as e:
    print(e)
try:
    "{x}".format(y=1)
except KeyError as e:
    print(e)
