"""Values of JSON where methods of texts want one."""

import json

VALUES = json.loads('[1, "a", null, 2.5, [1, 2], {"k": 1}, true, [], "", "2026-01-02", -3, 1e400]')


def shown(error):
    print(type(error).__name__, error)


for x in VALUES:
    try:
        print("abc".startswith(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("abc".replace(x, "z"))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("a-b".split(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("abc".find(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("abc".removeprefix(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("abc" + x)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x.upper())
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x.strip())
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(f"{x}")
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(str(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("{}".format(x))
    except Exception as error:
        shown(error)
