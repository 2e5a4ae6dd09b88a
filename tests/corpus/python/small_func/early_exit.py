def first_even(xs):
    for x in xs:
        if x % 2 == 0:
            return x
    return None


for xs in ([1, 3, 4], [1], [], [2]):
    found = first_even(xs)
    print("none" if found is None else found * 10)
