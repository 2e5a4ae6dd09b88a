"""Traces made by hand: the events that a program would leave, without running one."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["Hand", "TraceBook"]

CREATE = ["O_WRONLY", "O_CREAT", "O_TRUNC", "O_CLOEXEC"]


class TraceBook:
    """One trace as it is written down; time goes on by itself."""

    def __init__(
        self, command: list[str] | None = None, *, folder: str = "/srv/ada/jobs", first_pid: int = 4000
    ) -> None:
        self.now = 1_000.0
        self.pid = first_pid
        self.folder = folder
        self.command = command or ["/usr/bin/job"]
        self.options: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.lost = 0
        self.main = self._begin(None, "start")
        self.run(self.main, self.command)

    def _tick(self) -> float:
        self.now = round(self.now + 0.001, 9)
        return self.now

    def _begin(self, parent: Hand | None, how: str) -> Hand:
        tid = self.pid
        self.pid += 1
        pid = parent.pid if parent is not None and how == "thread" else tid
        hand = Hand(self, pid, tid, None if parent is None or how == "thread" else dict(parent.fds))
        if how == "thread" and parent is not None:
            hand.fds = parent.fds
        self.events.append(
            {
                "event": "process",
                "time": self._tick(),
                "pid": pid,
                "tid": tid,
                "parent": None if parent is None else parent.tid,
                "how": how,
                "program": None,
            }
        )
        return hand

    def run(self, hand: Hand, argv: list[str]) -> None:
        """A task becomes another program."""
        self.events.append(
            {"event": "exec", "time": self._tick(), "pid": hand.pid, "tid": hand.tid, "program": argv[0], "argv": argv}
        )

    def objects(self) -> list[dict[str, Any]]:
        """All events, with head and foot."""
        head = {
            "event": "trace",
            "version": 1,
            "tool": "renacer test",
            "kernel": "6.18",
            "arch": "x86_64",
            "command": self.command,
            "folder": self.folder,
            "start": 1_000.0,
            "options": self.options,
        }
        calls = sum(each["event"] == "call" for each in self.events)
        end = {"event": "end", "time": self._tick(), "calls": calls, "lost": self.lost, "status": 0, "signal": None}
        return [head, *self.events, end]

    def lines(self) -> list[str]:
        """The same as JSON lines."""
        return [json.dumps(each) + "\n" for each in self.objects()]


class Hand:
    """One task of a trace, told what to do."""

    def __init__(self, book: TraceBook, pid: int, tid: int, fds: dict[int, str] | None = None) -> None:
        self.book = book
        self.pid = pid
        self.tid = tid
        self.fds = fds if fds is not None else {0: "pipe:[1]", 1: "pipe:[2]", 2: "pipe:[3]"}
        self.frame: dict[str, Any] | None = None

    # tasks

    def fork(self) -> Hand:
        self.call("clone", {"flags": ["SIGCHLD"]}, self.book.pid)
        return self.book._begin(self, "fork")

    def thread(self) -> Hand:
        self.call("clone", {"flags": ["CLONE_VM", "CLONE_THREAD"]}, self.book.pid)
        return self.book._begin(self, "thread")

    def run(self, *argv: str) -> None:
        self.book.run(self, list(argv))

    def exit(self, status: int = 0, signal: str | None = None, **facts: Any) -> None:
        event = {
            "event": "exit",
            "time": self.book._tick(),
            "pid": self.pid,
            "tid": self.tid,
            "status": None if signal else status,
            "signal": signal,
            "core": False,
        }
        self.book.events.append({**event, "user_us": 1.0, "system_us": 1.0, "max_rss": 1 << 20, **facts})

    def wait(self, child: Hand) -> None:
        self.call("wait4", {"upid": -1, "stat_addr": 0, "options": [], "ru": None}, child.pid)

    # calls

    def call(self, name: str, args: dict[str, Any], result: int | None = 0, **more: Any) -> None:
        start = self.book._tick()
        event = {
            "event": "call",
            "pid": self.pid,
            "tid": self.tid,
            "start": start,
            "duration_us": more.pop("duration_us", 20.0),
            "name": name,
            "args": args,
            "result": result,
            "errno": more.pop("errno", None),
            "python": self.frame,
        }
        self.book.events.append({**event, **more})

    def waited(self, name: str, args: dict[str, Any], result: int, since: float) -> None:
        """A call that began earlier and ends now."""
        duration_us = (self.book._tick() - since) * 1e6
        self.call(name, args, result, duration_us=round(duration_us, 3))
        self.book.events[-1]["start"] = since

    def free(self) -> int:
        return next(number for number in range(1 << 20) if number not in self.fds)

    def fd(self, number: int) -> dict[str, Any]:
        return {"fd": number, "is": self.fds.get(number)}

    def open(self, path: str, flags: list[str] | None = None, mode: int = 0o666, *, errno: str | None = None) -> int:
        wanted = ["O_RDONLY", "O_CLOEXEC"] if flags is None else flags
        number = self.free()
        if errno is None:
            self.fds[number] = path if path.startswith("/") else f"{self.book.folder}/{path}"
        args = {"dfd": {"fd": -100, "is": self.book.folder}, "filename": path, "flags": wanted, "mode": mode}
        if errno is not None:
            self.call("openat", args, -2, errno=errno)
            return -1
        self.call("openat", args, number, descriptor=self.fds[number])
        return number

    def create(self, path: str, mode: int = 0o666) -> int:
        return self.open(path, CREATE, mode)

    def write(self, number: int, text: str, **more: Any) -> None:
        size = len(text.encode())
        args = {"fd": self.fd(number), "buf": {"text": text, "length": size}, "count": size}
        self.call("write", args, size, **more)

    def read(self, number: int, text: str, count: int = 8192) -> None:
        size = len(text.encode())
        self.call("read", {"fd": self.fd(number), "buf": {"text": text, "length": size}, "count": count}, size)

    def close(self, number: int) -> None:
        self.call("close", {"fd": self.fd(number)})
        self.fds.pop(number, None)

    def dup2(self, old: int, new: int) -> None:
        self.call("dup2", {"oldfd": self.fd(old), "newfd": new}, new)
        self.fds[new] = self.fds[old]

    def pipe(self) -> tuple[int, int]:
        first = self.free()
        self.fds[first] = f"pipe:[{self.book.pid}{first}]"
        second = self.free()
        self.fds[second] = self.fds[first]
        self.call("pipe2", {"fildes": [first, second], "flags": ["O_CLOEXEC"]})
        return first, second

    def path(self, name: str, path: str, *rest: Any, errno: str | None = None) -> None:
        """A call that names one path, such as `unlink`."""
        args = {"pathname": path, **{f"arg{place}": value for place, value in enumerate(rest)}}
        self.call(name, args, 0 if errno is None else -1, errno=errno)
