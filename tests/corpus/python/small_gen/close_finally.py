def lines(log):
    try:
        for i in range(5):
            yield i
    finally:
        log.append("closed")


log = []
for x in lines(log):
    pass
print(log)
g = lines(log)
next(g)
g.close()
print(log)
