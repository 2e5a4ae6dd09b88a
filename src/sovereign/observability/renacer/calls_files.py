"""Calls that name files: what they open, look for, make, move and remove.

Enters: a call and the task that made it. Leaves: an `Op` on the file's path, and an entry in the table of descriptors.
The many ways to ask whether something is there are one, `probe`. Read `calls_streams.py` next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.descriptors import Opened, number_of
from sovereign.observability.renacer.events import content_of
from sovereign.observability.renacer.policy import is_machinery, is_quiet_device
from sovereign.observability.renacer.world import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.observability.renacer.events import Call
    from sovereign.observability.renacer.world import Task, World

    Handler = Callable[[World, Task, Call], None]

__all__ = ["HANDLERS", "flags_of", "looks"]

_STREAM = re.compile(r"/dev/(?:std(?P<name>in|out|err)|fd/(?P<fd>\d+))$|/proc/self/fd/(?P<own>\d+)$")
# How a file or a folder is made that gets a name by chance, in every library.
_OWN_FILE, _OWN_FOLDER = "0600", "0700"
_ABSENT = frozenset({"ENOENT", "ENOTDIR"})
_AGAIN = frozenset({"EINTR", "EAGAIN", "ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK"})


def flags_of(value: Any) -> frozenset[str]:
    """The names of flags, however they are written.

    >>> sorted(flags_of(["O_WRONLY", "O_CREAT"])), sorted(flags_of("PROT_READ|PROT_WRITE"))
    (['O_CREAT', 'O_WRONLY'], ['PROT_READ', 'PROT_WRITE'])
    """
    if isinstance(value, str):
        return frozenset(value.split("|"))
    if isinstance(value, list):
        return frozenset(each for each in value if isinstance(each, str))
    return frozenset()


def _mode(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):  # the kind of a new node beside its mode
        return f"{value.get('type', '?')} {_mode(value.get('permissions'))}"
    return f"{value & 0o7777:04o}" if isinstance(value, int) else "?"


# opening


def _open(world: World, task: Task, call: Call, path: str | None, flags: frozenset[str], mode: Any) -> None:
    if path is None:
        if call.result is not None and call.errno is None:
            world.doubt("a path could not be read")
        return
    if call.errno is not None:
        _open_fails(world, task, call, path, flags)
        return
    assert call.result is not None
    is_closing = any(flag.endswith("CLOEXEC") for flag in flags)
    stream = _STREAM.match(path)
    if stream is not None:
        names = {"in": 0, "out": 1, "err": 2}
        own = names[stream["name"]] if stream["name"] else int(stream["fd"] or stream["own"])
        known = task.run.table.opened.get(own)
        if known is not None:
            task.run.table.put(call.result, known, is_closing=is_closing)
            return
    opened = _opened(world, task, call, path, flags, mode)
    task.run.table.put(call.result, opened, is_closing=is_closing)


def _opened(world: World, task: Task, call: Call, path: str, flags: frozenset[str], mode: Any) -> Opened:
    """What an open gives, and the note that it was done."""
    if "O_TMPFILE" in flags:
        thing = ("file", *world.made(task, "unnamed"))
        world.add(task, thing, "open", "read+write", "create", _mode(mode), Place(path))
        return Opened(thing, path)
    words = _words(flags)
    is_look = words == ["read"]
    if "O_PATH" in flags or not world.counts(task, call, path, is_look=is_look):
        return Opened(("file", path), path, is_quiet=True)
    if "O_DIRECTORY" not in flags:
        facts = [*words, *([_mode(mode)] if "create" in words else [])]
        world.add(task, ("file", path), "open", *facts)
    if "exclusive" in words and _mode(mode) == _OWN_FILE:
        world.chosen.append((path, task))
    return Opened(("file", path), path, is_append="append" in words)


def _words(flags: frozenset[str]) -> list[str]:
    access = "read+write" if "O_RDWR" in flags else "write" if "O_WRONLY" in flags else "read"
    named = (("O_CREAT", "create"), ("O_EXCL", "exclusive"), ("O_TRUNC", "truncate"), ("O_APPEND", "append"))
    others = (("O_SYNC", "sync"), ("O_DSYNC", "dsync"), ("O_DIRECT", "direct"), ("O_NOFOLLOW", "nofollow"))
    return [access, *(word for flag, word in (*named, *others) if flag in flags)]


def _open_fails(world: World, task: Task, call: Call, path: str, flags: frozenset[str]) -> None:
    words = _words(flags)
    is_look = words == ["read"] or (words[0] == "read" and words[1:] == ["nofollow"])
    if call.errno in _AGAIN or not world.counts(task, call, path, is_look=is_look):
        return
    if call.errno == "EEXIST" and "exclusive" in words:
        # Whoever takes a name by chance tries until one is free.
        world.add(task, ("file", path), "probe", "exists")
    elif is_look and call.errno in _ABSENT:
        world.add(task, ("file", path), "probe", "absent")
    else:
        world.add(task, ("file", path), "open", *words, call.errno)


def _openat(world: World, task: Task, call: Call) -> None:
    _open(world, task, call, world.path(task, call.arg(0), call.arg(1)), flags_of(call.arg(2)), call.arg(3))


def _openat2(world: World, task: Task, call: Call) -> None:
    how = call.arg(2) if isinstance(call.arg(2), dict) else {}
    path = world.path(task, call.arg(0), call.arg(1))
    _open(world, task, call, path, flags_of(how.get("flags")), how.get("mode"))


def _plain_open(world: World, task: Task, call: Call) -> None:
    _open(world, task, call, world.path(task, None, call.arg(0)), flags_of(call.arg(1)), call.arg(2))


def _creat(world: World, task: Task, call: Call) -> None:
    flags = frozenset({"O_WRONLY", "O_CREAT", "O_TRUNC"})
    _open(world, task, call, world.path(task, None, call.arg(0)), flags, call.arg(1))


# looking


def looks(world: World, task: Task, call: Call, path: str | None) -> None:
    """Note that a task asked whether something is there."""
    if path is None or call.errno in _AGAIN or not world.counts(task, call, path, is_look=True):
        return
    # A mode that is lacking, or a link that is none, is an answer about something that is there.
    answer = "absent" if call.errno in _ABSENT else "exists" if call.errno in {None, "EINVAL"} else str(call.errno)
    world.add(task, ("file", path), "probe", answer)


def _look(world: World, task: Task, call: Call) -> None:
    looks(world, task, call, world.path(task, None, call.arg(0)))


def _look_at(world: World, task: Task, call: Call) -> None:
    content = content_of(call.arg(1))
    if content is None or not content.kept:
        return  # an open descriptor is asked about itself
    looks(world, task, call, world.path(task, call.arg(0), call.arg(1)))


def _list(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is None or opened.path is None or opened.is_quiet or call.errno is not None:
        return
    if world.counts(task, call, opened.path, is_look=True, is_listing=True):
        world.add(task, ("file", opened.path), "list")


# changing


def _change(verb: str, *, at: bool = False, facts: Callable[[Call], list[Any]] = lambda _: []) -> Handler:
    """A handler for a call that changes what a path names; `at` when a folder's descriptor comes before the path."""

    def handler(world: World, task: Task, call: Call) -> None:
        first = 1 if at else 0
        if at and not _is_text(call.arg(1)):
            _changes_opened(world, task, call, verb, facts(call))
            return
        path = world.path(task, call.arg(0) if at else None, call.arg(first))
        if path is None:
            world.doubt("a path could not be read")
        elif call.errno not in _AGAIN and world.counts(task, call, path, is_look=False):
            failure = [] if call.errno is None else [call.errno]
            world.add(task, ("file", path), verb, *facts(call), *failure)
            if verb == "mkdir" and not failure and facts(call) == [_OWN_FOLDER]:
                world.chosen.append((path, task))

    return handler


