def search(xs, want):
    i = 0
    while i < len(xs):
        if xs[i] == want:
            print("found", i)
            break
        i += 1
    else:
        print("not found")
    for x in xs:
        if x == want:
            break
    else:
        return "for-else"
    return "broke"


print(search([1, 2], 2), search([1, 2], 5), search([], 1))
for i in range(3):
    for j in range(3):
        if j == 2:
            continue
        if i == 2:
            break
        print(i, j)
    else:
        print("inner done", i)
n = 0
while True:
    n += 1
    if n % 2:
        continue
    if n > 6:
        break
    print(n, end=" ")
print()
while n > 0:
    n -= 3
else:
    print("else", n)
for k in []:
    pass
else:
    print("empty else")
print(i, j)
