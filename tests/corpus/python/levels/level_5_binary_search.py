"""Level 5: a search without annotations, called with lists of several types."""


def binary_search(items, target):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == target:
            return middle
        if items[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return -1


print(binary_search([1, 3, 5, 7, 9, 11], 7), binary_search([1, 3, 5], 4), binary_search([], 1))
print(binary_search(["ant", "bee", "cat", "dog"], "dog"), binary_search([0.5, 1.5, 2.5], 1.5))
seed = 12345
wrong = 0
for size in range(60):
    values = []
    for _ in range(size):
        seed = (seed * 1103515245 + 12345) % 2**31
        values.append(seed % 97)
    values = sorted(set(values))
    for wanted in range(97):
        found = binary_search(values, wanted)
        wrong += (found >= 0) != (wanted in values) or (found >= 0 and values[found] != wanted)
print(wrong)
