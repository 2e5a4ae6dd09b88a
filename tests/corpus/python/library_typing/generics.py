from typing import Generic, Iterator, Protocol, TypeVar, overload, Literal, Final, cast, NewType, TYPE_CHECKING

T = TypeVar("T")
K = TypeVar("K")
MAX: Final = 3
UserId = NewType("UserId", int)
Mode = Literal["r", "w"]


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []

    def push(self, item: T) -> None:
        self.items.append(item)

    def pop(self) -> T:
        return self.items.pop()

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)


class Speaker(Protocol):
    def speak(self) -> str:
        ...


class Dog:
    def speak(self) -> str:
        return "woof"


def loud(s: Speaker) -> str:
    return s.speak().upper()


def first(xs: list[T], default: T) -> T:
    return xs[0] if xs else default


a: Stack[int] = Stack()
a.push(1)
b: Stack[str] = Stack()
b.push("x")
print(a.pop(), list(b), loud(Dog()), first([], 5), first(["q"], ""), UserId(5) + 1, MAX, cast(int, 3))


def opened(mode: Mode = "r") -> str:
    return mode


print(opened("w"))
if TYPE_CHECKING:
    print("never")
