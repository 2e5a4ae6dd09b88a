print("a,b,,c".split(","), "a b  c".split(), "".split(), "".split(","), " a ".split(" "), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1))
print("a  b c d".split(None, 2), "a b c".rsplit(None, 1), "abc".split("b"), "aXXbXXc".split("XX"))
print("one\ntwo\r\nthree\rfour\n".splitlines(), "a\nb".splitlines(True), "".splitlines(), "\n".splitlines())
print("key=value=x".partition("="), "abc".partition("-"), "key=value=x".rpartition("="), "abc".rpartition("-"))
print(",".join(["a", "b", "c"]), "".join([]), "-".join("xyz"), ", ".join(str(i) for i in range(5)))
try:
    "abc".split("")
except ValueError as error:
    print(error)
first, *rest = "a b c d".split()
print(first, rest)
