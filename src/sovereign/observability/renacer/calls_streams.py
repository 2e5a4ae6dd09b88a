"""Calls that move bytes: reads, writes, copies, messages.

Enters: a call and the task that made it. Leaves: an `Op` with the bytes and, in a file, the place where they went.
Short writes, retries and vectors are all the same here; `effects.py` joins what belongs together. Read
`calls_descriptors.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.events import Content, content_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.observability.renacer.descriptors import Opened
    from sovereign.observability.renacer.events import Call
    from sovereign.observability.renacer.world import Task, World

    Handler = Callable[[World, Task, Call], None]

__all__ = ["HANDLERS"]

_AGAIN = frozenset({"EINTR", "EAGAIN", "ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK"})


def _moved(call: Call, pieces: list[Content | None]) -> Content:
    """What a call really moved: its result says how much of the pieces."""
    length = call.result or 0
    kept = bytearray()
    for piece in pieces:
        if piece is None:
            break
        kept += piece.kept
        if not piece.is_whole:
            break
    return Content(bytes(kept[:length]), length)


def _pieces(value: Any) -> list[Content | None]:
    """The buffers of a vector."""
    if not isinstance(value, list):
        return [None]
    return [content_of(each.get("iov_base") if isinstance(each, dict) else None) for each in value]


def _of_message(value: Any) -> list[Content | None]:
    return _pieces(value.get("msg_iov")) if isinstance(value, dict) else [None]


def _write(world: World, task: Task, call: Call, pieces: list[Content | None], place: Any = None) -> None:
    moved = _transfer(world, task, call, pieces, place, "write")
    if moved is None:
        return
    opened, content, offset = moved
    if not opened.is_quiet and content.length:
        world.add(task, opened.thing, "write", content=content, offset=None if opened.is_append else offset)
    if opened.thing[0] == "pipe":
        world.passed(task, _pipe(opened), content.length, is_written=True)


def _read(world: World, task: Task, call: Call, pieces: list[Content | None], place: Any = None) -> None:
    moved = _transfer(world, task, call, pieces, place, "read")
    if moved is None:
        return
    opened, content, offset = moved
    if opened.thing[0] == "pipe":
        world.passed(task, _pipe(opened), content.length, is_written=False)
    if not opened.is_quiet and content.length:
        world.add(task, opened.thing, "read", content=content, offset=offset)


def _transfer(
    world: World, task: Task, call: Call, pieces: list[Content | None], place: Any, verb: str
) -> tuple[Opened, Content, int | None] | None:
    """What was moved, from where in which stream; nothing where the call failed, which is noted."""
    opened = world.opened(task, call.arg(0))
    if opened is None:
        return None
    if call.errno is not None:
        if call.errno not in _AGAIN and not opened.is_quiet:
            world.add(task, opened.thing, verb, call.errno)
        return None
    content = _moved(call, pieces)
    return opened, content, _advance(opened, content.length, place)


def _pipe(opened: Opened) -> tuple[str | int, ...]:
    return tuple(opened.thing)


def _advance(opened: Opened, length: int, place: Any) -> int | None:
    """Where in a file the bytes went, and the offset moved on."""
    if not opened.has_offset:
        return None
    if isinstance(place, int) and place >= 0:
        return place
    offset = opened.offset
    opened.offset += length
    return offset


def _plain_write(world: World, task: Task, call: Call) -> None:
    _write(world, task, call, [content_of(call.arg(1))])


def _plain_read(world: World, task: Task, call: Call) -> None:
    _read(world, task, call, [content_of(call.arg(1))])


def _place_write(world: World, task: Task, call: Call) -> None:
    _write(world, task, call, [content_of(call.arg(1))], call.arg(3))


def _place_read(world: World, task: Task, call: Call) -> None:
    _read(world, task, call, [content_of(call.arg(1))], call.arg(3))


def _vector_write(world: World, task: Task, call: Call) -> None:
    _write(world, task, call, _pieces(call.arg(1)), call.arg(3) if call.name != "writev" else None)


def _vector_read(world: World, task: Task, call: Call) -> None:
    _read(world, task, call, _pieces(call.arg(1)), call.arg(3) if call.name != "readv" else None)


def _send_message(world: World, task: Task, call: Call) -> None:
    _write(world, task, call, _of_message(call.arg(1)))


def _receive_message(world: World, task: Task, call: Call) -> None:
    _read(world, task, call, _of_message(call.arg(1)))


def _copy(source: int, target: int, *, from_place: int | None, to_place: int | None) -> Handler:
    """A handler for a call that lets the kernel move bytes between two descriptors; nobody sees them."""

    def handler(world: World, task: Task, call: Call) -> None:
        giver, taker = world.opened(task, call.arg(source)), world.opened(task, call.arg(target))
        if giver is None or taker is None:
            return
        if call.errno is not None:
            return  # whoever copies so falls back to reading and writing
        length = call.result or 0
        if from_place is None or call.arg(from_place) is None:
            giver.offset += length
        offset = taker.offset if taker.has_offset else None
        if to_place is None or call.arg(to_place) is None:
            taker.offset += length
        for opened, is_written in ((giver, False), (taker, True)):
            if opened.thing[0] == "pipe":
                world.passed(task, _pipe(opened), length, is_written=is_written)
        if length and not taker.is_quiet:
            world.add(task, taker.thing, "copy", giver.thing, content=Content(b"", length), offset=offset)
        if length and not giver.is_quiet:
            world.add(task, giver.thing, "give", taker.thing, content=Content(b"", length))

    return handler


def _seek(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is not None and opened.has_offset and call.errno is None and call.result is not None:
        opened.offset = call.result


HANDLERS: dict[str, Handler] = {
    "write": _plain_write,
    "pwrite64": _place_write,
    "writev": _vector_write,
    "pwritev": _vector_write,
    "pwritev2": _vector_write,
    "sendto": _plain_write,
    "sendmsg": _send_message,
    "read": _plain_read,
    "pread64": _place_read,
    "readv": _vector_read,
    "preadv": _vector_read,
    "preadv2": _vector_read,
    "recvfrom": _plain_read,
    "recvmsg": _receive_message,
    "sendfile": _copy(1, 0, from_place=2, to_place=None),
    "copy_file_range": _copy(0, 2, from_place=1, to_place=3),
    "splice": _copy(0, 2, from_place=1, to_place=3),
    "lseek": _seek,
}
