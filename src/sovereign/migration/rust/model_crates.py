"""The crates that a program with a model is built with: `predict`, and `trueno` where rows go through its kernels.

Enters: the families that the program's models are of. Leaves: the files of both crates and the dependencies of the
project. Their sources lie beside this file, where `crates/` names them too; unit tests stay behind. Read `project.py`
next.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["DEPENDENCIES", "FAMILIES", "model_crates"]

_HERE = Path(__file__).parent
FAMILIES = (
    "categories", "clusters", "forest", "imputing", "k_means", "linear", "mlp", "naive_bayes", "neighbors", "ngram",
    "pipeline", "projection", "row_norm", "scaling", "text", "vote",
)  # fmt: skip
"""The features of `predict` that stand for families."""
DEPENDENCIES = {
    "predict": {"crc32fast": '{ version = "1.5", default-features = false }', "libm": '"0.2"'},
    "trueno": {"libm": '"0.2"'},
}
"""What the crates need of the registry, as their manifests in `crates/` say it; a test holds both together."""


def model_crates(families: Collection[str], *, needs_kernels: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The files of the crates by their paths inside a project, and its dependencies."""
    features = [*sorted(families), "program", *(["alloc"] if needs_kernels else [])]
    listed = ", ".join(f'"{feature}"' for feature in features)
    files = {"predict/Cargo.toml": _predict(needs_kernels=needs_kernels), **_sources("predict")}
    if needs_kernels:
        files |= {"trueno/Cargo.toml": _trueno(), "trueno/build.rs": _text("trueno/build.rs"), **_sources("trueno")}
    return files, {"predict": f'{{ path = "predict", default-features = false, features = [{listed}] }}'}


def _sources(crate: str) -> dict[str, str]:
    folder = _HERE / crate
    found = {}
    for path in sorted(folder.rglob("*.rs")):
        place = path.relative_to(folder)
        if "tests" not in {*place.parts, path.stem} and place.name != "build.rs":
            found[f"{crate}/src/{place.as_posix()}"] = path.read_text()
    return found


def _text(place: str) -> str:
    return (_HERE / place).read_text()


def _package(name: str) -> list[str]:
    return ["[package]", f'name = "{name}"', 'version = "0.1.0"', 'edition = "2024"', ""]


def _dependencies(name: str) -> list[str]:
    return ["[dependencies]", *(f"{crate} = {wanted}" for crate, wanted in DEPENDENCIES[name].items())]


def _predict(*, needs_kernels: bool) -> str:
    lines = [*_package("predict"), "[features]", *(f"{family} = []" for family in FAMILIES)]
    lines += ["families = []", "file = []", "program = []", "std = []"]
    if not needs_kernels:
        return "\n".join([*lines, "alloc = []", "", "[dependencies]", f"libm = {DEPENDENCIES['predict']['libm']}", ""])
    kernels = 'trueno = { path = "../trueno", default-features = false }'
    return "\n".join([*lines, "alloc = []", "", *_dependencies("predict"), kernels, ""])


def _trueno() -> str:
    return "\n".join([*_package("trueno"), "[features]", "std = []", "", *_dependencies("trueno"), ""])
