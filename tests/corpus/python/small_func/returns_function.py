def multiplier(k):
    def multiply(x):
        return x * k

    return multiply


double, triple = multiplier(2), multiplier(3)
print(double(5), triple(5), double(triple(2)), multiplier(10)(4), [m(1) for m in (double, triple)])
