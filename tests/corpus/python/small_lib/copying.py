import copy

a = [[1], [2]]
b, c = copy.copy(a), copy.deepcopy(a)
a[0].append(9)
a.append([3])
print(a, b, c)
