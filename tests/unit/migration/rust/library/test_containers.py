"""`itertools`, `functools`, `heapq`, `bisect`, `collections`: the same items in the same order, the same errors."""

from __future__ import annotations

import bisect
import collections
import functools
import heapq
import itertools
import operator
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

    from library_probe import Library

Case = tuple[tuple[object, ...], object]


def text(items: Iterable[int]) -> str:
    return ",".join(map(str, items))


def rows(iterator: Iterable[Any], row: Callable[[Any], Any] = list) -> str:
    return repr([row(item) for item in iterator])


def lists(draw: random.Random, count: int, longest: int = 8) -> list[list[int]]:
    return [[draw.randint(-3, 12) for _ in range(draw.randint(0, longest))] for _ in range(count)]


def grouped(items: list[int], *, late: bool) -> str:
    groups = itertools.groupby(items, lambda item: item // 3 if item >= 0 else -(-item // 3))
    if late:
        return repr([(key, list(group)) for key, group in list(groups)])
    return repr([(key, list(group)) for key, group in groups])


def pulled(items: list[int], *span: int | None) -> str:
    iterator = iter(items)
    return f"{list(itertools.islice(iterator, *span))!r} {list(iterator)!r}"


def iterator_cases(draw: random.Random, a: list[int], b: list[int], c: list[int]) -> list[Case]:
    r = draw.randint(-1, 5)
    short = a[:5]
    span = (draw.randint(-1, 4), draw.choice((None, draw.randint(-1, 9))), draw.randint(0, 3))
    small = lambda item: item < 3  # noqa: E731 - the probe's own
    return [
        (("itertools.accumulate", text(a), None), rows(itertools.accumulate(a, lambda x, y: x * 2 + y), int)),
        (("itertools.accumulate", text(a), 5), rows(itertools.accumulate(a, lambda x, y: x * 2 + y, initial=5), int)),
        (("itertools.chain", text(a), text(b), text(c)), rows(itertools.chain(a, b, c), int)),
        (("itertools.combinations", text(short), 2), rows(itertools.combinations(short, 2), tuple)),
        (("itertools.combinations", text(short), 3), rows(itertools.combinations(short, 3), tuple)),
        (("itertools.combinations", text(short), 4), rows(itertools.combinations(short, 4))),
        (
            ("itertools.combinations", text(short), r),
            said(lambda: rows(itertools.combinations(short, r), tuple if r in (2, 3) else list)),
        ),
        (
            ("itertools.combinations_with_replacement", text(short), r),
            said(lambda: rows(itertools.combinations_with_replacement(short, r))),
        ),
        (("itertools.permutations", text(short), None), rows(itertools.permutations(short))),
        (("itertools.permutations", text(short), r), said(lambda: rows(itertools.permutations(short, r)))),
        (
            ("itertools.product_repeat", text(a[:3]), text(b[:2]), r % 3),
            rows(itertools.product(a[:3], b[:2], repeat=r % 3)),
        ),
        (("itertools.product2", text(a), text(b)), rows(itertools.product(a, b), tuple)),
        (
            ("itertools.product3", text(a[:3]), text(b[:3]), text(c[:3])),
            rows(itertools.product(a[:3], b[:3], c[:3]), tuple),
        ),
        (("itertools.compress", text(a), text(b)), rows(itertools.compress(a, b), int)),
        (("itertools.count", r, 3), rows(itertools.islice(itertools.count(r, 3), 7), int)),
        (("itertools.count_float", 0.1, 0.1), rows(itertools.islice(itertools.count(0.1, 0.1), 7), float)),
        (("itertools.cycle", text(short)), rows(itertools.islice(itertools.cycle(short), 7), int)),
        (("itertools.repeat", 4, r), rows(itertools.repeat(4, r), int)),
        (("itertools.dropwhile", text(a)), rows(itertools.dropwhile(small, a), int)),
        (("itertools.takewhile", text(a)), rows(itertools.takewhile(small, a), int)),
        (("itertools.filterfalse", text(a)), rows(itertools.filterfalse(small, a), int)),
        (("itertools.groupby", text(a)), grouped(a, late=False)),
        (("itertools.groupby_late", text(a)), grouped(a, late=True)),
        (("itertools.islice", text(a), *span), said(lambda: rows(itertools.islice(a, *span), int))),
        (("itertools.islice_rest", text(a), *span), said(pulled, a, *span)),
        (("itertools.pairwise", text(a)), rows(itertools.pairwise(a), tuple)),
        (("itertools.starmap", text(a)), rows(itertools.starmap(operator.mul, itertools.pairwise(a)), int)),
        (("itertools.zip_longest2", text(a), text(b)), longest((-1, -2), a, b)),
        (("itertools.zip_longest3", text(a), text(b), text(c)), longest((-1, -2, -3), a, b, c)),
        (("itertools.tee", text(a)), f"{a[0] if a else None!r} {a!r} {a[1:]!r}"),
    ]


def longest(fill: tuple[int, ...], *parts: list[int]) -> str:
    marked = itertools.zip_longest(*parts, fillvalue=None)
    return repr([tuple(fill[place] if item is None else item for place, item in enumerate(row)) for row in marked])


def test_iterators(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for a, b, c in zip(lists(draw, 150), lists(draw, 150), lists(draw, 150), strict=True):
        cases += iterator_cases(draw, a, b, c)
    library.agree(cases)


def heap_after(heap: list[int], function: Callable[..., Any], *arguments: int) -> str:
    result = said(function, heap, *arguments)
    return result if isinstance(result, str) else f"{result} {heap!r}"


def heaped(items: list[int]) -> list[int]:
    heap = list(items)
    heapq.heapify(heap)
    return heap


def quotient(item: int) -> int:
    return item // 10 if item >= 0 else -(-item // 10)


def test_heaps(library: Library) -> None:
    draw = chance(2)
    cases: list[Case] = []
    for items in [[draw.randint(-30, 90) for _ in range(draw.randint(0, 40))] for _ in range(300)]:
        heap, item, n = heaped(items), draw.randint(-30, 90), draw.randint(-2, 45)
        pushed = heaped(items)
        heapq.heappush(pushed, item)
        cases += [
            (("heapq.heapify", text(items)), repr(heap)),
            (("heapq.heappush", text(heap), item), repr(pushed)),
            (("heapq.heappop", text(heap)), heap_after(list(heap), heapq.heappop)),
            (("heapq.heapreplace", text(heap), item), heap_after(list(heap), heapq.heapreplace, item)),
            (("heapq.heappushpop", text(heap), item), heap_after(list(heap), heapq.heappushpop, item)),
            (("heapq.nlargest", text(items), n), repr(heapq.nlargest(n, items, key=quotient))),
            (("heapq.nsmallest", text(items), n), repr(heapq.nsmallest(n, items, key=quotient))),
        ]
        parts = [sorted(items[:9]), sorted(items[9:20]), sorted(items[20:])]
        cases.append((("heapq.merge", *map(text, parts), False), repr(list(heapq.merge(*parts)))))
        parts = [sorted(part, reverse=True) for part in parts]
        cases.append((("heapq.merge", *map(text, parts), True), repr(list(heapq.merge(*parts, reverse=True)))))
    library.agree(cases)


def test_large_heaps(library: Library) -> None:
    draw = chance(3)
    items = [draw.randint(0, 10**6) for _ in range(6000)]
    library.agree([(("heapq.heapify", text(items)), repr(heaped(items)))])


def test_bisection(library: Library) -> None:
    draw = chance(4)
    cases: list[Case] = []
    for _ in range(800):
        items = sorted(draw.randint(0, 60) for _ in range(draw.randint(0, 12)))
        item = draw.randint(-2, 62)
        lo = draw.choice((0, 0, 0, draw.randint(-1, 5)))
        hi = draw.choice((None, None, draw.randint(0, len(items))))
        for name in ("bisect_left", "bisect_right"):
            function = getattr(bisect, name)
            cases.append(((f"heapq.{name}", text(items), item, lo, hi), str(said(function, items, item, lo, hi))))
            keyed = said(function, items, item // 10, lo, hi, key=quotient)
            cases.append(((f"heapq.{name}_by", text(items), item // 10, lo, hi), str(keyed)))
        for name in ("insort_left", "insort_right"):
            copy = list(items)
            failed = said(getattr(bisect, name), copy, item, lo, hi)
            cases.append(((f"heapq.{name}", text(items), item, lo, hi), failed or f" {copy!r}"))
    library.agree(cases)


DEQUE_STEPS: dict[str, Callable[[collections.deque[int], Any, Any], Any]] = {
    "append": lambda queue, x, _: queue.append(x),
    "appendleft": lambda queue, x, _: queue.appendleft(x),
    "pop": lambda queue, *_: queue.pop(),
    "popleft": lambda queue, *_: queue.popleft(),
    "rotate": lambda queue, x, _: queue.rotate(x),
    "clear": lambda queue, *_: queue.clear(),
    "count": lambda queue, x, _: queue.count(x),
    "index": lambda queue, x, _: queue.index(x),
    "insert": lambda queue, x, y: queue.insert(x, y),
    "remove": lambda queue, x, _: queue.remove(x),
    "reverse": lambda queue, *_: queue.reverse(),
    "item": lambda queue, x, _: queue[x],
    "set_item": operator.setitem,
    "del_item": lambda queue, x, _: operator.delitem(queue, x),
    "len": lambda queue, *_: str(len(queue)),
    "copy": lambda queue, *_: queue.copy(),
    "repeat": lambda queue, x, _: queue * x,
    "concat": lambda queue, *_: queue + queue,
    "reversed": lambda queue, *_: list(reversed(queue)),
}


def walk(queue: collections.deque[int], x: int) -> int | None:
    iterator = iter(queue)
    next(iterator, None)
    queue.append(x)
    return next(iterator, None)


def test_deques(library: Library) -> None:
    draw = chance(5)
    cases: list[Case] = []
    for items in lists(draw, 500):
        maxlen = draw.choice((None, None, 0, 3, 6))
        queue = collections.deque(items, maxlen)
        steps, said_so = [], []
        for _ in range(15):
            name = draw.choice([*DEQUE_STEPS, "extend", "extendleft", "walk"])
            x, y = draw.randint(-4, 9), draw.randint(-4, 9)
            if name in ("extend", "extendleft"):
                more = [x, y, x]
                steps.append(f"{name} {text(more)}")
                said_so.append(str(said(getattr(queue, name), more)))
            elif name == "walk":
                steps.append(f"walk {x}")
                said_so.append(str(said(walk, queue, x)))
            else:
                steps.append(f"{name} {x} {y}")
                said_so.append(str(said(DEQUE_STEPS[name], queue, x, y)))
            said_so.append(repr(queue))
        cases.append((("deque.run", text(items), maxlen, *steps), "|".join(said_so)))
    cases.append((("deque.run", "1", -1), said(collections.deque, [1], -1)))
    library.agree(cases)


def subtracted(a: collections.Counter[int], b: collections.Counter[int]) -> str:
    a = a.copy()
    a.subtract(b)
    return f"{a!r} {+a!r} {-a!r}"


def test_counters(library: Library) -> None:
    draw = chance(6)
    cases: list[Case] = []
    for first, second in zip(lists(draw, 300, 14), lists(draw, 300, 14), strict=True):
        a, b = collections.Counter(first), collections.Counter(second)
        both = (text(first), text(second))
        cases += [
            (("counter.repr", *both), repr(a)),
            (("counter.most_common", *both, None), repr(a.most_common())),
            (("counter.most_common", *both, 2), repr(a.most_common(2))),
            (("counter.elements", *both), repr(list(a.elements()))),
            (("counter.total", *both), str(a.total())),
            (("counter.add", *both), repr(a + b)),
            (("counter.sub", *both), repr(a - b)),
            (("counter.and", *both), repr(a & b)),
            (("counter.or", *both), repr(a | b)),
            (("counter.subtract", *both), subtracted(a, b)),
            (("counter.update", *both), repr(dict(collections.Counter(first + second)))),
            (("counter.equals", *both), repr((a == b, a <= b))),
            (("counter.ordered", *both), repr(collections.OrderedDict(a))),
            (("counter.default", *both), repr(collections.defaultdict(int, a))),
        ]
    library.agree(cases)


def cached(keys: list[int], maxsize: int | None) -> str:
    called = []

    @functools.lru_cache(maxsize)
    def function(key: int) -> int:
        called.append(key)
        return key

    for key in keys:
        function(key)
    return f"{function.cache_info()!r} {called!r}"


def test_functions(library: Library) -> None:
    draw = chance(7)
    cases: list[Case] = []
    for items in lists(draw, 300, 30):
        reduced = said(functools.reduce, lambda a, b: a * 3 - b, items[:20])
        cases.append((("functools.reduce", text(items[:20])), str(reduced)))
        wide = [item * 7 for item in items]
        key = functools.cmp_to_key(lambda a, b: quotient(a) - quotient(b))
        cases += [
            (("functools.sorted_cmp", text(wide), reverse), repr(sorted(wide, key=key, reverse=reverse)))
            for reverse in (False, True)
        ]
        cases += [(("functools.lru_cache", text(items), size), cached(items, size)) for size in (None, 0, 1, 3, 128)]
    library.agree(cases)
