"""Several models in one file: put together, listed, taken out.

Enters: paths. Leaves: a bundle of layout A8 or its models, byte by byte as they were. Read `keys.py` next.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import FormatError, NotFound, ParameterError
from sovereign.persistence.container import Source, bundle, outline
from sovereign.shell.files import read_bytes, require_free, write_atomically
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["BundleDocument", "ExtractDocument", "entries", "extract", "make"]

_SUFFIXES = {".apr", ".ald"}


class EntryDocument(TypedDict):
    """One model and where its file begins."""

    name: str
    layout: str
    offset: int
    size_bytes: int


class BundleDocument(TypedDict):
    """What `apr bundle make` and `apr bundle list` print under `--json`."""

    file: str
    size_bytes: int
    models: list[EntryDocument]


class ExtractDocument(TypedDict):
    """What `apr bundle extract --json` prints."""

    file: str
    outputs: list[str]


def make(output: str, paths: Sequence[str], *, description: str = "", force: bool = False) -> BundleDocument:
    """Put files into a bundle, each under the name of its file without `.apr`.

    Errors    ParameterError  when two have one name, or a file is there and `force` is not given.
              FormatError     when one of them is damaged or of no layout that is read.
    """
    require_free(output, force=force)
    models: dict[str, bytes] = {}
    for path in paths:
        name = _name_of(path)
        if name in models:
            message = f"two models should not have one name: `{name}`"
            raise ParameterError("container.parameter", message, name="name", value=name, allowed="names of their own")
        models[name] = read_bytes(path)
    write_atomically(output, bundle.bundled(models, description), force=force)
    return entries(output)


def entries(path: str) -> BundleDocument:
    """The models of a bundle, from its list alone.

    Errors    ParameterError  `container.layout` when the file is no bundle.
              FormatError     when its list is not what the layout says.
    """
    with Source(path) as source:
        models: list[EntryDocument] = [
            {"name": entry.name, "layout": _layout(data), "offset": entry.offset, "size_bytes": entry.length}
            for entry, data in bundle.each_entry(source)
        ]
        return {"file": path, "size_bytes": source.size, "models": models}


def _layout(data: bytes) -> str:
    try:
        return str(outline(data).layout)
    except FormatError:  # `apr validate` says why
        return "none"


def extract(path: str, folder: str, names: Sequence[str] = (), *, force: bool = False) -> ExtractDocument:
    """Write models of a bundle into a folder, all of them when none is named; none when one has no place.

    A name in a bundle may come from anybody, so one that would lead out of the folder is refused.

    Errors    NotFound        `container.entry` when the bundle has no model of a name.
              ParameterError  when a name is no file name, two names lead to one file, or a file is there and `force`
                              is not given.
    """
    known = [model["name"] for model in entries(path)["models"]]
    missing = next((name for name in names if name not in known), None)
    if missing is not None:
        message = f"the bundle has no model of that name: `{missing}`"
        raise NotFound("container.entry", message, name=missing, nearest=nearest(missing, known))
    places = {name: _place(folder, name) for name in names or known}
    _require_apart(places)
    for place in places.values():
        require_free(place, force=force)
    for entry, data in bundle.each_entry(path):
        if entry.name in places:
            write_atomically(places[entry.name], data, force=force)
    return {"file": path, "outputs": list(places.values())}


def _require_apart(places: Mapping[str, str]) -> None:
    """Refuse names such as `a` and `a.apr`, of which the second model would overwrite the first."""
    taken: dict[str, str] = {}
    for name, place in places.items():
        if taken.setdefault(place, name) != name:
            message = f"models should go to files of their own, `{taken[place]}` and `{name}` both go to: `{place}`"
            raise ParameterError("container.parameter", message, name="name", value=name, allowed="files of their own")


def _name_of(path: str) -> str:
    place = Path(path)
    return place.stem if place.suffix in _SUFFIXES else place.name


def _place(folder: str, name: str) -> str:
    """Where a model goes; a name that would lead out of the folder is refused."""
    if name in {"", ".", ".."} or "/" in name or "\0" in name:
        message = f"the name of a model should be a file name to be taken out, it is: `{name}`"
        raise ParameterError("container.parameter", message, name="name", value=name, allowed="a file name")
    return str(Path(folder) / (name if Path(name).suffix in _SUFFIXES else f"{name}.apr"))
