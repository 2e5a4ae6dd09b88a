"""A least-recently-used cache on a doubly linked list, generic, with statistics and expiry."""

from __future__ import annotations

from typing import Callable, Generic, Iterator, Optional, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Node(Generic[K, V]):
    __slots__ = ("key", "value", "expires", "previous", "next")

    def __init__(self, key: K, value: V, expires: Optional[int]) -> None:
        self.key = key
        self.value = value
        self.expires = expires
        self.previous: Optional[Node[K, V]] = None
        self.next: Optional[Node[K, V]] = None


class Cache(Generic[K, V]):
    def __init__(self, size: int, clock: Callable[[], int], lifetime: Optional[int] = None) -> None:
        if size < 1:
            raise ValueError("size must be at least 1")
        self.size = size
        self.clock = clock
        self.lifetime = lifetime
        self.nodes: dict[K, Node[K, V]] = {}
        self.first: Optional[Node[K, V]] = None
        self.last: Optional[Node[K, V]] = None
        self.hits = self.misses = self.evictions = 0

    def _unlink(self, node: Node[K, V]) -> None:
        if node.previous is not None:
            node.previous.next = node.next
        else:
            self.first = node.next
        if node.next is not None:
            node.next.previous = node.previous
        else:
            self.last = node.previous
        node.previous = node.next = None

    def _push(self, node: Node[K, V]) -> None:
        node.next = self.first
        if self.first is not None:
            self.first.previous = node
        self.first = node
        if self.last is None:
            self.last = node

    def get(self, key: K) -> Optional[V]:
        node = self.nodes.get(key)
        if node is None or (node.expires is not None and node.expires <= self.clock()):
            self.misses += 1
            if node is not None:
                self.drop(key)
            return None
        self.hits += 1
        self._unlink(node)
        self._push(node)
        return node.value

    def put(self, key: K, value: V) -> None:
        if key in self.nodes:
            self.drop(key)
        elif len(self.nodes) == self.size:
            assert self.last is not None
            self.drop(self.last.key)
            self.evictions += 1
        expires = None if self.lifetime is None else self.clock() + self.lifetime
        node = Node(key, value, expires)
        self.nodes[key] = node
        self._push(node)

    def drop(self, key: K) -> bool:
        node = self.nodes.pop(key, None)
        if node is None:
            return False
        self._unlink(node)
        return True

    def __iter__(self) -> Iterator[tuple[K, V]]:
        node = self.first
        while node is not None:
            yield node.key, node.value
            node = node.next

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, key: K) -> bool:
        return key in self.nodes

    def __repr__(self) -> str:
        return f"Cache({dict(self)}, hits={self.hits}, misses={self.misses}, evictions={self.evictions})"


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now

    def tick(self, steps: int = 1) -> None:
        self.now += steps


clock = Clock()
cache: Cache[str, int] = Cache(3, clock)
for number, name in enumerate("abcd"):
    cache.put(name, number)
print(cache, "a" in cache, "d" in cache)
print(cache.get("b"), cache.get("a"), list(cache))
cache.put("b", 10)
cache.put("e", 4)
print(cache, len(cache), cache.drop("b"), cache.drop("b"), [key for key, _ in cache])
short: Cache[int, str] = Cache(2, clock, lifetime=5)
short.put(1, "one")
clock.tick(4)
short.put(2, "two")
clock.tick()
print(short.get(1), short.get(2), short)
clock.tick(10)
print([short.get(key) for key in (1, 2, 3)], short, bool(short))
try:
    Cache(0, clock)
except ValueError as error:
    print(error)
