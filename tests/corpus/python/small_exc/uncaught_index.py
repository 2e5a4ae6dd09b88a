xs = [1, 2, 3]
total = 0
for i in range(5):
    total += xs[i]
    print(total)
