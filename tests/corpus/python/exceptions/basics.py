def attempt(f):
    try:
        value = f()
    except ZeroDivisionError:
        return "zero"
    except (KeyError, IndexError) as e:
        return f"lookup {type(e).__name__} {e}"
    except ValueError as e:
        return f"value {e}"
    except Exception as e:
        return f"other {type(e).__name__}: {e}"
    else:
        return f"fine {value}"
    finally:
        print("finally")


def boom():
    raise RuntimeError("boom", 42)


print(attempt(lambda: 1 // 0))
print(attempt(lambda: {}["k"]))
print(attempt(lambda: [][3]))
print(attempt(lambda: int("x")))
print(attempt(boom))
print(attempt(lambda: 7))
