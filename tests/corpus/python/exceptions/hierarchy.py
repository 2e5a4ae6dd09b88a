errors = [ValueError("v"), KeyError("k"), IndexError("i"), ZeroDivisionError("z"), OSError("o"), TypeError("t"), AttributeError("a"), OverflowError("f")]
for error in errors:
    try:
        raise error
    except ArithmeticError as e:
        print("arithmetic", e)
    except LookupError as e:
        print("lookup", e)
    except (OSError, TypeError) as e:
        print("pair", e)
    except Exception as e:
        print("rest", type(e).__name__, e)
print(issubclass(KeyError, LookupError), issubclass(ValueError, Exception), isinstance(errors[0], ValueError))


def nested(n):
    try:
        try:
            if n == 0:
                raise ValueError("inner")
            if n == 1:
                raise KeyError("inner")
            return "none"
        except ValueError as e:
            return f"inner caught {e}"
        finally:
            print("inner finally", n)
    except KeyError as e:
        return f"outer caught {e}"
    finally:
        print("outer finally", n)


print([nested(n) for n in range(3)])
