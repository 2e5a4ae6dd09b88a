"""Everything that is known of an original and its translation, in one call.

Enters: two files, cases, signatures. Leaves: `Findings`. An original that ends in `.py` is run by the Python that runs
us; whatever else is named must be a program. Read `report.py` next.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.migration.equivalence.benchmark import benchmark
from sovereign.migration.equivalence.cases import Case, Command
from sovereign.migration.equivalence.compare import PATIENCE_S, run_both
from sovereign.migration.equivalence.fuzz import INPUTS, fuzz
from sovereign.migration.equivalence.plain import Signature
from sovereign.migration.equivalence.report import Findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["read_cases", "read_signature", "require_side", "side", "validate"]

DRIVER = "sovereign.migration.equivalence.driver"
_SIGNATURE = re.compile(r"([\w.]+)\((.*)\)", re.DOTALL)
_FIELDS = {"name": str, "arguments": list, "stdin": str, "files": dict, "environment": dict}


def validate(
    original: Path,
    translated: Path,
    *,
    cases: Sequence[Case],
    signatures: Sequence[Signature] = (),
    calls: Path | None = None,
    inputs: int = INPUTS,
    seed: int = 0,
    repeats: int = 0,
    timeout_s: float = PATIENCE_S,
) -> Findings:
    """Compare two programs on cases, their functions on random inputs, and their speed on each case.

    `calls` is the translated side that answers calls (`driver.py`), needed where there are signatures; without
    `repeats` nothing is timed.

    Errors    NotFound equivalence.missing_side       when a side is not there.
              ParameterError equivalence.no_cases     when there is no case, or signatures without `calls`.
              DeviceError equivalence.run             when a side does not speak the protocol, or does not end in time.
    """
    sides = side(original), side(translated)
    report = run_both(*sides, cases, timeout_s=timeout_s)
    fuzzed = []
    if signatures:
        if calls is None:
            text = "functions can only be compared with a translated side that answers calls"
            raise ParameterError("equivalence.no_cases", text, name="calls", value=None, allowed=[])
        fuzzed = fuzz(_answering(original), side(calls), signatures, inputs=inputs, seed=seed)
    speeds = [benchmark(*sides, case, repeats=repeats, timeout_s=timeout_s) for case in cases] if repeats else []
    return Findings(report, tuple(fuzzed), tuple(speeds))


def side(path: Path) -> Command:
    """How a file is run.

    Errors    NotFound equivalence.missing_side   when it is not there.
    """
    return Command.of(sys.executable, path) if path.suffix == ".py" else Command.of(path)


def require_side(path: Path) -> None:
    """See that a side is there.

    Errors    NotFound equivalence.missing_side   when it is not.
    """
    side(path)


def _answering(path: Path) -> Command:
    return Command.of(sys.executable, "-m", DRIVER, path) if path.suffix == ".py" else Command.of(path)


def read_signature(text: str) -> Signature:
    """A function's name with the types of its parameters.

    Errors    ParameterError equivalence.type   when it is no signature.

    >>> read_signature("area(float, list[int])").name
    'area'
    """
    found = _SIGNATURE.fullmatch(text.strip())
    if found is None:
        message = f"a signature is a name with types in parentheses: `{text}`"
        raise ParameterError("equivalence.type", message, name="signature", value=text, allowed=["f(int, list[str])"])
    inside = found[2].strip()
    # Read as one tuple, so that the commas inside of types are not taken for those between parameters.
    return Signature(found[1], Signature.of("", f"tuple[{inside}]").parameters[0].items if inside else ())


def read_cases(text: str) -> list[Case]:
    """Cases out of JSON: a list of objects with any of `name`, `arguments`, `stdin`, `files`, `environment`.

    Errors    ParameterError equivalence.cases   when the text is no such list.

    >>> read_cases('[{"arguments": ["--depth", "3"], "stdin": "x"}]')[0].stdin
    b'x'
    """
    try:
        found = json.loads(text)
    except ValueError as error:
        raise _no_cases(f"the cases are no JSON, {error}", text) from error
    if not isinstance(found, list):
        raise _no_cases("the cases are no list of objects", found)
    return [_case(each) for each in found]


def _case(found: Any) -> Case:
    if not isinstance(found, dict) or not found.keys() <= _FIELDS.keys():
        raise _no_cases(f"a case is an object that holds some of {', '.join(f'`{name}`' for name in _FIELDS)}", found)
    for name, value in found.items():
        inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        if not isinstance(value, _FIELDS[name]) or not all(isinstance(item, str) for item in inner):
            raise _no_cases(f"a case holds what is none of its kind in `{name}`", value)
    files = {name: content.encode() for name, content in found.get("files", {}).items()}
    return Case(
        tuple(found.get("arguments", ())),
        found.get("stdin", "").encode(),
        files,
        found.get("environment", {}),
        found.get("name", ""),
    )


def _no_cases(text: str, value: object) -> ParameterError:
    return ParameterError("equivalence.cases", text, name="cases", value=value, allowed=sorted(_FIELDS))
