print()
print("a", "b", sep="")
print("a", "b", sep="-", end="!\n")
print(1, 2.0, None, True, "s", [1, "x"], (1,), {"a": 1}, {1}, b"b", sep="|")
print(*[1, 2, 3])
print(*"abc", sep=",")
print(*[], end="empty\n")
print("no newline", end="")
print()
print("multi\nline", "tab\tbed")
print("%s" % "x", end=" ")
print("y", flush=True)
xs = [1.0, "a", None]
print(xs, *xs, sep="\n")
import sys

print("to stderr", file=sys.stderr)
sys.stdout.write("written\n")
print("done", file=sys.stdout)
