from __future__ import annotations

import json

import pytest

from sovereign.errors import DeviceError
from sovereign.migration.rust import vendor

CARGO = """
echo >> {root}/calls
for word; do folder="$word"; done
mkdir -p "$folder/crc32fast-1.5.4"
pwd > {root}/where
printf '%s\\n' "$@" > {root}/words
"""


def test_cargo_stays_off_the_network_without_a_vendor_folder(pretend):
    assert vendor.arguments(None, pretend.machine.cache) == ("--offline",)
    assert vendor.arguments(pretend.project(), pretend.machine.cache) == ("--offline",)


def test_the_crates_of_the_lock_are_brought_once(pretend):
    project, cache = pretend.project(), pretend.machine.cache
    cargo = pretend.program("cargo", CARGO.format(root=pretend.root))
    for _ in range(2):
        folder = vendor.bring(project, cache, cargo)
    assert [path.name for path in folder.iterdir()] == ["crc32fast-1.5.4"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert (pretend.root / "calls").read_text() == "\n"
    assert (pretend.root / "where").read_text().strip() == str(project)
    assert (pretend.root / "words").read_text().splitlines()[:4] == [
        "vendor",
        "--quiet",
        "--locked",
        "--versioned-dirs",
    ]


def test_what_a_broken_off_call_left_does_not_stay(pretend):
    project, cache = pretend.project(), pretend.machine.cache
    folder = vendor.folder(project, cache)
    (folder.with_name(f"{folder.name}.new") / "half-a-crate").mkdir(parents=True)
    vendor.bring(project, cache, pretend.program("cargo", CARGO.format(root=pretend.root)))
    assert [path.name for path in folder.iterdir()] == ["crc32fast-1.5.4"]


def test_cargo_is_told_where_the_crates_lie(pretend):
    project, cache = pretend.project(), pretend.machine.cache
    folder = vendor.bring(project, cache, pretend.program("cargo", CARGO.format(root=pretend.root)))
    assert vendor.arguments(project, cache) == (
        "--offline",
        "--config",
        'source.crates-io.replace-with="vendor"',
        "--config",
        f"source.vendor.directory={json.dumps(str(folder))}",
    )


def test_a_lock_without_foreign_crates_has_an_empty_folder(pretend):
    folder = vendor.bring(pretend.project(), pretend.machine.cache, pretend.program("cargo"))
    assert list(folder.iterdir()) == []


def test_another_lock_has_another_folder(pretend):
    project = pretend.project()
    first = vendor.folder(project, pretend.machine.cache)
    (project / "Cargo.lock").write_text("version = 4\n# changed\n")
    assert vendor.folder(project, pretend.machine.cache) != first


@pytest.mark.parametrize(
    ("text", "reason"),
    [("echo 'error: offline' >&2; exit 101", "error: offline"), ("exit 9", "cargo ended with status 9")],
)
def test_crates_that_cannot_be_brought_are_an_error(pretend, text, reason):
    project, cache = pretend.project(), pretend.machine.cache
    with pytest.raises(DeviceError) as caught:
        vendor.bring(project, cache, pretend.program("cargo", text))
    assert (caught.value.code, caught.value.detail["reason"]) == ("targets.missing", reason)
    assert not vendor.folder(project, cache).exists()
