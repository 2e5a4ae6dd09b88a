"""Values of JSON as keys and places, and what is looked up in them."""

import json

VALUES = json.loads('[1, "a", null, 2.5, [1, 2], {"k": 1}, true, [], "", "2026-01-02", -3, 1e400]')


def shown(error):
    print(type(error).__name__, error)


for x in VALUES:
    try:
        print(x[0])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x["k"])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x.get("k"))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x.items())
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print("abc"[x])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(["a", "b"][x])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print({"a": 1}[x])
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print({"a": 1}.get(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print({"a": 1}.get(x, 7))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(len(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(list(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(tuple(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(all(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(any(x))
    except Exception as error:
        shown(error)
