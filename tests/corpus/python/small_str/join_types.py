print(", ".join(["a", "b"]), "-".join("abc"), "".join(str(i) for i in range(5)), "|".join({"k": 1, "j": 2}))
print("\n".join(sorted({"b", "a"})), " ".join(map(str, [1, 2.5, None])), "x".join([]), "x".join(["only"]))
