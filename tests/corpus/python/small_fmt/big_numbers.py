n = 2**80
print(f"{n} {n:,} {n:x} {n:e} {n:>30}", "{:d}".format(n), "%d" % n, str(n)[:5], f"{-n:,}")
