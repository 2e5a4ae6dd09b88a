def attempt(f):
    try:
        print(f())
    except (ValueError, TypeError, KeyError, IndexError) as e:
        print(type(e).__name__, e)


attempt(lambda: f"{'abc':d}")
attempt(lambda: f"{5:s}")
attempt(lambda: f"{5:.2}")
attempt(lambda: f"{2.5:x}")
attempt(lambda: f"{'a':+}")
attempt(lambda: f"{5:q}")
attempt(lambda: "{:d}".format(2.5))
attempt(lambda: format("a", "5d"))
attempt(lambda: f"{1234:,d} {12:>+6}")
attempt(lambda: f"{2**70:,} {2**70:e} {2**70:x}")
