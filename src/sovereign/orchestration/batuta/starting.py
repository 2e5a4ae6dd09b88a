"""A new project: the service of `service/`, as a folder of its own.

Enters: the folder to make. Leaves: the folder, and a `NewDocument`. The files are the example of the repository,
`examples/01_triage_service`, so that a new project is one that works.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from sovereign.errors import ParameterError
from sovereign.shell.files import read_bytes, write_atomically

__all__ = ["SERVICE", "NewDocument", "start_project"]

SERVICE = Path(__file__).with_name("service")
_WHAT = {
    "train.py": "trains the model beside scikit-learn's, on data that scikit-learn brings, and writes model.apr",
    "features.py": "checks a request, brings it into the units of the model, decides",
    "handler.py": "answers the events of an HTTP gateway",
    "events.jsonl": "events to try it on: good, odd and malformed ones, one in each line",
    "batuta.toml": "what batuta should know",
}


class NewFileDocument(TypedDict):
    """One file of a new project."""

    file: str
    what: str


class NewDocument(TypedDict):
    """What `batuta new --json` prints."""

    folder: str
    files: list[NewFileDocument]


def start_project(folder: Path) -> NewDocument:
    """Make a project in a folder that is not there yet, or is empty.

    Errors    ParameterError batuta.output   when the folder holds something.
              NotFound, ParameterError       when it cannot be made, as `write_atomically` says.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        text = f"a new project needs a folder that is not there or is empty: `{folder}`"
        raise ParameterError("batuta.output", text, name="name", value=str(folder), allowed=[])
    folder.mkdir(parents=True, exist_ok=True)
    for name in _WHAT:
        write_atomically(folder / name, read_bytes(SERVICE / name))
    return {"folder": str(folder), "files": [{"file": name, "what": what} for name, what in _WHAT.items()]}
