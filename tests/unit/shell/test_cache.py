"""The user's cache folder and its locks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sovereign.shell.cache import cache_folder, cargo_target_folder, locked


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"SOVEREIGN_CACHE": "/own", "XDG_CACHE_HOME": "/xdg", "HOME": "/me"}, "/own"),
        ({"XDG_CACHE_HOME": "/xdg", "HOME": "/me"}, "/xdg/sovereign"),
        ({"XDG_CACHE_HOME": "", "HOME": "/me"}, "/me/.cache/sovereign"),
        ({"HOME": "/me"}, "/me/.cache/sovereign"),
        ({"XDG_CACHE_HOME": "not/absolute", "HOME": "/me"}, "/me/.cache/sovereign"),
    ],
)
def test_the_folder_is_the_first_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], folder: str
) -> None:
    for name in ("SOVEREIGN_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(folder)


def test_a_relative_folder_of_ours_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOVEREIGN_CACHE", "here")
    assert cache_folder() == tmp_path / "here"


def test_each_clone_builds_in_a_folder_of_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "a" / "clone", tmp_path / "b" / "clone"
    assert cargo_target_folder(one) == cargo_target_folder(tmp_path / "a" / "." / "clone")
    assert cargo_target_folder(one) != cargo_target_folder(two)
    assert cargo_target_folder(one).name.startswith("clone-")


HOLDER = """
import sys
from pathlib import Path
from sovereign.shell.cache import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
TRY = """
import fcntl, sys
with open(sys.argv[1]) as handle:
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


def test_a_lock_keeps_others_out_until_its_holder_ends(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lock"
    words = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        attempt = [sys.executable, "-c", TRY, str(path)]
        assert subprocess.run(attempt, capture_output=True, check=False).returncode == 1
        holder.kill()
        holder.wait()
        assert subprocess.run(attempt, capture_output=True, check=False).returncode == 0
    with locked(path):
        assert path.exists()
