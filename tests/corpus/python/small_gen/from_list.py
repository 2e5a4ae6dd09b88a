def flatten(x):
    for item in x:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


print(list(flatten([1, [2, [3, [4]], 5]])), list(flatten([])), sum(flatten([[1], [2, [3]]])))
