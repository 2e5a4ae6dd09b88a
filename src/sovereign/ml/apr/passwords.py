"""Where a password comes from: a file, an environment variable, or the person at the terminal; never the command line.

Enters: what the options name. Leaves: bytes. What stands on a command line can be read by every program of the machine.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from sovereign.errors import ParameterError
from sovereign.shell.files import read_bytes

__all__ = ["PasswordSource", "ask"]


class PasswordSource(NamedTuple):
    """The places that were named; with none of them, the person is asked."""

    file: str | None = None
    variable: str | None = None

    def password(self, question: str, *, is_new: bool = False) -> bytes:
        """The password; a new one is asked for twice.

        Errors    ParameterError  `container.key` when it is empty, two places are named, the variable is not set, the
                                  two answers differ, or there is no terminal to ask on.
                  NotFound        when the file is not there.
        """
        if self.file is not None and self.variable is not None:
            raise _refused("one of the two should be named: `--password-file, --password-env`")
        if self.file is not None:
            found = read_bytes(self.file).split(b"\n", 1)[0].removesuffix(b"\r")
        elif self.variable is not None:
            if self.variable not in os.environ:
                raise _refused(f"the environment variable of the password is not set: `{self.variable}`")
            found = os.fsencode(os.environ[self.variable])
        else:
            found = ask(question, is_new=is_new)
        if not found:
            raise _refused("a password should not be empty, it is: ``")
        return found

    @property
    def is_named(self) -> bool:
        """Whether an option says where the password is."""
        return self.file is not None or self.variable is not None


def ask(question: str, *, is_new: bool = False) -> bytes:
    """What the person at the terminal types, which is not shown.

    Errors    ParameterError  `container.key` when there is no terminal, or the two answers differ.
    """
    from getpass import getpass

    try:
        # `getpass` would read standard input where there is no terminal, which is a file or another program.
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        raise _refused("a password is needed and there is no terminal to ask on: `/dev/tty`") from error
    first = getpass(f"{question}: ")
    if is_new and first != getpass(f"{question}, again: "):
        raise _refused("the two answers differ: `password`")
    return first.encode()


def _refused(message: str) -> ParameterError:
    fix = "`--password-file FILE` or `--password-env NAME` says where it is"
    return ParameterError("container.key", message, name="password", value=None, allowed="a password", fix=fix)
