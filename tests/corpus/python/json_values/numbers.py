"""Values of JSON where numbers are wanted."""

import math
import json

VALUES = json.loads('[1, "a", null, 2.5, [1, 2], {"k": 1}, true, [], "", "2026-01-02", -3, 1e400]')


def shown(error):
    print(type(error).__name__, error)


for x in VALUES:
    try:
        print(x + 1)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(1 + x)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x * 2)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(-x)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x < 2)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(int(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(float(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(abs(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(math.sqrt(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(pow(x, 2))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(min(x, 3))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x // 2)
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(x | 1)
    except Exception as error:
        shown(error)
