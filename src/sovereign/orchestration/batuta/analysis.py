"""What a project consists of, and what would become of each file.

Enters: a folder. Leaves: an `AnalyzeDocument`: languages with counts, packages from elsewhere, and for each file the
translator that takes it, or why none does. Nothing is run and nothing is written. `transpilation.py` does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sovereign.orchestration.batuta.sources import ProjectFile, imported_packages, project_files

if TYPE_CHECKING:
    from sovereign.orchestration.batuta.settings import Settings

__all__ = [
    "FILE_COLUMNS",
    "LANGUAGE_COLUMNS",
    "NOT_MEASURED",
    "PACKAGE_COLUMNS",
    "AnalyzeDocument",
    "analyze",
    "file_rows",
    "language_rows",
    "package_rows",
]

NOT_MEASURED = "not measured"
_TRANSLATORS = {"Python": "depyler", "Ruchy": "ruchy"}
_TAKEN = frozenset({"sovereign"})
"""Packages that translate: a model that a program loads becomes part of it."""
_PARTLY = frozenset({"numpy"})
LANGUAGE_COLUMNS = ("language", "files", "lines")
PACKAGE_COLUMNS = ("package", "translates", "used by")
FILE_COLUMNS = ("file", "language", "lines", "translator", "why")


class LanguageDocument(TypedDict):
    """How much of a project is in one language; lines are those that are not blank."""

    language: str
    files: int
    lines: int


class PackageDocument(TypedDict):
    """A package from elsewhere: whether programs that import it can be translated, and who imports it."""

    package: str
    translates: str
    used_by: list[str]


class FileDocument(TypedDict):
    """One file: its translator, `copy` for what stays as it is, or None with the reason."""

    file: str
    language: str | None
    lines: int
    translator: str | None
    why: str


class AnalyzeDocument(TypedDict):
    """What `batuta analyze --json` prints."""

    project: str
    folder: str
    primary_language: str | None
    languages: list[LanguageDocument]
    dependencies: list[PackageDocument]
    tdg: float | str
    recommended_transpiler: str | None
    files: list[FileDocument]


def analyze(settings: Settings) -> AnalyzeDocument:
    """Look at a project.

    Errors    as `project_files`.
    """
    files = project_files(settings.folder)
    languages = _languages(files)
    packages = imported_packages(settings.folder, [each.name for each in files])
    primary = max(languages, key=lambda each: (each["lines"], each["language"]), default=None)
    return {
        "project": settings.name,
        "folder": str(settings.folder),
        "primary_language": primary and primary["language"],
        "languages": languages,
        "dependencies": [_package(name, by) for name, by in packages.items()],
        "tdg": NOT_MEASURED,
        "recommended_transpiler": _TRANSLATORS.get(primary["language"]) if primary else None,
        "files": [_file(each, settings, packages) for each in files],
    }


def _languages(files: list[ProjectFile]) -> list[LanguageDocument]:
    found: dict[str, LanguageDocument] = {}
    for each in files:
        if each.language:
            counted = found.setdefault(each.language, {"language": each.language, "files": 0, "lines": 0})
            counted["files"] += 1
            counted["lines"] += each.lines
    return sorted(found.values(), key=lambda each: (-each["lines"], each["language"]))


def _package(name: str, used_by: list[str]) -> PackageDocument:
    says = "yes" if name in _TAKEN else "in part" if name in _PARTLY else "no"
    return {"package": name, "translates": says, "used_by": used_by}


def _file(file: ProjectFile, settings: Settings, packages: dict[str, list[str]]) -> FileDocument:
    translator, why = _recommended(file, settings, packages)
    return {
        "file": file.name,
        "language": file.language or None,
        "lines": file.lines,
        "translator": translator,
        "why": why,
    }


def _recommended(file: ProjectFile, settings: Settings, packages: dict[str, list[str]]) -> tuple[str | None, str]:
    if not file.language:
        return "copy", "data"
    if file.name in settings.keep:
        return "copy", "`keep` in batuta.toml says so"
    translator = _TRANSLATORS.get(file.language)
    if translator is None:
        return None, f"no translator for {file.language}"
    lost = [name for name, used_by in packages.items() if file.name in used_by and name not in _TAKEN | _PARTLY]
    if lost:
        return None, f"imports {', '.join(f'`{each}`' for each in lost)}"
    return translator, ""


def language_rows(document: AnalyzeDocument) -> list[list[str]]:
    """One row per language, by its lines."""
    return [[each["language"], str(each["files"]), f"{each['lines']:,}"] for each in document["languages"]]


def package_rows(document: AnalyzeDocument) -> list[list[str]]:
    """One row per package."""
    return [[each["package"], each["translates"], ", ".join(each["used_by"])] for each in document["dependencies"]]


def file_rows(document: AnalyzeDocument) -> list[list[str]]:
    """One row per file."""
    return [
        [each["file"], each["language"] or "", str(each["lines"] or ""), each["translator"] or "none", each["why"]]
        for each in document["files"]
    ]
