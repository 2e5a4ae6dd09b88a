def total(*numbers, scale=1):
    result = 0
    for n in numbers:
        result += n
    return result * scale


print(total(), total(1), total(1, 2, 3), total(*[4, 5]), total(1, 2, scale=10), total(*range(4), 100))
print(total(1.5, 2), total(2**63, 1))
