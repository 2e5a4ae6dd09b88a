files = ["a.py", "b.txt", "c.md", "test_d.py"]
print([f for f in files if f.endswith((".py", ".md"))], [f for f in files if f.startswith(("a", "test_"))])
print("abc".startswith("b", 1), "abc".endswith("b", 0, 2), "abc".startswith(""), "".endswith("x"))
