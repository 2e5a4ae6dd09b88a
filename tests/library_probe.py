"""Ask the Rust support module what it makes of a call, and compare with what CPython makes of it.

`Library.agree` takes cases: a question (the function's name and its arguments, as `crates/support/examples/library`
reads them) and CPython's answer, which `said` gets out of a call.
"""

from __future__ import annotations

import random
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["Library", "build_library", "chance", "said"]

ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def chance(seed: int | str) -> random.Random:
    """The same numbers on every run."""
    return random.Random(seed)  # noqa: S311 - test data


def said(call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What the call returns, or `!Type: text` of what it raises."""
    try:
        return call(*arguments, **named)
    except Exception as error:  # noqa: BLE001 - the type is part of the answer
        return f"!{type(error).__name__}: {error}"


def escape(value: object) -> str:
    text = value.hex() if isinstance(value, bytes) else str(value)
    return "".join(ESCAPES.get(character, character) for character in text)


def same(answer: str, expected: object) -> bool:
    if isinstance(expected, float):
        return not answer.startswith(("!", "?")) and repr(float(answer)) == repr(expected)
    return answer == escape(expected)


class Library:
    """The probe program; `complaints` is what it wrote on standard error when it was asked last."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.complaints = ""

    def ask(self, questions: Iterable[tuple[object, ...]]) -> list[str]:
        """Answers, one a question."""
        lines = ["\t".join(escape(field) for field in question) for question in questions]
        finished = subprocess.run(
            [str(self.program)],
            env={"COLUMNS": "80"},
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            check=False,
        )
        self.complaints = finished.stderr
        answers = finished.stdout.removesuffix("\n").split("\n")
        if finished.returncode or len(answers) != len(lines):
            asked = lines[len(answers)] if len(answers) < len(lines) else ""
            raise AssertionError(f"the probe ended early, at {asked!r}: {finished.stderr}")
        return answers

    def agree(self, cases: Iterable[tuple[tuple[object, ...], object]]) -> None:
        """Fail unless every answer is CPython's."""
        cases = list(cases)
        assert cases, "no cases"
        answers = self.ask(question for question, _ in cases)
        wrong = [
            f"{question!r}: {answer} instead of {escape(expected)}"
            for (question, expected), answer in zip(cases, answers, strict=True)
            if not same(answer, expected)
        ]
        assert not wrong, f"{len(wrong)} of {len(cases)} differ\n" + "\n".join(wrong[:12])


def build_library(root: Path) -> Library:
    """Compile the probe (a second when nothing changed)."""
    command = ["cargo", "build", "--quiet", "--package", "support", "--example", "library"]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return Library(root / "target/debug/examples/library")
