calls = 0


def tick():
    global calls
    calls += 1
    return calls


print(tick(), tick(), calls)
log = []


def note(text):
    log.append(text)


note("a")
note("b")
print(log, calls)
