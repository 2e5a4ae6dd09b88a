def filled(n, step):
    return [[float((i * step + j) % 10) for j in range(n)] for i in range(n)]


def product(a, b):
    n = len(a)
    total = 0.0
    for i in range(n):
        for j in range(n):
            found = 0.0
            for k in range(n):
                found = found + a[i][k] * b[k][j]
            total = total + found
    return total


print(product(filled(180, 3), filled(180, 7)))
