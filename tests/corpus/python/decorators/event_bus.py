from collections import defaultdict
from typing import Callable, Any
from dataclasses import dataclass


@dataclass
class Event:
    name: str
    payload: dict


class EventBus:
    def __init__(self):
        self._handlers: dict[str, list[tuple[int, Callable[[Event], Any]]]] = defaultdict(list)

    def subscribe(self, name, priority=0):
        def decorator(fn):
            self._handlers[name].append((priority, fn))
            self._handlers[name].sort(key=lambda pair: -pair[0])
            return fn

        return decorator

    def publish(self, name, **payload):
        event = Event(name, payload)
        results = []
        for _, handler in self._handlers[name]:
            try:
                results.append(handler(event))
            except Exception as exc:
                results.append(f"{type(exc).__name__}")
        return results


bus = EventBus()


@bus.subscribe("order", priority=5)
def validate(event):
    if event.payload["total"] < 0:
        raise ValueError("negative")
    return "valid"


@bus.subscribe("order")
def ship(event):
    return f"shipped {event.payload['id']}"


@bus.subscribe("order", priority=10)
def audit(event):
    return "audit:" + ",".join(f"{k}={v}" for k, v in sorted(event.payload.items()))


print(bus.publish("order", id=7, total=10))
print(bus.publish("order", id=8, total=-1))
print(bus.publish("nothing"))