def _is_text(value: Any) -> bool:
    content = content_of(value)
    return content is not None and bool(content.kept)


def _changes_opened(world: World, task: Task, call: Call, verb: str, facts: list[Any]) -> None:
    opened = world.opened(task, call.arg(0))
    if opened is not None and not opened.is_quiet and call.errno not in _AGAIN:
        failure = [] if call.errno is None else [call.errno]
        world.add(task, opened.thing, verb, *facts, *failure)


def _change_opened(verb: str, facts: Callable[[Call], list[Any]] = lambda _: []) -> Handler:
    """A handler for a call that changes what a descriptor stands for."""

    def handler(world: World, task: Task, call: Call) -> None:
        _changes_opened(world, task, call, verb, facts(call))

    return handler


def _remove_at(world: World, task: Task, call: Call) -> None:
    verb = "rmdir" if "AT_REMOVEDIR" in flags_of(call.arg(2)) else "unlink"
    _change(verb, at=True)(world, task, call)


def _two(verb: str, back: str, *, first: tuple[int | None, int], second: tuple[int | None, int]) -> Handler:
    """A handler for a call with two paths, each as the places of its folder and of itself."""

    def handler(world: World, task: Task, call: Call) -> None:
        paths = [
            world.path(task, None if folder is None else call.arg(folder), call.arg(text))
            for folder, text in (first, second)
        ]
        source, target = paths
        if source is None or target is None:
            world.doubt("a path could not be read")
            return
        if not all(world.counts(task, call, each, is_look=False) for each in (source, target)):
            return
        failure = [] if call.errno is None else [call.errno]
        world.add(task, ("file", source), verb, Place(target), *failure)
        world.add(task, ("file", target), back, Place(source), *failure)

    return handler


def _symlink(*, text: int, folder: int | None, target: int) -> Handler:
    def handler(world: World, task: Task, call: Call) -> None:
        content = content_of(call.arg(text))
        path = world.path(task, None if folder is None else call.arg(folder), call.arg(target))
        if content is None or path is None:
            world.doubt("a path could not be read")
            return
        failure = [] if call.errno is None else [call.errno]
        shown = Place(content.kept.decode("utf-8", "surrogateescape"))
        if world.counts(task, call, path, is_look=False):
            world.add(task, ("file", path), "symlink", shown, *failure)

    return handler


