print("hello".translate({ord("l"): None, ord("h"): "J"}))
table = {ord("a"): "1", ord("b"): None}
print("abc".translate(table))
