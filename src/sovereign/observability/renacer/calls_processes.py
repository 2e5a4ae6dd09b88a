"""Calls about processes: what they start, end, wait for, and change of the whole machine.

Enters: a call and the task that made it. Leaves: an `Op`, or knowledge of what came before. Read `effects.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer import calls_descriptors, calls_files, calls_streams
from sovereign.observability.renacer.events import content_of
from sovereign.observability.renacer.policy import is_machinery
from sovereign.observability.renacer.world import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sovereign.observability.renacer.events import Call
    from sovereign.observability.renacer.world import Task, World

    Handler = Callable[[World, Task, Call], None]

__all__ = ["HANDLERS"]


def _wait(world: World, task: Task, call: Call) -> None:
    if call.result is not None and call.result > 0:
        world.waited(task, call.result)


def _wait_id(world: World, task: Task, call: Call) -> None:
    if call.errno is None and call.result == 0:
        info = call.arg(2)
        pid = info.get("si_pid") if isinstance(info, dict) else None
        world.waited(task, pid if isinstance(pid, int) else _whole(call.arg(1)))


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _run(world: World, task: Task, call: Call) -> None:
    """A program that could not be started; one that was has an event of its own."""
    if call.errno is None:
        return
    at = 1 if call.name == "execveat" else 0
    content = content_of(call.arg(at))
    argv = call.arg(at + 1)
    text = content.kept.decode("utf-8", "surrogateescape") if content is not None else "?"
    # What is looked for along PATH has one name in many folders.
    name = text.rpartition("/")[2] if is_machinery(text) else Place(text)
    words = [str(each) for each in argv] if isinstance(argv, list) else []
    for earlier in task.run.failed[-1:]:
        if earlier.facts[1:] == (tuple(words), call.errno):
            return
    task.run.failed.append(world.add(task, ("children",), "run fails", name, tuple(words), call.errno))


def _kill(world: World, task: Task, call: Call) -> None:
    """A signal is sent; the last two arguments of all of these calls are a target and the signal."""
    target, signal = (call.arg(0), call.arg(1)) if call.name != "tgkill" else (call.arg(0), call.arg(2))
    if signal in {0, None} or call.errno == "ESRCH":
        return
    run = world.run_of(target) if isinstance(target, int) else None
    if call.name == "tkill" and run is None:
        run = world.task(task.run.pid, target).run if isinstance(target, int) else None
    whom: Any = "itself" if run is task.run else run if run is not None else "another"
    world.add(task, ("signals",), "send", str(signal), whom, *([] if call.errno is None else [call.errno]))


def _system(world: World, task: Task, call: Call) -> None:
    facts = [value if isinstance(value, int) else Place(value) for value in call.values if isinstance(value, int | str)]
    world.add(task, ("machine",), call.name, *facts, *([] if call.errno is None else [call.errno]))


HANDLERS: Mapping[str, Handler] = {
    **calls_files.HANDLERS,
    **calls_streams.HANDLERS,
    **calls_descriptors.HANDLERS,
    **dict.fromkeys(("wait4", "waitpid"), _wait),
    "waitid": _wait_id,
    "execve": _run,
    "execveat": _run,
    **dict.fromkeys(("kill", "tkill", "tgkill"), _kill),
    **dict.fromkeys(
        "mount umount2 pivot_root chroot sethostname setdomainname settimeofday clock_settime reboot swapon swapoff "
        "init_module finit_module delete_module setuid setgid setreuid setregid setresuid setresgid setgroups".split(),
        _system,
    ),
}
