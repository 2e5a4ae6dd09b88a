"""The process of a function: started as the platform starts it, watched, killed at its deadline, started anew.

Enters: a command, an `Emulator`. Leaves: `Outcome`s and a `Log`. The first event starts the process; one that died or
was killed is started again by the next. Read `emulator.py` for what is said to it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sovereign.errors import NotFound
from sovereign.orchestration.serverless.contract import INIT_LIMIT_S, Invocation, Kind, Outcome, failure
from sovereign.orchestration.serverless.logs import Log, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sovereign.orchestration.serverless.emulator import Emulator, Job

__all__ = ["Sandbox"]

_POLL_S = 0.02
_NO_SIGNAL_S = 0.0


class Sandbox:
    """The environment of one function: its process, those of its extensions, and what they say.

    `folder` is the task's root, where the process runs. `environment` is what the user sets; reserved names win over
    it. The process gets nothing else of ours. With `frames` it is handed the framed log descriptor too.
    """

    def __init__(
        self,
        emulator: Emulator,
        command: Sequence[str | os.PathLike[str]],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        extensions: Sequence[Path] = (),
        frames: bool = False,
        told: Callable[[Record], None] | None = None,
    ) -> None:
        self.log = Log(told)
        self.starts = 0
        self._emulator = emulator
        self._command = [os.fspath(each) for each in command]
        self._folder = folder
        self._environment = dict(environment or {})
        self._extensions = list(extensions)
        self._frames = frames
        self._process: subprocess.Popen[bytes] | None = None
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._held = ExitStack()
        self._lock = threading.Lock()
        emulator.invoker = self.invoke
        emulator.extensions.external = frozenset(each.name for each in self._extensions)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    # events

    def invoke(self, invocation: Invocation | bytes) -> Outcome:
        """Hand an event to the function, starting its process where there is none.

        What comes out is a reply, the function's error, or the platform's: of an init that failed, of a process that
        ended, of a deadline that passed. Then the process is killed, as the platform does it.
        """
        given = Invocation(invocation) if isinstance(invocation, bytes) else invocation
        with self._lock:
            failed = self._started()
        if failed is not None:
            return failed
        job = self._emulator.submit(given)
        deadline = time.monotonic() + self._emulator.timeout_s(job)
        while not job.done.wait(_POLL_S):
            if self.pid is None:
                failed = self._replaced(job)
            if failed is not None:
                return failed
            if time.monotonic() >= deadline:
                self._emulator.expire(job)
                self._kill("TIMEOUT")
        assert job.outcome is not None
        return job.outcome

    def _replaced(self, job: Job) -> Outcome | None:
        """The process is gone: its event ends with it, and one that it did not take yet gets a new process."""
        with self._lock:
            self._ended()
            if job.done.is_set():
                return None
            failed = self._started()
        if failed is not None:
            self._emulator.fail_waiting(failed)
        return failed

    def cycle(self, invocation: Invocation | bytes, timeout_s: float = 1.0) -> Outcome:
        """As `invoke`, and wait until the runtime asked for the next event, so that `Marks.cycle_us` is there."""
        outcome = self.invoke(invocation)
        outcome.ended.wait(timeout_s)
        return outcome

    # life

    def start(self) -> Outcome | None:
        """Start the process and wait for the end of its init; what comes back is why that failed, or nothing."""
        with self._lock:
            return self._started()

    def _started(self) -> Outcome | None:
        if self.pid is not None:
            return None
        if self._process is not None:
            self._ended()
        self._spawn()
        assert self._process is not None
        deadline = time.monotonic() + INIT_LIMIT_S
        while not self._emulator.wait_ready(_POLL_S):
            if self._process.poll() is not None:
                break
            if time.monotonic() >= deadline:
                break
        if self._emulator.is_ready:
            return None
        return self._init_failed()

    def _init_failed(self) -> Outcome:
        """Why no event was asked for: what the runtime reported, or how it ended."""
        reported = self._emulator.init_error
        assert self._process is not None
        if reported is not None:
            # It posts the error before it ends: its own exit is awaited, so that its last words are in the log.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
            self._kill("FAILURE")
            reported.ended.set()
            return reported
        if self._process.poll() is None:
            self._kill("TIMEOUT")
            text = f"Init timed out after {INIT_LIMIT_S:.2f} seconds"
            return _never_ready("Sandbox.Timedout", text)
        text = f"Runtime exited {_reason(self._process.returncode)} before it asked for an event"
        self._ended()
        return _never_ready("Runtime.ExitError", text)

    def _spawn(self) -> None:
        self._emulator.started_anew()
        facts = {**self._environment, **self._emulator.environment(str(self._folder))}
        passed: list[int] = []
        if self._frames:
            reader, writer = os.pipe()
            self.log.frames_of(reader)
            passed.append(writer)
            facts["_LAMBDA_TELEMETRY_LOG_FD"] = str(writer)
        if self._emulator.facts.concurrency > 1:
            short = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="workers")))
            self._held.enter_context(self.log.workers_of(short / "log"))
            facts["_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET"] = str(short / "log")
        try:
            for each in self._extensions:
                self._helpers.append(self._open([str(each)], facts, ()))
            self._process = self._open(self._command, facts, passed)
        except OSError as error:
            text = f"the function's program cannot be started ({error.strerror}): `{self._command[0]}`"
            raise NotFound("serverless.no_program", text, name=self._command[0], nearest=[]) from error
        finally:
            for each_descriptor in passed:
                os.close(each_descriptor)
        self.starts += 1

    def _open(self, command: list[str], facts: dict[str, str], passed: Sequence[int]) -> subprocess.Popen[bytes]:
        out_reader, out_writer = os.pipe()
        err_reader, err_writer = os.pipe()
        try:
            found = subprocess.Popen(
                command,
                cwd=self._folder,
                env=facts,
                stdin=subprocess.DEVNULL,
                stdout=out_writer,
                stderr=err_writer,
                pass_fds=passed,
                start_new_session=True,
            )
        except OSError:
            os.close(out_reader)
            os.close(err_reader)
            raise
        finally:
            os.close(out_writer)
            os.close(err_writer)
        self.log.lines_of("stdout", out_reader)
        self.log.lines_of("stderr", err_reader)
        return found

    def _ended(self) -> None:
        """The process is gone: tell the emulator what its status was."""
        process, self._process = self._process, None
        if process is not None:
            self._emulator.runtime_ended(_reason(process.wait()))

    def _kill(self, reason: str) -> None:
        """End everything at once; extensions are told why."""
        self._emulator.extensions.tell_shutdown(reason)
        for each in (self._process, *self._helpers):
            if each is not None:
                _end_group(each, signal.SIGKILL)
        self._helpers.clear()
        self._ended()

    def stop(self, reason: str = "SPINDOWN") -> int | None:
        """End as the platform does it, and give the status of the process.

        Only with an extension does the runtime get SIGTERM and time to end; without one it is killed.
        """
        process = self._process
        budget_s = self._emulator.extensions.shutdown_budget_s
        if process is not None and budget_s > _NO_SIGNAL_S and process.poll() is None:
            self._emulator.extensions.tell_shutdown(reason)
            _end_group(process, signal.SIGTERM)
            deadline = time.monotonic() + budget_s
            for each in (process, *self._helpers):
                with suppress(subprocess.TimeoutExpired):
                    each.wait(max(deadline - time.monotonic(), 0))
        self._kill(reason)
        self._held.close()
        self.log.join()
        return None if process is None else process.returncode


def _end_group(process: subprocess.Popen[bytes], which: signal.Signals) -> None:
    """Signal the process and those that it started: it leads a session of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, which)


def _never_ready(kind: str, text: str) -> Outcome:
    outcome = Outcome(Kind.INIT_ERROR, failure(kind, text), kind)
    outcome.ended.set()
    return outcome


def _reason(status: int) -> str:
    """How a process ended, in the service's words.

    >>> _reason(1), _reason(-9)
    ('with exit status: 1', 'with signal: killed (9)')
    """
    if status >= 0:
        return f"with exit status: {status}"
    number = signal.Signals(-status)
    name = {signal.SIGKILL: "killed", signal.SIGSEGV: "segmentation fault"}.get(number, number.name)
    return f"with signal: {name} ({-status})"
