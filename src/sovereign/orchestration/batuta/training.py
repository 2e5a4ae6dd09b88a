"""The model of a project: trained, proved and signed, by the commands that a person would type.

Enters: a project with `train.py`. Leaves: `model.apr` beside it, `dist/model.signed.apr` under a key of this project
alone, and a document of what the commands said. The key lies in `.batuta`, readable by its owner; whoever ships a model
signs it with a key of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError
from sovereign.orchestration.batuta.sources import digest_of, tools_digest
from sovereign.orchestration.batuta.state import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sovereign.orchestration.batuta.line import Line, Ran
    from sovereign.orchestration.batuta.settings import Settings

__all__ = ["run_training"]

_SCRIPT = "train.py"
_COMMAND = "import sys; from sovereign.orchestration.batuta.cli import main; sys.exit(main())"
_PATIENCE_S = 600
_LAST_LINES = 3


def run_training(line: Line, settings: Settings, *, doing: Callable[[str], None] = lambda _what: None) -> Ran:
    """Run `train.py`, prove the file that it writes, sign a copy, check the signature.

    Errors    DeviceError batuta.command   when one of the commands fails; its last words are in the sentence.
    """
    folder = settings.folder
    return line.run(
        "train",
        digest_of(folder, [_SCRIPT], tools_digest()),
        lambda: _trained(folder, doing),
        command=f"python {_SCRIPT}",
        holds=lambda found: _sha256(folder / "model.apr") == found["sha256"],
    )


def _trained(folder: Path, doing: Callable[[str], None]) -> dict[str, Any]:
    model = folder / "model.apr"
    key = folder / FOLDER / "signing.pem"
    signed = folder / "dist" / "model.signed.apr"
    for path in (key, signed):
        path.parent.mkdir(exist_ok=True)
    doing("training")
    said = _run([sys.executable, _SCRIPT], folder)
    doing("proving and signing")
    checks = json.loads(_batuta("apr", "validate", "--json", str(model.relative_to(folder)), folder=folder))
    if not key.is_file():
        _batuta("apr", "keygen", str(key.relative_to(folder)), folder=folder)
    words = ("apr", "sign", "model.apr", str(key.relative_to(folder)), "-o", str(signed.relative_to(folder)), "--force")
    signature = json.loads(_batuta(*words, "--json", folder=folder))
    mark = signature["fingerprint"]
    verified = _batuta("apr", "verify", "--json", str(signed.relative_to(folder)), "--fingerprint", mark, folder=folder)
    (checked,) = checks["files"]
    return {
        "said": said.splitlines()[0] if said else "",
        "size_bytes": model.stat().st_size,
        "sha256": _sha256(model),
        "checks": sum(each["verdict"] == "ok" for each in checked["checks"]),
        "is_valid": checked["is_valid"],
        "is_accepted": json.loads(verified)["is_accepted"],
        "suite": signature["suite"],
        "fingerprint": mark,
        "signed": str(signed),
    }


def _batuta(*words: str, folder: Path) -> str:
    return _run([sys.executable, "-c", _COMMAND, *words], folder)


def _run(command: list[str], folder: Path) -> str:
    """What a command prints.

    Errors    DeviceError batuta.command   when it fails.
    """
    try:
        finished = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(command, "it takes too long") from error
    if finished.returncode:
        said = " ".join(finished.stderr.strip().splitlines()[-_LAST_LINES:])
        raise _failed(command, said or f"it ends with {finished.returncode}")
    return finished.stdout


def _failed(command: list[str], reason: str) -> DeviceError:
    shown = " ".join(each for each in command[1:] if each not in {"-c", _COMMAND})
    text = f"a command of the project fails, {reason}: `{shown}`"
    return DeviceError("batuta.command", text, backend=shown, reason=reason)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
