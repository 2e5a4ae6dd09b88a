"""A machine of states: an enum, a table of transitions, hooks and a history."""

from dataclasses import dataclass, field
from enum import Enum, auto


class State(Enum):
    IDLE = auto()
    HEATING = auto()
    READY = auto()
    BREWING = auto()
    ERROR = auto()


TABLE = {
    (State.IDLE, "power"): State.HEATING,
    (State.HEATING, "hot"): State.READY,
    (State.READY, "brew"): State.BREWING,
    (State.BREWING, "done"): State.READY,
    (State.READY, "power"): State.IDLE,
}


class Refused(Exception):
    def __init__(self, state, event):
        self.state = state
        self.event = event
        super().__init__(f"no {event!r} in {state.name}")


@dataclass
class Machine:
    state: State = State.IDLE
    cups: int = 0
    history: list = field(default_factory=list)
    water: int = 2

    def handle(self, event):
        if event == "fault":
            target = State.ERROR
        else:
            target = TABLE.get((self.state, event))
        if target is None:
            raise Refused(self.state, event)
        if target is State.BREWING and self.water == 0:
            target = State.ERROR
        self.history.append(f"{self.state.name.lower()}->{target.name.lower()}")
        self.leave(self.state, target)
        self.state = target

    def leave(self, old, new):
        if old is State.BREWING and new is State.READY:
            self.cups += 1
        if new is State.BREWING:
            self.water -= 1


machine = Machine()
for event in ("power", "brew", "hot", "brew", "done", "brew", "done", "brew", "power"):
    try:
        machine.handle(event)
    except Refused as problem:
        print(f"refused: {problem} ({problem.state.value}, {problem.event})")
print(machine.state, machine.cups, machine.water)
print("\n".join(machine.history))
print([state.name for state in State if all(source is not state for source, _ in TABLE)])
print(State(3), State["IDLE"].value, State.READY == State.READY, State.READY is State.IDLE, len(State))
