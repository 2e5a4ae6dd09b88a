from enum import Enum, auto


class State(Enum):
    OFF = auto()
    ON = auto()


TABLE = {(State.OFF, "press"): State.ON, (State.ON, "press"): State.OFF}
state = State.OFF
for event in ("press", "press", "press", "wait"):
    state = TABLE.get((state, event), state)
    print(event, state.name, state.value)
