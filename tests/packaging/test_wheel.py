"""The wheel that users get: built once per state of the sources, opened, damaged, and installed without Rust."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import io
import shutil
import struct
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from sovereign.shell.cache import cache_folder, locked

ROOT = Path(__file__).resolve().parents[2]
# What a wheel is made of; its digest names the folder in which the wheel is kept.
SOURCES = ("Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "crates", "pyproject.toml", "src", "tools")
CORE = "sovereign/_native/_core.abi3.so"

pytestmark = [
    pytest.mark.requires("rust", "zig", "x86_64", "x86_64-unknown-linux-gnu"),
    # The first test waits for the build, the others for it.
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("wheel"),
]


def sources_digest() -> str:
    kept = {".py", ".pyi", ".rs", ".toml", ".lock", ".md", ".typed", ""}
    digest = hashlib.sha256(sys.version.encode())
    for name in SOURCES:
        top = ROOT / name
        files = sorted(path for path in top.rglob("*") if path.is_file()) if top.is_dir() else [top]
        for path in files:
            if path.suffix in kept:
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session", name="wheel")
def _wheel() -> Path:
    shelf = cache_folder() / "wheels"
    folder = shelf / sources_digest()
    with locked(cache_folder() / "locks" / "wheel-test.lock"):
        if not list(folder.glob("*.whl")):
            for old in sorted(shelf.glob("*"), key=lambda path: path.stat().st_mtime)[:-4]:
                shutil.rmtree(old)
            build = [sys.executable, ROOT / "tools" / "wheel.py", "--arch", "x86_64", "--out", folder]
            finished = subprocess.run(build, capture_output=True, text=True, check=False)
            assert finished.returncode == 0, finished.stdout + finished.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session", name="contents")
def _contents():
    spec = importlib.util.spec_from_file_location("wheel_contents", ROOT / "tools" / "wheel_contents.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="files")
def _files(wheel) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_is_what_its_name_promises(wheel, contents):
    assert contents.problems(wheel, "x86_64") == []
    assert wheel.name.endswith("-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")


def test_a_wheel_of_the_other_architecture_is_not_mistaken_for_it(wheel, contents):
    found = " ".join(contents.problems(wheel, "aarch64"))
    assert "the name does not promise" in found
    assert "not a 64-bit library for aarch64" in found
    assert "aligned to pages of 4096 bytes" in found


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("sovereign/tests/test_x.txt", b"", "does not belong"),
        ("sovereign/_native/_core.cpython-311-aarch64-linux-gnu.so", b"", "does not belong"),
        ("tests/test_x.py", b"", "does not belong"),
        ("sovereign/x.py", f"{ROOT}/src".encode(), "a path of this machine"),
    ],
)
def test_a_stray_file_is_found(files, contents, name, data, problem):
    assert list(contents.file_problems(files)) == []
    found = list(contents.file_problems({**files, name: data}))
    assert len(found) == 1
    assert problem in found[0]
    assert name in found[0]


def test_the_end_of_a_longer_path_is_no_path_of_this_machine(files, contents):
    assert list(contents.file_problems({**files, "sovereign/x.py": f"crates{ROOT}/b.rs".encode()})) == []


@pytest.mark.requires("aarch64-unknown-linux-gnu")
def test_the_wheel_for_arm_is_built_and_holds_what_it_promises(tmp_path):
    build = [sys.executable, ROOT / "tools" / "wheel.py", "--arch", "aarch64", "--out", tmp_path]
    finished = subprocess.run(build, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (built,) = tmp_path.iterdir()
    assert built.name.endswith("-cp311-abi3-manylinux2014_aarch64.manylinux_2_17_aarch64.whl")


@pytest.mark.parametrize("ending", ["licenses/LICENSE", "RECORD", "WHEEL", "METADATA", "entry_points.txt", CORE])
def test_a_missing_file_is_found(files, contents, ending):
    left = {name: data for name, data in files.items() if not name.endswith(ending)}
    assert len(left) == len(files) - 1
    assert list(contents.file_problems(left)) == [f"a file is missing, {ending}"]


def test_a_record_that_does_not_fit_is_found(files, contents):
    assert list(contents.record_problems(files)) == []
    changed = {**files, "sovereign/__init__.py": b"changed"}
    assert list(contents.record_problems(changed)) == ["the record does not fit the file sovereign/__init__.py"]
    removed = {name: data for name, data in files.items() if name != "sovereign/py.typed"}
    expected = ["the record lists a file that is not there, sovereign/py.typed"]
    assert list(contents.record_problems(removed)) == expected


def test_a_record_without_digests_is_found(files, contents):
    record = next(name for name in files if name.endswith("RECORD"))
    rows = [[row[0], "", ""] for row in csv.reader(io.StringIO(files[record].decode()))]
    text = "\n".join(",".join(row) for row in rows)
    assert len(list(contents.record_problems({**files, record: text.encode()}))) == len(files) - 1


def test_a_module_for_a_newer_system_is_found(files, contents):
    image = files[CORE]
    assert contents.elf_problems(image, "x86_64") == []
    newer = image.replace(b"GLIBC_2.14\0", b"GLIBC_2.34\0")
    assert newer != image
    assert contents.elf_problems(newer, "x86_64") == ["the native module needs a newer C library, GLIBC_2.34"]
    stranger = image.replace(b"libdl.so.2\0", b"libxx.so.2\0")
    assert "libxx.so.2" in contents.elf_problems(stranger, "x86_64")[0]
    renamed = image.replace(b"PyInit__core\0", b"PyInit_other\0")
    assert contents.elf_problems(renamed, "x86_64") == [
        "the native module offers other symbols than its entry, PyInit_other"
    ]


def test_auditwheel_finds_a_newer_system_too(wheel, files, contents, tmp_path):
    changed = tmp_path / wheel.name
    with zipfile.ZipFile(changed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data.replace(b"GLIBC_2.14\0", b"GLIBC_2.34\0") if name == CORE else data)
    found = [problem for problem in contents.problems(changed, "x86_64") if problem.startswith("auditwheel")]
    assert found == [f"auditwheel finds that it needs more than glibc 2.17, manylinux_2_34_x86_64: `{wheel.name}`"]


def test_a_module_for_another_processor_is_found(files, contents):
    image = bytearray(files[CORE])
    image[18:20] = (183).to_bytes(2, "little")
    assert contents.elf_problems(bytes(image), "x86_64") == ["the native module is not a 64-bit library for x86_64"]


def test_memory_that_is_writable_and_executable_is_found(files, contents):
    image = bytearray(files[CORE])
    start, count = struct.unpack_from("<Q", image, 32)[0], struct.unpack_from("<H", image, 56)[0]
    stack = next(at for at in range(start, start + 56 * count, 56) if image[at : at + 4] == bytes.fromhex("51e57464"))
    image[stack + 4] = 7
    expected = ["the native module has memory that is both writable and executable"]
    assert contents.elf_problems(bytes(image), "x86_64") == expected


def test_a_module_that_names_folders_of_libraries_is_found(files, contents):
    image = bytearray(files[CORE])
    tags = contents.ELFFile(io.BytesIO(image)).get_section_by_name(".dynamic")
    at = next(i for i in range(tags["sh_offset"], tags["sh_offset"] + tags["sh_size"], 16) if image[i] == 1)
    for tag in (15, 29):
        image[at] = tag
        expected = ["the native module says itself where its libraries are"]
        assert contents.elf_problems(bytes(image), "x86_64") == expected


@pytest.fixture(scope="session", name="installed")
def _installed(wheel, tmp_path_factory) -> Path:
    """An environment of its own that has the wheel, sees the locked packages, and asks no index."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-deps", "--python", python, wheel]
    subprocess.run(install, check=True, capture_output=True)
    packages = next(home.glob("lib/python*/site-packages"))
    locked_packages = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    # After our own folder, so that this environment's packages never hide the wheel. A `.pth` file of the locked
    # packages, such as the one that points at the checkout, is not read from there.
    (packages / "locked.pth").write_text(f"{locked_packages}\n")
    return home


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment on a machine without Rust, away from the checkout."""
    environment = {"PATH": f"{home / 'bin'}", "HOME": str(home), "LANG": "C.UTF-8"}
    assert not any(shutil.which(tool, path=environment["PATH"]) for tool in ("cargo", "rustc", "rustup"))
    command = [str(home / "bin" / words[0]), *words[1:]]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)


def test_the_installed_package_is_the_wheels(installed):
    said = run(installed, "python", "-c", "import sovereign._native._core as c; print(c.__file__)").stdout.strip()
    assert Path(said).is_relative_to(installed)


def test_a_dot_product_is_right_without_rust(installed):
    code = (
        "import numpy as n; from sovereign.compute.trueno import dot; x = n.arange(384, dtype='f4'); print(dot(x, x))"
    )
    finished = run(installed, "python", "-c", code)
    assert finished.returncode == 0, finished.stderr
    assert float(finished.stdout) == pytest.approx(sum(i * i for i in range(384)), rel=1e-6)


def test_the_self_tests_run_without_rust(installed):
    finished = run(installed, "batuta", "stack", "check", "--only", "native", "--only", "trueno", "--json")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert '"state": "ok"' in finished.stdout


def test_no_target_is_broken_without_rust(installed):
    finished = run(installed, "batuta", "stack", "check", "--only", "targets", "--json")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "wasm32-unknown-unknown" in finished.stdout
    assert '"state": "broken"' not in finished.stdout


def test_every_file_that_is_installed_is_in_the_record(installed):
    packages = next(installed.glob("lib/python*/site-packages"))
    record = next(packages.glob("sovereign_stack-*.dist-info/RECORD"))
    for name, digest, _size in csv.reader(io.StringIO(record.read_text())):
        if digest:
            data = (packages / name).resolve().read_bytes()
            assert digest == "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
