a = 1 + 2j
b = complex(3, -1)
print(a + b, a - b, a * b, a / b, -a, abs(3 + 4j), a.real, a.imag, a.conjugate(), a == 1 + 2j, a**2)
print(1j * 1j, complex(5), complex("1+2j"), 2j, -1j, repr(a), [a], complex(1.5, 0))
import cmath

print(cmath.sqrt(-1), cmath.phase(1j), abs(cmath.exp(1j * cmath.pi) + 1) < 1e-12)


def roots(p, q, r):
    d = cmath.sqrt(q * q - 4 * p * r)
    return (-q + d) / (2 * p), (-q - d) / (2 * p)


print(roots(1, 2, 5), roots(1, -3, 2))
z = 0
for i in range(5):
    z = z * z + (0.1 + 0.2j)
print(abs(z) < 2)
