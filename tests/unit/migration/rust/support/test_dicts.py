from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def delete(a, key):
    del a[key]


def fill(a, start):
    for number in range(start, start + 40):
        a[number * 7 % 41] = number


def empty(a):
    for number in range(50):
        a.pop(number, None)


def move(a, key):
    a[key] = a.pop(key)


def looped(a, key):
    count = 0
    for number in a:
        count += number
        if count % 5 == 0:
            a[key] = count
    return count


VERBS = {
    "set": lambda a, _b, key, value: a.__setitem__(key, value),
    "add": lambda a, _b, key, value: a.__setitem__(key, a.get(key, 0) + value),
    "update": lambda a, b: a.update(b),
    "update_self": lambda a, _b: a.update(a),
    "clear": lambda a, _b: a.clear(),
    "fill": lambda a, _b, start: fill(a, start),
    "empty": lambda a, _b: empty(a),
    "del": lambda a, _b, key: delete(a, key),
    "pop": lambda a, _b, key: a.pop(key),
    "popitem": lambda a, _b: a.popitem(),
    "move": lambda a, _b, key: move(a, key),
    "get": lambda a, _b, key: str(a.get(key)),
    "get_or": lambda a, _b, key: a.get(key, -1),
    "item": lambda a, _b, key: a[key],
    "contains": lambda a, _b, key: key in a,
    "setdefault": lambda a, _b, key, value: a.setdefault(key, value),
    "pop_or": lambda a, _b, key: a.pop(key, -1),
    "views": lambda a, _b: (a.keys(), a.values(), a.items(), len(a)),
    "reversed": lambda a, _b: (list(reversed(a)), list(reversed(a.items()))),
    "merged": lambda a, b: a | b,
    "copy": lambda a, _b: a.copy(),
    "equal": lambda a, b: (a == b, a == a.copy()),
    "loop": lambda a, _b, key: looped(a, key),
    "common": lambda a, b: a.keys() & b.keys(),
    "either": lambda a, b: a.keys() | b.keys(),
    "only": lambda a, b: a.keys() - b.keys(),
    "one": lambda a, b: a.keys() ^ b.keys(),
}
KEYED = {"del", "pop", "move", "get", "get_or", "item", "contains", "pop_or", "fill", "loop"}
PAIRED = {"set", "add", "setdefault"}


def run(script):
    a, b, out = {}, {}, []
    for step in script.split(";"):
        verb, *words = step.split(" ")
        said = None
        if verb == "swap":
            a, b = b, a
        else:
            try:
                said = VERBS[verb](a, b, *map(int, words))
            except Exception as error:  # noqa: BLE001 - which exception it is, is the answer.
                said = f"{type(error).__name__}: {error}"
        out.append(f"{'' if said is None else said} {a}")
    return "|".join(out)


TABLE = {"dicts.script": run}


def script(draw: random.Random) -> str:
    span = draw.choice([4, 12, 45])
    steps = []
    for _ in range(draw.randrange(3, 40)):
        verb = draw.choice([*VERBS, "swap", "set", "set", "set", "del"])
        count = 1 if verb in KEYED else 2 if verb in PAIRED else 0
        steps.append(" ".join([verb, *(str(draw.randrange(span)) for _ in range(count))]))
    return ";".join(steps)


def test_scripts_answer_as_in_cpython():
    draw = drawing(1)
    assert differences(TABLE, [("dicts.script", script(draw)) for _ in range(4000)]) == []
