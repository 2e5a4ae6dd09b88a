"""The list of arguments is one list, and a program may change it."""

import sys

sys.argv.append("x")
print(len(sys.argv), sys.argv[-1])
words = sys.argv
words[0] = "program"
print(sys.argv)
while len(sys.argv) > 1:
    print(sys.argv.pop())
print(words)
