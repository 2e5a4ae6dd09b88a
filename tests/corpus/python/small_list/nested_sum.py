def deep(x):
    total = 0
    for item in x:
        if isinstance(item, list):
            total += deep(item)
        else:
            total += item
    return total


print(deep([1, [2, [3, 4], []], 5]), deep([]), deep([[[]]]))
