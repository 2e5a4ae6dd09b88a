s = "abcdefgh"
print(s[0], s[-1], s[2:5], s[:3], s[5:], s[-3:], s[:-3], s[::2], s[::-1], s[1::3], s[-2::-2], s[5:2], s[2:100], s[-100:2], s[5:2:-1])
u = "añb😀c日"
print(u[1], u[3], u[-1], u[::-1], u[2:5], len(u), [c for c in u], u.index("😀"))
for i in (8, -9, 100):
    try:
        print(s[i])
    except IndexError as error:
        print(i, error)
print(""[:5] == "", ""[::-1] == "", s[:] == s, s[0:0] == "")
a, b, *c = "hello"
print(a, b, c)
