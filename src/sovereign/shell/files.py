"""Reading and writing for all commands: typed errors, and never half a file.

Enters: paths as a user typed them. Leaves: bytes, text, or a file that is whole. Each refusal is one sentence
with the path last. Read `console.py` next.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sovereign.errors import DeviceError, NotFound, ParameterError
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["read_bytes", "read_part", "read_text", "require_free", "write_atomically"]

# What the system opened for this process, such as a pipe into standard input: whoever names it means to wait for it.
_OPEN_ALREADY = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")


def read_bytes(path: str | Path) -> bytes:
    """Read a whole file.

    Errors    NotFound        when it is not there; `nearest` holds like names beside it.
              ParameterError  when it is a folder, a pipe or a device, or may not be read. Standard input and other
                              descriptors that are open, such as `/dev/fd/3`, are read to their end.
    """
    return _read(path, 0, None)[0]


def read_part(path: str | Path, offset: int, length: int) -> tuple[bytes, int]:
    """At most so many bytes of a file from `offset` on, and the size of the file, of which no more is read.

    Errors    as `read_bytes`; ParameterError also for a descriptor that is open and no file.
    """
    return _read(path, offset, length)


def _read(path: str | Path, offset: int, length: int | None) -> tuple[bytes, int]:
    """The bytes from `offset` on, all of them without a `length`, and the size of the file."""
    try:
        # Without waiting, because a pipe would open only when somebody writes to it.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            found = os.fstat(handle)
            if stat.S_ISREG(found.st_mode) or (length is None and _is_stream(path, found.st_mode)):
                os.set_blocking(handle, True)
                return _content(handle, min(offset, found.st_size), length), found.st_size
        finally:
            os.close(handle)
    except (FileNotFoundError, NotADirectoryError):
        _not_found("there is no such file", Path(path))
    except OSError as error:
        _refuse("shell.unreadable", f"the file cannot be read, {_reason(error)}", path)
    except ValueError:  # a path with a zero byte, which no system call takes
        _refuse("shell.unreadable", "a path holds no zero byte", str(path).encode("unicode_escape").decode())
    what = "folder" if stat.S_ISDIR(found.st_mode) else "pipe or device"
    raise _refusal("shell.not_a_file", f"a file is needed and this is a {what}", path)


def _content(handle: int, offset: int, length: int | None) -> bytes:
    with os.fdopen(handle, "rb", closefd=False) as file:
        if offset:
            file.seek(offset)
        return file.read(length)


def _is_stream(path: str | Path, mode: int) -> bool:
    """Whether it is open already; another pipe might wait for ever for its writer, and a device might never end."""
    return not stat.S_ISDIR(mode) and str(path).startswith(_OPEN_ALREADY)


def read_text(path: str | Path) -> str:
    """Read a whole file as text, line breaks as they are.

    Errors    as `read_bytes`, and ParameterError when the bytes are not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse("shell.not_utf8", f"the file is not UTF-8 text at byte {error.start}", path)


def require_free(path: str | Path, *, force: bool = False) -> None:
    """Refuse a path that must not be written, before the work that would fill it.

    Errors    NotFound        when its folder is not there.
              ParameterError  when it is a folder, its folder is a file, or it is there and `force` is not given.
              DeviceError     when the system does not let us look.
    """
    place = Path(path)
    try:
        folder = Path(os.path.realpath(place)).parent
        if not folder.is_dir():
            _no_folder(place.parent)
        if place.is_dir():
            _refuse("shell.not_a_file", "a file is needed and this is a folder", path)
        if place.is_file() and not force:
            _exists(path)
    except OSError as error:  # for example a name that is too long
        raise _unwritable(path, error) from error


def write_atomically(
    path: str | Path, data: bytes | str | Iterable[bytes], *, force: bool = False, mode: int | None = None
) -> None:
    """Write a whole file or none: beside its place, to the disk, then moved there in one step.

    Large content may come in pieces, which are asked for while the file is written; what they raise is handed on, and
    nothing is left behind.

    An older file keeps its mode, unless `mode` says which one the file must have. A link is followed. A device or pipe
    such as `/dev/stdout` is written straight, because moving a file there would replace it.

    Errors    as `require_free`, and DeviceError when the system refuses, for example on a full disk.
    """
    whole = data.encode() if isinstance(data, str) else data
    content: Iterable[bytes] = [whole] if isinstance(whole, bytes) else whole
    require_free(path, force=force)
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                file.writelines(content)
        else:
            _write_beside(target, content, force=force, mode=mode)
    except FileExistsError:  # it came between the check and the move
        _exists(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _write_beside(target: Path, content: Iterable[bytes], *, force: bool, mode: int | None) -> None:
    import secrets  # reading does not pay for it

    fresh = target.parent / f".sovereign-{secrets.token_hex(8)}"
    # Created with the mode that the user's mask gives, not with the 0600 of `tempfile`; a secret is one from its start.
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is None and force and target.exists():
                os.fchmod(handle, stat.S_IMODE(target.stat().st_mode))
            file.writelines(content)
            file.flush()
            os.fsync(handle)
        _move(fresh, target, force=force)
    finally:
        fresh.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _move(fresh: Path, target: Path, *, force: bool) -> None:
    if not force:
        try:
            target.hardlink_to(fresh)  # unlike a rename it never replaces what came there meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(target):
                raise FileExistsError(target) from None
        else:
            return
    fresh.replace(target)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _unwritable(path: str | Path, error: OSError) -> DeviceError:
    reason = _reason(error)
    message = f"the file cannot be written, {reason}: `{path}`"
    return DeviceError("shell.cannot_write", message, backend="file", reason=reason)


def _no_folder(folder: Path) -> NoReturn:
    for above in (folder, *folder.parents):
        if above.exists() and not above.is_dir():
            _refuse("shell.not_a_folder", "a folder is needed and this is a file", above)
    _not_found("there is no such folder", folder)


def _not_found(problem: str, path: Path) -> NoReturn:
    try:
        beside = [each.name for each in path.parent.iterdir()]
    except OSError:
        beside = []
    like = [str(path.with_name(each)) for each in nearest(path.name, beside)] if path.name else []
    raise NotFound("shell.not_found", f"{problem}: `{path}`", name=str(path), nearest=like)


def _refuse(code: str, problem: str, path: str | Path) -> NoReturn:
    raise _refusal(code, problem, path)


def _refusal(code: str, problem: str, path: str | Path) -> ParameterError:
    return ParameterError(code, f"{problem}: `{path}`", name="path", value=str(path))


def _exists(path: str | Path) -> NoReturn:
    message = f"a file is already there: `{path}`"
    raise ParameterError("shell.exists", message, name="path", value=str(path), fix="`--force` writes over it")
