"""What is left out of the effects of a program, because it is the machinery's and not the program's.

Enters: a path, and who touches it. Leaves: whether it counts. Only looking is ever left out: whatever changes something
outside of the process is an effect, but for the byte code that Python keeps beside its modules. `VERSION` stands in
golden files, because a changed rule makes older files say something else. Read `world.py` next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sovereign.observability.renacer.events import Frame

__all__ = ["DROPPED_CALLS", "VERSION", "is_bytecode", "is_import", "is_machinery", "is_python", "is_quiet_device"]

VERSION = 1

DROPPED_CALLS = (
    "memory: mmap of private pages, munmap, brk, mprotect, madvise",
    "waiting: futex, poll, select, epoll, clocks, sleeping, scheduling",
    "signals: masks, handlers and SIGCHLD",
    "descriptors: their numbers, copies, flags, stat of an open one, terminal settings",
    "machinery: the loader, shared libraries, locales, time zones, name services, /proc and /sys, program folders",
    "Python: what the interpreter reads to start and to import, and its byte code",
)
"""The classes of calls that are no effects, as golden files and pages name them."""

_MACHINERY = re.compile(
    r"/etc/(?:ld\.so\.|nsswitch\.conf$|host\.conf$|resolv\.conf$|gai\.conf$|hosts$|localtime$|locale\.alias$)"
    r"|/(?:proc|sys)(?:/|$)"
    r"|/dev/(?:null|zero|full|random|urandom|shm)?$"
    r"|(?:/usr)?(?:/local)?/(?:s?bin|libexec)(?:/|$)"
    r"|/usr/(?:share|lib)/(?:locale|zoneinfo|i18n)(?:/|$)"
    r"|(?:/usr)?/lib(?:32|64|x32)?/(?:[\w.-]+-linux-gnu(?:/|$)|ld-linux|locale)"
    r"|/(?:var/)?run/(?:nscd|systemd)(?:/|$)"
    r"|.*\.so(?:\.[\d.]+)?$"
)
_INTERPRETER = re.compile(
    r".*/(?:lib(?:32|64)?/python3?(?:\.\d+)?(?:/|$|\.zip$)|lib(?:32|64)?/python\d+\.zip|python3\d+\.zip"
    r"|pyvenv\.cfg$|pybuilddir\.txt$|Modules/Setup|[^/]*\._pth$|python3?(?:\.\d+)?$)"
)
_BYTECODE = re.compile(r".*/__pycache__(?:/|$)|.*\.pyc(?:\.\d+)?$")
_SOURCE = re.compile(r".*\.(?:py|pyi|pth)$")
_IMPORTING = re.compile(
    r"<frozen (?:importlib|zipimport|site|runpy|_sitebuiltins|getpath)|.*/(?:site|runpy|zipimport)\.py$"
)
_PYTHON = re.compile(r"(?:.*/)?python(?:3(?:\.\d+)?)?[a-z]*$")
_QUIET = re.compile(r"/dev/(?:null|zero|full|random|urandom|tty\w*|console|pts/\d+|ptmx)$|/(?:proc|sys)/")


def is_python(program: str | None) -> bool:
    """Whether a program is the Python interpreter, by its name.

    >>> is_python("/usr/bin/python3.11"), is_python("/usr/bin/perl")
    (True, False)
    """
    return program is not None and _PYTHON.match(program) is not None


def is_quiet_device(path: str) -> bool:
    """Whether what is read from a path and written there has no effect that lasts.

    >>> is_quiet_device("/dev/null")
    True
    """
    return _QUIET.match(path) is not None


def is_machinery(path: str) -> bool:
    """Whether looking at a path is what the loader and the C library do by themselves.

    >>> is_machinery("/lib/x86_64-linux-gnu/libc.so.6"), is_machinery("/srv/ada/in.txt")
    (True, False)
    """
    return _MACHINERY.match(path) is not None


def is_bytecode(path: str) -> bool:
    """Whether a path is where Python keeps byte code."""
    return _BYTECODE.match(path) is not None


def is_import(path: str, frame: Frame | None, *, knows_frames: bool, is_listing: bool = False) -> bool:
    """Whether a Python process looks at a path to start or to import, not because its program asked.

    With frames the interpreter's own are known: it has none before the program runs, and importing has frozen ones.
    Without them it is judged by the path, and Python sources that a program reads as data are taken for imports.
    """
    if _INTERPRETER.match(path) or is_bytecode(path):
        return True
    if knows_frames:
        return frame is None or _IMPORTING.match(frame.file) is not None
    return is_listing or _SOURCE.match(path) is not None
