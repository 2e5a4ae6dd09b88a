from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def literal(items):
    """A set as a display of constants makes it: the compiler makes the frozen set twice, to share equal constants."""
    if len(items) < 3:
        return set(items)
    return set().union(frozenset(list(frozenset(items))))


def test_the_twin_of_displays_is_what_displays_make():
    draw = drawing("displays")
    for _ in range(300):
        items = [draw.randrange(-40, 200) for _ in range(draw.randrange(3, 40))]
        assert repr(literal(items)) == repr(eval(f"{{{', '.join(map(str, items))}}}"))  # noqa: S307 - numbers


VERBS = {
    "new": lambda _a, _b, items: set(items),
    "literal": lambda _a, _b, items: literal(items),
    "of_dict": lambda _a, _b, items: set(dict.fromkeys(items)),
    "of_set": lambda _a, b, _items: set(b),
    "of_frozen": lambda _a, b, _items: set(frozenset(b)),
    "add": lambda a, _b, items: [a.add(item) for item in items],
    "discard": lambda a, _b, items: [a.discard(item) for item in items],
    "extend": lambda a, _b, items: a.update(items),
    "pop": lambda a, _b, _items: a.pop() if a else None,
    "clear": lambda a, _b, _items: a.clear(),
    "union": lambda a, b, _items: a | b,
    "intersection": lambda a, b, _items: a & b,
    "difference": lambda a, b, _items: a - b,
    "toggle": lambda a, b, _items: a ^ b,
    "update": lambda a, b, _items: a.update(b),
    "keep": lambda a, b, _items: a.intersection_update(b),
    "without": lambda a, b, _items: a.difference_update(b),
    "flip": lambda a, b, _items: a.symmetric_difference_update(b),
    "difference_items": lambda a, _b, items: a.difference(items),
    "intersection_items": lambda a, _b, items: a.intersection(items),
    "update_dict": lambda a, _b, items: a.update(dict.fromkeys(items)),
}
WITH_ITEMS = [
    "new", "literal", "of_dict", "add", "discard", "extend", "difference_items", "intersection_items", "update_dict",
]  # fmt: skip


def run(script, item):
    a, b, out = set(), set(), []
    for step in script.split(";"):
        verb, *words = step.split(" ")
        if verb == "swap":
            a, b = b, a
        else:
            made = VERBS[verb](a, b, [item(word) for word in words])
            a = made if isinstance(made, set) else a
        out.append(repr(a))
    return "|".join(out)


TABLE = {
    "sets.integers": lambda script: run(script, int),
    "sets.pairs": lambda script: run(script, lambda word: divmod(int(word), 7)),
    "sets.floats": lambda script: run(script, lambda word: int(word) / 4),
    "sets.frozen": lambda script: run(script, lambda word: frozenset(range(int(word), int(word) + int(word) % 4))),
}


def script(draw: random.Random) -> str:
    span = draw.choice([10, 40, 300, 10**6, 2**62])
    steps = []
    for _ in range(draw.randrange(2, 14)):
        verb = draw.choice([*VERBS, "swap", "swap", "new", "add", "add"])
        words = []
        if verb in WITH_ITEMS:
            count = draw.choice([0, 1, 3, 6, 10, 40]) if verb != "literal" else draw.randrange(3, 40)
            words = [str(draw.randrange(-span // 3, span)) for _ in range(count)]
            if draw.random() < 0.2:
                start = draw.randrange(span)
                words = [str(number) for number in range(start, start + draw.randrange(80))]
        steps.append(" ".join([verb, *words]))
    return ";".join(steps)


@pytest.mark.parametrize("name", list(TABLE))
def test_items_come_in_the_order_of_cpython(name):
    draw = drawing(name)
    assert differences(TABLE, [(name, script(draw)) for _ in range(1500)]) == []


def test_large_sets_come_in_the_order_of_cpython():
    draw = drawing(3)
    many = " ".join(str(draw.randrange(10**9)) for _ in range(120_000))
    some = " ".join(str(number) for number in range(0, 200_000, 3))
    questions = [
        ("sets.integers", f"new {many};swap;new {some};{verb}") for verb in ("union", "toggle", "update", "flip")
    ]
    assert differences(TABLE, questions) == []


def test_a_display_of_constants_merges_a_frozenset():
    # What `literal` above says is what the compiler does.
    assert repr({5, 9, 1, 33, 70}) == repr(literal([5, 9, 1, 33, 70]))
    assert repr({3, 2, 1}) == repr(literal([3, 2, 1]))
    assert repr({40, 8, 16, 24, 32, 0}) == repr(literal([40, 8, 16, 24, 32, 0]))
