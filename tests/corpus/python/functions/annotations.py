from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple, Union


def scale(xs: List[float], k: float = 2.0) -> List[float]:
    return [x * k for x in xs]


def lookup(d: Dict[str, int], key: str) -> Optional[int]:
    return d.get(key)


def either(x: Union[int, str]) -> str:
    return x if isinstance(x, str) else f"int {x}"


def twice(f: Callable[[int], int], x: int) -> int:
    return f(f(x))


def total(items: Iterable[int]) -> int:
    return sum(items)


def pair(x: Any) -> Tuple[Any, Any]:
    return x, x


def modern(x: int | None, *, names: list[str] | None = None) -> dict[str, int | None]:
    return {n: x for n in names or ["default"]}


print(scale([1, 2.5]), lookup({"a": 1}, "a"), lookup({}, "b"), either(3), either("s"), twice(lambda x: x * x, 3))
print(total(range(4)), total({1, 2}), pair("q"), modern(None), modern(3, names=["a", "b"]))
