"""Values of JSON where the library wants texts and bytes."""

import base64
import json
import re
from datetime import date, timedelta

VALUES = json.loads('[1, "a", null, 2.5, [1, 2], {"k": 1}, true, [], "", "2026-01-02", -3, 1e400]')


def shown(error):
    print(type(error).__name__, error)


for x in VALUES:
    try:
        print(date.fromisoformat(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(base64.b64decode(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(json.loads(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(json.dumps(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(re.match("a", x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(timedelta(days=x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(chr(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(range(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(bool(x))
    except Exception as error:
        shown(error)
for x in VALUES:
    try:
        print(repr(x))
    except Exception as error:
        shown(error)
