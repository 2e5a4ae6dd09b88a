x = 10
x += 5
x -= 3
x *= 4
print(x)
x //= 5
x %= 7
x **= 5
print(x)
x <<= 60
x >>= 2
x |= 1
x &= ~8
x ^= 0b1010
print(x)
y = 7
y /= 2
print(y)
z = [1, 2, 3]
z[0] += 10
z[-1] *= 5
z += (7, 8)
z *= 2
print(z)
d = {"a": 1}
d["a"] += 2**64
d["a"] -= 1
print(d)
s = "ab"
s += "c"
s *= 3
print(s)
t = (1,)
t += (2, 3)
print(t)
