from functools import reduce
import operator

print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(operator.add, [1, 2], 10), reduce(lambda a, b: max(a, b), [3, 9, 4]))
