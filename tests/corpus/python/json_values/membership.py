"""Values of JSON that are looked for, and looked into."""

import json

VALUES = json.loads('[1, "a", null, 2.5, [1, 2], {"k": 1}, true, [], "", "2026-01-02", -3, 1e400]')


def shown(error):
    print(type(error).__name__, error)


for x in VALUES:
    try:
        print(x in ["a", "b"])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x in {"a": 1})
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x in {1, 2})
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x in "abc")
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("a" in x)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x == 1)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x != "a")
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x is None)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(not x)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x and 1)
    except Exception as error:
        shown(error)
