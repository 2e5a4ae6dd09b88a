"""An event bus: subscribers by type, priorities, wildcards, a context manager and a replay."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Event:
    topic: str
    payload: dict[str, int]
    stopped: bool = field(default=False, compare=False)

    def stop(self) -> None:
        self.stopped = True


Handler = Callable[[Event], None]


@dataclass(order=True)
class Subscription:
    priority: int
    number: int
    pattern: str = field(compare=False)
    handler: Handler = field(compare=False, repr=False)

    def matches(self, topic: str) -> bool:
        if self.pattern.endswith("*"):
            return topic.startswith(self.pattern[:-1])
        return topic == self.pattern


class Bus:
    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []
        self._journal: list[Event] = []
        self._muted = 0
        self.errors: list[str] = []

    def subscribe(self, pattern: str, handler: Handler, priority: int = 0) -> Callable[[], None]:
        subscription = Subscription(-priority, len(self._subscriptions), pattern, handler)
        self._subscriptions.append(subscription)
        self._subscriptions.sort()

        def cancel() -> None:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)

        return cancel

    def publish(self, topic: str, **payload: int) -> int:
        event = Event(topic, payload)
        self._journal.append(event)
        return 0 if self._muted else self._deliver(event)

    def _deliver(self, event: Event) -> int:
        delivered = 0
        for subscription in list(self._subscriptions):
            if event.stopped:
                break
            if subscription.matches(event.topic):
                try:
                    subscription.handler(event)
                    delivered += 1
                except (KeyError, ZeroDivisionError) as error:
                    self.errors.append(f"{event.topic}: {type(error).__name__} {error}")
        return delivered

    @contextmanager
    def muted(self):
        self._muted += 1
        try:
            yield self
        finally:
            self._muted -= 1

    def replay(self, prefix: str) -> int:
        return sum(self._deliver(Event(e.topic, e.payload)) for e in self._journal if e.topic.startswith(prefix))


class Stock:
    def __init__(self, bus: Bus) -> None:
        self.levels: dict[int, int] = {}
        bus.subscribe("stock.in", self.receive)
        bus.subscribe("stock.out", self.send, priority=5)

    def receive(self, event: Event) -> None:
        article = event.payload["article"]
        self.levels[article] = self.levels.get(article, 0) + event.payload.get("count", 1)

    def send(self, event: Event) -> None:
        article, count = event.payload["article"], event.payload.get("count", 1)
        if self.levels[article] < count:
            event.stop()
            return
        self.levels[article] -= count


bus = Bus()
stock = Stock(bus)
lines: list[str] = []
cancel = bus.subscribe("*", lambda event: lines.append(f"{event.topic} {sorted(event.payload.items())}"), priority=-1)
bus.subscribe("math.*", lambda event: lines.append(str(100 // event.payload["by"])))
print(bus.publish("stock.in", article=7, count=3), bus.publish("stock.out", article=7), stock.levels)
print(bus.publish("stock.out", article=7, count=9), bus.publish("stock.out", article=8), stock.levels)
with bus.muted() as quiet:
    print(quiet is bus, bus.publish("stock.in", article=8, count=2))
print(bus.publish("math.div", by=3), bus.publish("math.div", by=0), bus.publish("math.other", x=1))
cancel()
cancel()
print(bus.publish("unheard"), bus.replay("stock.in"), stock.levels)
print("\n".join(lines))
print(bus.errors)
