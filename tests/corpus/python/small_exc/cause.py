try:
    try:
        int("q")
    except ValueError as e:
        raise RuntimeError("wrapped") from e
except RuntimeError as e:
    print(e, "|", e.__cause__)
