"""The states of a car's door and drive control, with guards, actions and a trace."""

from enum import Enum, auto
from typing import Callable, Optional


class State(Enum):
    PARKED = auto()
    READY = auto()
    DRIVING = auto()
    EMERGENCY = auto()


class Event(Enum):
    KEY = auto()
    BRAKE = auto()
    GAS = auto()
    CRASH = auto()
    RESET = auto()


class Transition:
    def __init__(
        self,
        source: State,
        event: Event,
        target: State,
        guard: Optional[Callable[["Car"], bool]] = None,
        action: Optional[Callable[["Car"], None]] = None,
    ):
        self.source = source
        self.event = event
        self.target = target
        self.guard = guard
        self.action = action

    def __repr__(self):
        return f"{self.source.name} --{self.event.name}--> {self.target.name}"


class Car:
    def __init__(self):
        self.state = State.PARKED
        self.speed = 0
        self.doors_closed = True
        self.trace: list[str] = []
        self.transitions: dict[tuple[State, Event], list[Transition]] = {}

    def on(self, source, event, target, guard=None, action=None):
        self.transitions.setdefault((source, event), []).append(Transition(source, event, target, guard, action))
        return self

    def fire(self, event):
        for transition in self.transitions.get((self.state, event), ()):
            if transition.guard is None or transition.guard(self):
                self.trace.append(repr(transition))
                self.state = transition.target
                if transition.action is not None:
                    transition.action(self)
                return True
        self.trace.append(f"{self.state.name} ignores {event.name}")
        return False

    def accelerate(self):
        self.speed = min(self.speed + 30, 120)

    def stop(self):
        self.speed = 0


def slow_down(car):
    car.speed = max(0, car.speed - 50)


car = Car()
(
    car.on(State.PARKED, Event.KEY, State.READY, guard=lambda c: c.doors_closed)
    .on(State.READY, Event.GAS, State.DRIVING, action=Car.accelerate)
    .on(State.DRIVING, Event.GAS, State.DRIVING, action=Car.accelerate)
    .on(State.DRIVING, Event.BRAKE, State.READY, guard=lambda c: c.speed <= 50, action=Car.stop)
    .on(State.DRIVING, Event.BRAKE, State.DRIVING, action=slow_down)
    .on(State.READY, Event.KEY, State.PARKED)
    .on(State.EMERGENCY, Event.RESET, State.PARKED)
)
for state in (State.READY, State.DRIVING):
    car.on(state, Event.CRASH, State.EMERGENCY, action=Car.stop)
car.doors_closed = False
script = [Event.KEY, Event.GAS, Event.KEY, Event.GAS, Event.GAS, Event.GAS, Event.BRAKE, Event.BRAKE, Event.KEY]
speeds = []
for number, event in enumerate(script):
    if number == 2:
        car.doors_closed = True
    accepted = car.fire(event)
    speeds.append(car.speed if accepted else -1)
for event in (Event.KEY, Event.GAS, Event.CRASH, Event.GAS, Event.RESET):
    car.fire(event)
print("\n".join(car.trace))
print(speeds, car.state, car.speed)
reachable = {t.target for group in car.transitions.values() for t in group}
print(sorted(state.name for state in reachable), len(car.transitions))
