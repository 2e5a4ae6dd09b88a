def grade(score):
    if score >= 90:
        return "A"
    elif score >= 80:
        return "B"
    elif score >= 70:
        return "C"
    return "F"


print([grade(s) for s in (95, 85, 75, 10)])
x = 5
print("big" if x > 3 else "small", "a" if x == 1 else "b" if x == 5 else "c")
y = x if x else None
print(y, not x, x and "yes", x or "no", 0 or "" or None or "last", 1 and 2 and 3, [] and 1, not [])
if x > 3 and (x < 10 or x == 99) and not x == 6:
    print("ok")
print(1 < x < 10, 1 < x > 3, x == 5 == 5, 1 < 2 < 3 < 4, 3 in [1, 2, 3] and 4 not in [3], None is None)
if (n := len("abc")) > 2:
    print("walrus", n)
while (x := x - 1) > 2:
    print("x", x)
if []:
    print("never")
elif {}:
    print("never")
elif "":
    print("never")
else:
    print("falsy")
pass
print(x if (x := 3) else 0, bool([0]), bool({}), bool("0"), bool(0.0))
