for value in ("5", "x", None, [1]):
    try:
        print(int(value) + 1)
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
