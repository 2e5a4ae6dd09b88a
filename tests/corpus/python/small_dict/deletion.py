d = {i: i * i for i in range(6)}
for k in [k for k in d if k % 2]:
    del d[k]
print(d, d.pop(0), d.pop(99, "none"), d)
d[7] = 49
d.pop(2)
d[2] = "again"
print(d, list(d.items())[-1])
