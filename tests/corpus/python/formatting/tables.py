rows = [("apple", 3, 1.5), ("fig", 12, 0.25), ("watermelon", 1, 13.0)]
width = max(len(r[0]) for r in rows)
print("-" * (width + 16))
for name, count, price in rows:
    print(f"{name:<{width}} {count:>4d} {price:>9.2f}")
print("=" * (width + 16))
print(f"{'total':<{width}} {sum(c for _, c, _ in rows):>4d} {sum(c * p for _, c, p in rows):>9.2f}")
for i in range(1, 5):
    print(" " * (4 - i) + "*" * (2 * i - 1))
for i in range(1, 4):
    print(" ".join(f"{i * j:3}" for j in range(1, 6)))
print("|".join(str(c).center(7) for c in ("id", "name", 3.5)))
print("\n".join("".join("#" if (r + c) % 2 else "." for c in range(6)) for r in range(3)))
