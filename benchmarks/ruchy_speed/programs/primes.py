def count(limit):
    marks = [True] * (limit + 1)
    found = 0
    for n in range(2, limit + 1):
        if marks[n]:
            found += 1
            m = n * n
            while m <= limit:
                marks[m] = False
                m += n
    return found


print(count(3000000))
