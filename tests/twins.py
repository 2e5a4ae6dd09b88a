"""The support module and CPython, asked the same questions.

Enters: questions, each the name of an operation and its arguments. Leaves: `differences`, those that the two answer
otherwise. The Rust side is the example `probe` of `crates/support`, which tells the form of its lines; the Python side
is a table of functions. Read `unit/migration/rust/support/test_integers.py` next.
"""

from __future__ import annotations

import functools
import random
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).parents[1]


def drawing(seed: int | str) -> random.Random:
    """What draws the questions of one test: the same ones in every run."""
    return random.Random(seed)  # noqa: S311 - nothing here is secret.


@functools.cache
def example(name: str) -> str:
    """The path of an example of `crates/support`, built when it is stale."""
    subprocess.run(["cargo", "build", "-q", "-p", "support", "--example", name], cwd=ROOT, check=True)
    return str(ROOT / "target" / "debug" / "examples" / name)


def rust_answers(questions: Iterable[tuple[str, ...]]) -> list[str]:
    """What the support module answers: `= text` or `! Kind: text` each."""
    lines = ["\t".join([name, *(argument.encode().hex() for argument in rest)]) for name, *rest in questions]
    said = subprocess.run([example("probe")], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [line[:2] + bytes.fromhex(line[2:]).decode() for line in said.stdout.splitlines()]


def python_answer(operation: Callable[..., object], arguments: Iterable[str]) -> str:
    """What CPython answers, in the same form."""
    try:
        return f"= {operation(*arguments)}"
    except Exception as error:  # noqa: BLE001 - which exception it is, is the answer.
        return f"! {type(error).__name__}: {error}"


def differences(table: Mapping[str, Callable[..., object]], questions: list[tuple[str, ...]]) -> list[str]:
    """The questions that the two sides answer otherwise, with both answers."""
    answers = rust_answers(questions)
    assert len(answers) == len(questions)
    expected = [python_answer(table[name], rest) for name, *rest in questions]
    found = zip(questions, expected, answers, strict=True)
    return [f"{question}: CPython {wanted!r}, we {said!r}" for question, wanted, said in found if wanted != said]
