def evens(n):
    for i in range(n):
        if i % 2 == 0:
            yield i


def squared(it):
    for x in it:
        yield x * x


print(list(squared(evens(10))), sum(squared(evens(5))), list(zip(evens(4), squared(evens(4)))))
print(list(enumerate(evens(5))), max(evens(9)), sorted(evens(7), reverse=True), 4 in evens(6), list(map(str, evens(3))))
