name, n, x = "Ann", 42, 3.14159
print(f"{name} {n} {x}", f"{name!r} {name!s} {name!a}", f"{n:5}|{n:<5}|{n:^5}|{n:>5}|{n:05}|{n:+}|{n: }")
print(f"{x:.2f} {x:8.3f}|{x:<8.1f}|{x:e} {x:.1e} {x:g} {x:.3g} {x:%} {x:.1%}")
print(f"{n:b} {n:o} {n:x} {n:X} {n:#x} {n:#b} {n:#o} {n:08b} {n:c} {n:,} {1234567:,} {1234567:_} {1234567.891:,.2f}")
print(f"{name:>10}|{name:*^9}|{name:.2}|{name:5}|{name:<5}|")
w, p = 10, 3
print(f"{x:{w}.{p}f}|{name:{w}}|{x:{'>'}{w}}")
print(f"{n=} {x=:.1f} {name=} {n + 1=}", f"{{braces}}", f"{'a' + 'b'}", f"{[1, 2]} {(1,)} {None} {True}", f"{n if n > 3 else 0}")
print(f"{-5:05} {-5:+} {0:+} {-0.0:.1f} {5:<3}| {1e10:.3g} {1e-7} {100000.0:g} {1e6:g} {123456789.0:g}")
print(f"{True:5}|{True}|{None!s:>6}|{[1]!s:>6}|", f"{'x':>{n // 8}}", f'{"nested"}')
