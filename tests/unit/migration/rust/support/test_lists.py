from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def bound(word):
    return None if word == "-" else int(word)


def numbers(words):
    return [int(word) for word in words]


def assign(items, place, values):
    items[place] = values


def delete(items, place):
    del items[place]


def times(items, count):
    items *= count


def unpacked(items):
    a, b, c = items
    return [a, b, c]


def unpacked_rest(items):
    first, *rest, last = items
    return ([first], rest, [last])


CHANGES = {
    "append": lambda items, a: items.append(int(a)),
    "extend": lambda items, *words: items.extend(numbers(words)),
    "insert": lambda items, a, b: items.insert(int(a), int(b)),
    "set": lambda items, a, b: assign(items, int(a), int(b)),
    "del": lambda items, a: delete(items, int(a)),
    "reverse": lambda items: items.reverse(),
    "clear": lambda items: items.clear(),
    "sort": lambda items, a: items.sort(reverse=a == "1"),
    "remove": lambda items, a: items.remove(int(a)),
    "del_slice": lambda items, a, b: delete(items, slice(bound(a), bound(b))),
    "del_step": lambda items, a, b, c: delete(items, slice(bound(a), bound(b), int(c))),
    "set_slice": lambda items, a, b, *words: assign(items, slice(bound(a), bound(b)), numbers(words)),
    "set_step": lambda items, a, b, c, *words: assign(items, slice(bound(a), bound(b), int(c)), numbers(words)),
    "times": lambda items, a: times(items, int(a)),
    "add_self": lambda items: items.extend(items),
    "item": lambda items, a: items[int(a)],
    "pop": lambda items: items.pop(),
    "pop_at": lambda items, a: items.pop(int(a)),
    "index": lambda items, a: items.index(int(a)),
    "index_between": lambda items, a, b, c: items.index(int(a), bound(b) or 0, 99 if c == "-" else int(c)),
    "count": lambda items, a: items.count(int(a)),
    "contains": lambda items, a: int(a) in items,
    "slice": lambda items, a, b: items[bound(a) : bound(b)],
    "slice_step": lambda items, a, b, c: items[bound(a) : bound(b) : int(c)],
    "reversed": lambda items: list(reversed(items)),
    "min": min,
    "max": max,
    "sum": sum,
    "tuple": tuple,
    "unpack": unpacked,
    "unpack_rest": unpacked_rest,
}
PLACES = {
    "append": "n", "extend": "*", "insert": "in", "set": "in", "del": "i", "sort": "f", "remove": "n",
    "del_slice": "bb", "del_step": "bbs", "set_slice": "bb*", "set_step": "bbs*", "times": "c", "item": "i",
    "pop_at": "i", "index": "n", "index_between": "nbb", "count": "n", "contains": "n", "slice": "bb",
    "slice_step": "bbs",
}  # fmt: skip


def run(script):
    items, out = [], []
    for step in script.split(";"):
        verb, *words = [word for word in step.split(" ") if word]
        try:
            said = CHANGES[verb](items, *words)
        except Exception as error:  # noqa: BLE001 - which exception it is, is the answer.
            said = f"{type(error).__name__}: {error}"
        out.append(f"{'' if said is None else said} {items}")
    return "|".join(out)


def sorts(text):
    pairs = [(int(word), at) for at, word in enumerate(text.split())]
    # The remainder of Rust keeps the sign.
    key = functools.cmp_to_key(lambda a, b: a[0] % 5 - b[0] % 5)
    first = (sorted(pairs, key=lambda pair: pair[0]), sorted(pairs, key=lambda pair: pair[0], reverse=True))
    second = (sorted(pairs, key=key), sorted(pairs, reverse=True))
    return repr((first, second, min(pairs, key=lambda pair: pair[0]), max(pairs, key=lambda pair: pair[0])))


def attempt(operation):
    try:
        return operation()
    except Exception as error:  # noqa: BLE001 - which exception it is, is the answer.
        return error


def ranges(start, stop, step, words):
    made = range(int(start), int(stop), int(step))
    index, low, high, stride = numbers(words.split())
    item, cut = attempt(lambda: made[index]), attempt(lambda: made[low:high:stride])
    found = attempt(lambda: made.index(index))
    lists, claims = (list(made), list(reversed(made))), (len(made), index in made, bool(made), True)
    return f"{made!r} {item} {cut} {found} {lists} {claims}"


TABLE = {
    "lists.script": run,
    "lists.sort": sorts,
    "lists.sort_floats": lambda text: repr(
        (sorted(float(word) for word in text.split()), sorted((float(word) for word in text.split()), reverse=True))
    ),
    "range.all": ranges,
}


def word(draw: random.Random, kind: str) -> str:
    makers = {
        "n": lambda: str(draw.randrange(6)),
        "i": lambda: str(draw.randrange(-9, 9)),
        "f": lambda: draw.choice("01"),
        "b": lambda: draw.choice(["-", str(draw.randrange(-12, 12))]),
        "s": lambda: draw.choice(["0", "1", "-1", "2", "-2", "3", "-3"]),
        "c": lambda: str(draw.randrange(-1, 3)),
        "*": lambda: " ".join(str(draw.randrange(6)) for _ in range(draw.randrange(1, 6))),
    }
    return makers[kind]()


def script(draw: random.Random) -> str:
    steps = ["extend 3 1 2 5 4 1"]
    length = 6
    for _ in range(draw.randrange(3, 15)):
        verb = draw.choice([name for name in CHANGES if length < 60 or name not in {"add_self", "times"}])
        length *= 2 if verb in {"add_self", "times"} else 1
        steps.append(" ".join([verb, *(word(draw, kind) for kind in PLACES.get(verb, ""))]))
    return ";".join(steps)


def test_scripts_answer_as_in_cpython():
    draw = drawing(1)
    assert differences(TABLE, [("lists.script", script(draw)) for _ in range(5000)]) == []


def test_sorts_are_stable_both_ways():
    draw = drawing(2)
    questions = [
        ("lists.sort", " ".join(str(draw.randrange(span)) for _ in range(count)))
        for span in (3, 20, 1000)
        for count in (1, 5, 13, 60, 400)
        for _ in range(20)
    ]
    questions += [
        ("lists.sort_floats", " ".join(repr(draw.choice([0.0, -0.0, 1.5, draw.random()])) for _ in range(40)))
        for _ in range(50)
    ]
    assert differences(TABLE, questions) == []


def test_ranges_answer_as_in_cpython():
    draw = drawing(3)
    questions = []
    for _ in range(5000):
        edges = [str(draw.randrange(-20, 20)) for _ in range(2)]
        words = [
            draw.randrange(-20, 20),
            draw.randrange(-15, 15),
            draw.randrange(-15, 15),
            draw.choice([-2, -1, 0, 1, 2, 3]),
        ]
        questions.append(("range.all", *edges, str(draw.randrange(-4, 5)), " ".join(map(str, words))))
    assert differences(TABLE, questions) == []
