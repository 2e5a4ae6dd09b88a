def validate(record):
    problems = []
    for key, check in (("name", str.isalpha), ("age", str.isdigit)):
        try:
            if not check(record[key]):
                raise ValueError(f"{key} is {record[key]!r}")
        except KeyError as e:
            problems.append(f"missing {e}")
        except ValueError as e:
            problems.append(str(e))
    return problems


for record in ({"name": "ann", "age": "3"}, {"name": "a1"}, {"age": "x"}, {}):
    print(validate(record))


def safe_div(a, b):
    try:
        return a / b, None
    except (ZeroDivisionError, TypeError) as e:
        return None, e


for args in ((1, 2), (1, 0)):
    value, error = safe_div(*args)
    print(value, error if error is None else type(error).__name__)
errors = {}
for text in ("1", "a", "2.5", ""):
    try:
        errors[text] = int(text)
    except ValueError as e:
        errors[text] = str(e)
print(errors)
