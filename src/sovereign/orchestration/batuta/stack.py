"""The self-tests of the installed stack, run here and now.

Enters: the entry-point group `sovereign.selftests`; each self-test is imported when its turn comes. Leaves: one
`Check` per self-test, whose evidence is what it saw. A self-test that raises, says nothing or cannot be loaded is
broken, and having none at all is an error: silence is never a pass. Read `shell/selftest.py` for `Evidence`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError, GateFailed, NotFound, SovereignError
from sovereign.shell.installed import entry_points
from sovereign.shell.nearest import nearest
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sovereign.shell.installed import EntryPoint

__all__ = ["GROUP_NAME", "Check", "broken", "check", "chosen", "require_whole"]

GROUP_NAME = "sovereign.selftests"


@dataclass(frozen=True, slots=True)
class Check:
    """One self-test: its registered name, what it saw, and how long it took in milliseconds."""

    name: str
    evidence: tuple[Evidence, ...]
    wall_ms: float

    def to_json(self) -> dict[str, object]:
        """The check as a JSON object."""
        return {
            "name": self.name,
            "evidence": [each.to_json() for each in self.evidence],
            "wall_ms": round(self.wall_ms, 3),
        }


def chosen(only: Sequence[str] = ()) -> list[EntryPoint]:
    """The registered self-tests, or those of them that are named, in the order of their names.

    Errors    NotFound     when a name in `only` is not registered; `nearest` holds like names.
              DeviceError  when none is registered: the distribution is not installed.
    """
    found = entry_points(GROUP_NAME)
    if not found:
        message = f"no self-test is registered, so nothing can be checked: `{GROUP_NAME}`"
        fix = "install the distribution; in a clone, run `make demo`"
        raise DeviceError("stack.empty", message, backend="stack", reason="no entry points", fix=fix)
    for name in only:
        if name not in found:
            message = f"no self-test has that name: `{name}`"
            like = nearest(name, found) or sorted(found)
            raise NotFound("stack.unknown", message, name=name, nearest=like)
    return [point for name, point in sorted(found.items()) if not only or name in only]


def check(only: Sequence[str] = (), *, advance: Callable[[], None] = lambda: None) -> list[Check]:
    """Run the self-tests one after the other, calling `advance` after each.

    Errors    as `chosen`. What a self-test raises becomes broken evidence.
    """
    checks = []
    for point in chosen(only):
        started = time.perf_counter()
        with _stdout_kept_clean():
            evidence = tuple(_evidence(point))
        checks.append(Check(point.name, evidence, (time.perf_counter() - started) * 1e3))
        advance()
    return checks


@contextlib.contextmanager
def _stdout_kept_clean() -> Iterator[None]:
    """What a room and the programs that it starts print meanwhile goes to standard error, not into the answer."""
    if sys.stdout is not None:  # closed when the program began
        sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _evidence(point: EntryPoint) -> Iterator[Evidence]:
    said = False
    try:
        run: Callable[[], Iterator[Evidence]] = point.load()  # type: ignore[assignment] # the group's contract
        for each in run():
            if not isinstance(each, Evidence):
                message = f"it reported a `{type(each).__name__}` where `Evidence` is expected"
                raise TypeError(message)  # noqa: TRY301 - ends as evidence like any other defect of the room
            said = True
            yield each
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a room raises is its answer
        yield _raised(point, error)
        return
    if not said:
        yield Evidence(point.name, State.BROKEN, "the self-test reported nothing", _where(point))


def _raised(point: EntryPoint, error: BaseException) -> Evidence:
    if isinstance(error, SovereignError):
        fix = error.detail.get("fix")
        return Evidence(point.name, State.BROKEN, str(error), str(fix) if fix else _where(point))
    return Evidence(point.name, State.BROKEN, f"it raised `{type(error).__name__}: {error}`", _where(point))


def _where(point: EntryPoint) -> str:
    return f"look at `{point.module}` of `{point.distribution}`"


def broken(checks: Sequence[Check]) -> list[Evidence]:
    """The evidence that something does not work."""
    return [each for one in checks for each in one.evidence if each.state is State.BROKEN]


def require_whole(checks: Sequence[Check]) -> None:
    """Let a stack pass in which nothing is broken.

    Errors    GateFailed  when a check is broken; the sentence names each.
    """
    bad = broken(checks)
    if bad:
        total = sum(len(each.evidence) for each in checks)
        names = ", ".join(dict.fromkeys(f"`{each.check}`" for each in bad))
        message = f"{len(bad)} of {total} checks {'is' if len(bad) == 1 else 'are'} broken: {names}"
        raise GateFailed("stack.broken", message, rule="no check is broken", measured=len(bad), required=0)
