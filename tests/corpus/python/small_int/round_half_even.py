print([round(x / 2) for x in range(-5, 6)], [round(x, 1) for x in (0.25, 0.35, 2.45)])
print(round(12345, -2), round(15, -1), round(25, -1), round(-1.5), round(1e15 + 0.3))
