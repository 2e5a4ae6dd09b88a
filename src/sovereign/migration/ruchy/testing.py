"""Tests that a program carries: its functions marked `@test`.

Enters: a path. Leaves: `Result`s. Each test runs in a fresh copy of the program, behind its top-level code and
without its `main`, so that no test sees what another one left. Read `cli.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.compile_python import PythonCompiler
from sovereign.migration.ruchy.engine import Failure, environment, run_code
from sovereign.migration.ruchy.functions import World
from sovereign.migration.ruchy.methods import call_value
from sovereign.migration.ruchy.program import check_file
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.ruchy.values import Fault, Leave, Thrown

if TYPE_CHECKING:
    from sovereign.migration.ruchy.program import Checked

__all__ = ["Result", "run_tests"]


class Result(NamedTuple):
    """How one test ended."""

    path: str
    name: str
    is_passed: bool
    message: str
    output: str

    @property
    def reason(self) -> str:
        """Why it failed, for the line of the report."""
        return f": {self.message}" if self.message else ""

    def to_json(self) -> dict[str, object]:
        """The result as a JSON object."""
        return {
            "path": self.path,
            "name": self.name,
            "passed": self.is_passed,
            "message": self.message,
            "output": self.output,
        }


def run_tests(path: str, part: str = "") -> list[Result]:
    """Run the tests of a file whose names hold `part`.

    Errors    SourceError  when the program is refused.
    """

    def action() -> list[Result]:
        checked = check_file(path)
        names = [
            node.name
            for node in checked.programs[-1].statements
            if isinstance(node, tree.FunctionDeclaration) and "test" in node.decorators and part in node.name
        ]
        return [_run_test(path, checked, name) for name in names]

    found = on_large_stack(action)
    assert isinstance(found, list)
    return found


def _run_test(path: str, checked: Checked, name: str) -> Result:
    written: list[str] = []
    names = environment(World(written.append))
    compiler = PythonCompiler(checked.names, checked.typed, checked.sources)
    code = compiler.program(checked.programs, calls_main=False)
    binding = checked.names.meant[
        next(
            node
            for node in checked.programs[-1].statements
            if isinstance(node, tree.FunctionDeclaration) and node.name == name
        )
    ]
    message = ""
    try:
        run_code(code, names)
        run_call(names[compiler.spelling(binding)])
    except Failure as failure:
        line = checked.sources.line_span(failure.line).line if failure.line is not None else 0
        message = f"{failure.kind}: {failure.text}, line {line}"
    except Leave as leave:
        message = f"the test called `exit({leave.code})`" if leave.code else ""
    return Result(path, name, not message, message, "".join(written))


def run_call(function: object) -> None:
    """Call a function of a program, whose errors are then failures.

    Errors    Failure  when it fails; Leave when it calls `exit`.
    """
    from sovereign.migration.ruchy.engine import failure_of

    try:
        call_value(function)
    except Leave:
        raise
    except (Fault, Thrown, ArithmeticError, LookupError, NameError, TypeError, AttributeError, RecursionError) as error:
        raise failure_of(error) from None
