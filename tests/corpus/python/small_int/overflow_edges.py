top = 9223372036854775807
values = [top, -top - 1, top - 1]
for v in values:
    print(v + 1, v - 1, v * 2, -v, abs(v), v // 2, v % 10)
x = 1
for i in range(70):
    x = x + x
print(x)
count = 0
n = top
while n < top + 3:
    n += 1
    count += 1
print(count, n)