# moving about, and mapping


def _enter(world: World, task: Task, call: Call) -> None:
    path = world.path(task, None, call.arg(0))
    if call.errno is None and path is not None:
        task.run.folder = path


def _enter_opened(world: World, task: Task, call: Call) -> None:
    opened = world.opened(task, call.arg(0))
    if call.errno is None and opened is not None and opened.path is not None:
        task.run.folder = opened.path


def _map(world: World, task: Task, call: Call) -> None:
    number = number_of(call.arg(4))
    if number is None or number < 0 or call.errno is not None:
        return
    opened = world.opened(task, call.arg(4))
    if opened is None or opened.path is None or opened.is_quiet or is_quiet_device(opened.path):
        return
    if "MAP_PRIVATE" not in flags_of(call.arg(3)) and "PROT_WRITE" in flags_of(call.arg(2)):
        world.add(task, opened.thing, "map", "shared")  # what goes through it no call shows
    elif not is_machinery(opened.path):
        world.add(task, opened.thing, "map")


def _whole(place: int) -> Callable[[Call], list[Any]]:
    return lambda call: [call.arg(place)]


def _modes(place: int) -> Callable[[Call], list[Any]]:
    return lambda call: [_mode(call.arg(place))]


def _owner(first: int) -> Callable[[Call], list[Any]]:
    return lambda call: [call.arg(first), call.arg(first + 1)]


def _attribute(call: Call) -> list[Any]:
    content = content_of(call.arg(1))
    return [] if content is None else [content.kept.decode("utf-8", "replace")]


def _lock(call: Call) -> list[Any]:
    return sorted(flags_of(call.arg(1)) - {"LOCK_NB"}) or [call.arg(1)]


HANDLERS: dict[str, Handler] = {
    "open": _plain_open,
    "openat": _openat,
    "openat2": _openat2,
    "creat": _creat,
    **dict.fromkeys("stat lstat access readlink stat64 lstat64".split(), _look),
    **dict.fromkeys("newfstatat fstatat64 statx faccessat faccessat2 readlinkat".split(), _look_at),
    **dict.fromkeys(("getdents", "getdents64"), _list),
    "unlink": _change("unlink"),
    "unlinkat": _remove_at,
    "rmdir": _change("rmdir"),
    "mkdir": _change("mkdir", facts=_modes(1)),
    "mkdirat": _change("mkdir", at=True, facts=_modes(2)),
    "mknod": _change("mknod", facts=_modes(1)),
    "mknodat": _change("mknod", at=True, facts=_modes(2)),
    "truncate": _change("truncate", facts=_whole(1)),
    "chmod": _change("chmod", facts=_modes(1)),
    "fchmodat": _change("chmod", at=True, facts=_modes(2)),
    "fchmodat2": _change("chmod", at=True, facts=_modes(2)),
    "chown": _change("chown", facts=_owner(1)),
    "lchown": _change("chown", facts=_owner(1)),
    "fchownat": _change("chown", at=True, facts=_owner(2)),
    "utime": _change("times"),
    "utimes": _change("times"),
    "futimesat": _change("times", at=True),
    "utimensat": _change("times", at=True),
    "setxattr": _change("attribute", facts=_attribute),
    "lsetxattr": _change("attribute", facts=_attribute),
    "removexattr": _change("no attribute", facts=_attribute),
    "lremovexattr": _change("no attribute", facts=_attribute),
    "fsetxattr": _change_opened("attribute", _attribute),
    "fremovexattr": _change_opened("no attribute", _attribute),
    "ftruncate": _change_opened("truncate", _whole(1)),
    "fallocate": _change_opened("allocate", lambda call: [call.arg(2), call.arg(3)]),
    "fsync": _change_opened("fsync"),
    "fdatasync": _change_opened("fdatasync"),
    "sync_file_range": _change_opened("sync range"),
    "syncfs": _change_opened("syncfs"),
    "fchmod": _change_opened("chmod", _modes(1)),
    "fchown": _change_opened("chown", _owner(1)),
    "flock": _change_opened("lock", _lock),
    "rename": _two("rename to", "rename from", first=(None, 0), second=(None, 1)),
    "renameat": _two("rename to", "rename from", first=(0, 1), second=(2, 3)),
    "renameat2": _two("rename to", "rename from", first=(0, 1), second=(2, 3)),
    "link": _two("link to", "link from", first=(None, 0), second=(None, 1)),
    "linkat": _two("link to", "link from", first=(0, 1), second=(2, 3)),
    "symlink": _symlink(text=0, folder=None, target=1),
    "symlinkat": _symlink(text=0, folder=1, target=2),
    "chdir": _enter,
    "fchdir": _enter_opened,
    "mmap": _map,
}
