import sys


def check(n):
    if n > 2:
        print("too many")
        sys.exit(3)
    return n


try:
    sys.exit("text")
except SystemExit as e:
    print("exit", e.code)
try:
    check(5)
except SystemExit as e:
    print("code", e.code)
finally:
    print("done")
for i in range(5):
    print(check(i))
