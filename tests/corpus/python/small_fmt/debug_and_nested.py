value, width = 7, 6
print(f"{value=} {value * 2 = } {width=:>4}", f"{value:{width}}|{value:<{width}}|{3.14159:.{2}f}")
print(f"{'a' if value > 5 else 'b'} {[i for i in range(3)]} {({'k': 1})['k']} {max(1, 2)!r}")
