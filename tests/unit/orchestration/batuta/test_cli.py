"""What the commands of `batuta` say while they work."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sovereign.orchestration.batuta import cli, stack
from sovereign.shell.command import Options
from sovereign.shell.console import Console

if TYPE_CHECKING:
    import pytest

    from sovereign.shell.progress import Progress


class Watched(Console):
    """A console that keeps the progress it handed out."""

    def __init__(self) -> None:
        super().__init__("batuta", out=io.StringIO(), err=io.StringIO(), environment={})
        self.works: list[Progress] = []

    def progress(self, what: str, steps: int | None = None) -> Progress:
        self.works.append(super().progress(what, steps))
        return self.works[-1]


def test_the_check_counts_each_step_of_its_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_only: object, *, advance: Any) -> list[stack.Check]:
        advance()
        return []

    monkeypatch.setattr(stack, "chosen", lambda _only: ["one"])
    monkeypatch.setattr(stack, "check", check)
    console = Watched()
    assert cli.stack_check(console, Options(only=[], html=None, force=False)) == 0
    assert [(each.what, each.steps, each._done) for each in console.works] == [("checking", 1, 1)]
