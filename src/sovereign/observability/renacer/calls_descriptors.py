"""Calls that make descriptors and close them: copies, pipes, sockets, counters.

Enters: a call and the task that made it. Leaves: entries in the table of descriptors, and an `Op` where something
outside of the process learns of it, such as a connection. Read `calls_processes.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.calls_files import flags_of
from sovereign.observability.renacer.descriptors import Opened, number_of
from sovereign.observability.renacer.events import content_of
from sovereign.observability.renacer.policy import is_machinery
from sovereign.observability.renacer.world import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.observability.renacer.events import Call
    from sovereign.observability.renacer.world import Task, World

    Handler = Callable[[World, Task, Call], None]

__all__ = ["HANDLERS"]

_ALL = (1 << 31) - 1
_PENDING = frozenset({None, "EINPROGRESS", "EINTR"})


def _is_closing(value: Any) -> bool:
    return any(flag.endswith("CLOEXEC") for flag in flags_of(value))


def _close(world: World, task: Task, call: Call) -> None:
    number = number_of(call.arg(0))
    if number is not None:
        task.run.table.close(number)


def _close_range(world: World, task: Task, call: Call) -> None:
    first, last = number_of(call.arg(0)), number_of(call.arg(1))
    if first is None or call.errno is not None:
        return
    upto = _ALL if last is None or last < 0 else last
    table = task.run.table
    if "CLOSE_RANGE_CLOEXEC" in flags_of(call.arg(2)):
        table.closing.update(each for each in table.opened if first <= each <= upto)
    else:
        table.close(first, upto)


def _copy(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is not None and call.errno is None and call.result is not None:
        task.run.table.put(call.result, opened, is_closing=call.name == "dup3" and _is_closing(call.arg(2)))


def _control(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    number = number_of(call.arg(0))
    words = flags_of(call.arg(1))
    if opened is None or number is None or call.errno is not None:
        return
    table = task.run.table
    if words & {"F_DUPFD", "F_DUPFD_CLOEXEC"} and call.result is not None:
        table.put(call.result, opened, is_closing="F_DUPFD_CLOEXEC" in words)
    elif "F_SETFD" in words:
        table.put(number, opened, is_closing="FD_CLOEXEC" in flags_of(call.arg(2)) or call.arg(2) == 1)
    elif "F_SETFL" in words:
        opened.is_append = "O_APPEND" in flags_of(call.arg(2))
    elif words & {"F_SETLK", "F_SETLKW", "F_OFD_SETLK", "F_OFD_SETLKW"} and not opened.is_quiet:
        lock = call.arg(2)
        world.add(task, opened.thing, "lock", str(lock.get("l_type", "?") if isinstance(lock, dict) else "?"))


def _device(world: World, task: Task, call: Call) -> None:
    words = flags_of(call.arg(1))
    opened, number = world.opened(task, call.arg(0)), number_of(call.arg(0))
    if opened is None or number is None or call.errno is not None:
        return
    if "FIOCLEX" in words:
        task.run.table.put(number, opened, is_closing=True)
    elif words & {"FICLONE", "FICLONERANGE"}:
        world.add(task, opened.thing, "clone")


def _pair_of(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        return None
    first, second = number_of(value[0]), number_of(value[1])
    return None if first is None or second is None else (first, second)


def _pipe(world: World, task: Task, call: Call) -> None:
    pair = _pair_of(call.arg(0))
    if pair is None or call.errno is not None:
        return
    opened = Opened(world.made(task, "pipe"))
    for number in pair:
        task.run.table.put(number, opened, is_closing=_is_closing(call.arg(1)))


def _socket(world: World, task: Task, call: Call) -> None:
    if call.errno is not None or call.result is None:
        return
    family = call.arg(0)
    is_quiet = family in {"AF_NETLINK", "PF_NETLINK"}
    task.run.table.put(
        call.result, Opened(world.made(task, "socket"), is_quiet=is_quiet), is_closing=_is_closing(call.arg(1))
    )


def _socket_pair(world: World, task: Task, call: Call) -> None:
    pair = _pair_of(call.arg(3))
    if pair is None or call.errno is not None:
        return
    for number in pair:
        task.run.table.put(number, Opened(world.made(task, "socket")), is_closing=_is_closing(call.arg(1)))


def _peer(value: Any) -> tuple[str, str | int | Place, int] | None:
    """Family, place and port of an address."""
    if not isinstance(value, dict):
        return None
    family = str(value.get("sa_family", "?"))
    if "sun_path" in value:
        content = content_of(value["sun_path"])
        return family, Place("" if content is None else content.kept.decode("utf-8", "surrogateescape")), 0
    for place, port in (("sin_addr", "sin_port"), ("sin6_addr", "sin6_port")):
        if place in value:
            found = value.get(port)
            return family, str(value[place]), found if isinstance(found, int) else 0
    return family, "?", 0


def _connect(world: World, task: Task, call: Call) -> None:
    opened, peer = world.opened(task, call.arg(0)), _peer(call.arg(1))
    if opened is None or opened.is_quiet or peer is None or peer[0] in {"AF_UNSPEC", "AF_NETLINK"}:
        return
    if peer[0] == "AF_UNIX" and is_machinery(str(peer[1])):
        opened.is_quiet = True
        return
    failure = [] if call.errno in _PENDING else [call.errno]
    world.add(task, opened.thing, "connect", *peer, *failure)


def _bind(world: World, task: Task, call: Call) -> None:
    opened, peer = world.opened(task, call.arg(0)), _peer(call.arg(1))
    if opened is not None and not opened.is_quiet and peer is not None:
        world.add(task, opened.thing, "bind", *peer, *([] if call.errno is None else [call.errno]))


def _listen(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is not None and not opened.is_quiet and call.errno is None:
        world.add(task, opened.thing, "listen")


def _accept(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is None or call.errno is not None or call.result is None:
        return
    fresh = Opened(world.made(task, "socket"))
    world.add(task, fresh.thing, "accept", opened.thing)
    task.run.table.put(call.result, fresh, is_closing=call.name == "accept4" and _is_closing(call.arg(3)))


def _own_name(world: World, task: Task, call: Call) -> None:
    peer = _peer(call.arg(1))
    if call.errno is None and peer is not None and peer[2]:
        bound = {op.facts[2] for op in world.ops if op.verb == "bind" and len(op.facts) > 2}  # noqa: PLR2004
        if peer[2] not in bound:
            world.ports.setdefault(peer[2], (task, len(world.ports)))


def _shutdown(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is not None and not opened.is_quiet and call.errno is None:
        world.add(task, opened.thing, "shutdown", str(call.arg(1)))


def _quiet(world: World, task: Task, call: Call) -> None:
    if call.errno is None and call.result is not None:
        is_closing = any(_is_closing(value) for value in call.values)
        task.run.table.put(call.result, Opened(("other", call.name), is_quiet=True), is_closing=is_closing)


HANDLERS: dict[str, Handler] = {
    "close": _close,
    "close_range": _close_range,
    **dict.fromkeys(("dup", "dup2", "dup3"), _copy),
    **dict.fromkeys(("fcntl", "fcntl64"), _control),
    "ioctl": _device,
    "pipe": _pipe,
    "pipe2": _pipe,
    "socket": _socket,
    "socketpair": _socket_pair,
    "connect": _connect,
    "bind": _bind,
    "listen": _listen,
    "accept": _accept,
    "accept4": _accept,
    "getsockname": _own_name,
    "shutdown": _shutdown,
    **dict.fromkeys(
        "eventfd eventfd2 epoll_create epoll_create1 timerfd_create signalfd signalfd4 inotify_init inotify_init1 "
        "memfd_create pidfd_open userfaultfd perf_event_open io_uring_setup fanotify_init".split(),
        _quiet,
    ),
}
