print("a\tb\\n\x41\u00e9\N{BULLET}", 'single \'quoted\'', """triple
line""", r"raw\n", "joined " "literals", b"\x00bytes")
print(repr("a\tb\\n\x41\u00e9\N{BULLET}"), repr(r"raw\n"), len("\n"), len(r"\n"), "\101\60")
multi = """\
first
  second
"""
print(multi, end="")
print(repr(multi), multi.count("\n"))
print("a\
b")
print("%", "{}", "{{}}", f"{{}}", f"{'nested'}", f"{1 + 1}{'a' 'b'}")
