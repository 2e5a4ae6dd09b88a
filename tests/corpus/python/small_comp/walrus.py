print([y for x in range(5) if (y := x * x) > 3], [half for n in (4, 5, 8) if (half := n / 2) == int(half)])
if (n := len([1, 2, 3])) > 2:
    print("long", n)
while (n := n - 1) > 0:
    print(n)
