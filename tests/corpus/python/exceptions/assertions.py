def mean(xs):
    assert len(xs) > 0, "empty list"
    assert all(isinstance(x, (int, float)) for x in xs), f"bad items in {xs}"
    return sum(xs) / len(xs)


print(mean([1, 2]))
for bad in ([],):
    try:
        mean(bad)
    except AssertionError as e:
        print("assertion", e, e.args)
try:
    assert 1 == 2
except AssertionError as e:
    print("plain", repr(str(e)), repr(e))
try:
    raise StopIteration(5)
except StopIteration as e:
    print(e.value)
try:
    raise KeyError
except KeyError as e:
    print(repr(e), str(e), e.args)
try:
    raise NotImplementedError("later")
except RuntimeError as e:
    print(type(e).__name__, e)
assert True
assert mean([3]) == 3, "unreached"
