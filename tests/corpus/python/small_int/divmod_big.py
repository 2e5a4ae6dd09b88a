a, b = 10**30 + 7, 10**9 + 7
print(divmod(a, b), a // -b, a % -b, -a // b, -a % b)
print(a // b * b + a % b == a, (a * b) // b == a)
print(divmod(7, -(10**20)), divmod(-7, 10**20))
