"""Wheel and lock in step."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from sovereign.orchestration.batuta import selftest
from sovereign.shell.installed import Distribution
from sovereign.shell.selftest import State

if TYPE_CHECKING:
    from pathlib import Path

LOCK = """\
always==1.0 \\
    --hash=sha256:00
    # via nobody==9.9
forked==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:00
forked==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:00
Elsewhere_Only==4.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""


def installed(**versions: str) -> dict[str, Distribution]:
    return {name: Distribution(name, version, "") for name, version in versions.items()}


@pytest.mark.parametrize("forked", ["2.0", "3.0"])
def test_packages_as_in_the_lock_are_fine(forked: str) -> None:
    found = selftest.packages(LOCK, installed(always="1.0", forked=forked, other="7"))
    assert (found.state, found.fix) == (State.OK, None)
    assert found.evidence == "2 packages are as `requirements/develop.lock` names them"


@pytest.mark.parametrize(
    ("versions", "evidence"),
    [
        ({"always": "1.1", "forked": "2.0"}, "always is 1.1 instead of 1.0"),
        ({"always": "1.0", "forked": "2.5"}, "forked is 2.5 instead of 2.0 or 3.0"),
        ({"forked": "2.0"}, "always is missing"),
        ({"always": "1", "forked": "1"}, "always is 1 instead of 1.0, forked is 1 instead of 2.0 or 3.0"),
    ],
)
def test_a_package_beside_the_lock_is_named(versions: dict[str, str], evidence: str) -> None:
    found = selftest.packages(LOCK, installed(**versions))
    assert (found.state, found.evidence, found.fix) == (State.BROKEN, evidence, "make demo")


def test_a_package_for_another_system_is_compared_when_it_is_here() -> None:
    both = installed(always="1.0") | {"elsewhere-only": Distribution("elsewhere-only", "5", "")}
    assert selftest.packages(LOCK, both).evidence == "elsewhere-only is 5 instead of 4.0"


def test_many_differences_are_counted() -> None:
    lock = "\n".join(f"p{number}==1" for number in range(5))
    assert selftest.packages(lock, {}).evidence == "p0 is missing, p1 is missing, p2 is missing and 2 more"


def test_a_lock_without_packages_is_no_pass() -> None:
    assert selftest.packages("# nothing\n", installed(a="1")).state is State.BROKEN


@pytest.mark.parametrize(("core", "state"), [("0.1.0", State.OK), ("0.1.1", State.BROKEN)])
def test_core_and_distribution_are_of_one_version(core: str, state: State) -> None:
    assert selftest.version(core, Distribution("sovereign-stack", "0.1.0", ""), "make demo").state is state


def test_a_core_without_its_distribution_is_broken() -> None:
    assert selftest.version("0.1.0", None, "make demo").state is State.BROKEN


def wheel(folder: Path, content: bytes, recorded: bytes) -> Distribution:
    info = folder / "sovereign_stack-0.1.0.dist-info"
    info.mkdir()
    (folder / "core.so").write_bytes(content)
    digest = base64.urlsafe_b64encode(hashlib.sha256(recorded).digest()).rstrip(b"=").decode()
    (info / "RECORD").write_text(f"core.so,sha256={digest},3\n../bin/batuta,sha256=x,1\n{info.name}/RECORD,,\n")
    return Distribution("sovereign-stack", "0.1.0", str(info))


def test_files_as_the_wheel_recorded_them_are_fine(tmp_path: Path) -> None:
    found = selftest.record(wheel(tmp_path, b"abc", b"abc"))
    assert (found.state, found.evidence) == (State.OK, "1 files are as the wheel recorded them")


def test_a_changed_or_missing_file_is_named(tmp_path: Path) -> None:
    distribution = wheel(tmp_path, b"abd", b"abc")
    assert selftest.record(distribution).evidence == "core.so was changed"
    (tmp_path / "core.so").unlink()
    assert selftest.record(distribution).evidence == "core.so is missing"
    assert selftest.record(distribution).state is State.BROKEN


def test_an_empty_record_is_no_pass(tmp_path: Path) -> None:
    assert selftest.record(Distribution("sovereign-stack", "0.1.0", str(tmp_path))).state is State.BROKEN


def test_this_clone_is_in_step_with_its_lock() -> None:
    found = list(selftest.run())
    assert [each.check for each in found] == ["core and distribution", "packages and lock"]
    assert [each.state for each in found] == [State.OK, State.OK], [each.evidence for each in found]
