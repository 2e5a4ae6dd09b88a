"""How long a file will take to load, and how large one may be.

Enters: a path or a budget, and the rates of a platform. Leaves: an estimate. It is no proof: an operating system may
always take longer.
"""

from __future__ import annotations

from typing import TypedDict

from sovereign.errors import GateFailed, ParameterError
from sovereign.persistence.container import Role, budget, open_file
from sovereign.shell.nearest import nearest

__all__ = ["WcetDocument", "estimate", "facts", "platform_named", "require_fitting"]


class WcetDocument(TypedDict):
    """What `apr wcet --json` prints; times in seconds."""

    file: str | None
    platform: str
    is_measured: bool
    size_bytes: int | None
    estimate_s: float | None
    budget_s: float | None
    max_size_bytes: int | None
    fits: bool | None


def platform_named(name: str | None, *, calibrated: bool) -> budget.Platform:
    """The platform of that name, or this machine, measured now.

    Errors    ParameterError  `container.parameter` when neither or both are asked for, or there is none of that name.
    """
    if calibrated == (name is not None):
        message = "one of the two should be given: `--platform, --calibrate`"
        raise ParameterError("container.parameter", message, name="platform", value=name, allowed="one of them")
    if name is None:
        return budget.calibrate()
    if name not in budget.PLATFORMS:
        known, like = ", ".join(budget.PLATFORMS), nearest(name, budget.PLATFORMS)
        message = f"the platform should be one of {known}, it is: `{name}`"
        raise ParameterError("container.parameter", message, name="platform", value=name, allowed=known, nearest=like)
    return budget.PLATFORMS[name]


def estimate(path: str | None, platform: budget.Platform, budget_s: float | None) -> WcetDocument:
    """The estimate for a file, and for a budget the largest size of a file that is not compressed.

    Errors    ParameterError  when neither a file nor a budget is given, or the budget is not above 0.
    """
    if path is None and budget_s is None:
        message = "a file or `--budget` is needed, given was: `neither`"
        raise ParameterError("container.parameter", message, name="file", value=None, allowed="a file or a budget")
    sizes = None if path is None else sizes_of(path)
    seconds = None if sizes is None else budget.wcet(sizes, platform)
    return {
        "file": path,
        "platform": platform.name,
        "is_measured": platform.is_measured,
        "size_bytes": None if sizes is None else sizes.file_bytes,
        "estimate_s": seconds,
        "budget_s": budget_s,
        "max_size_bytes": None if budget_s is None else budget.max_size(budget_s, platform),
        "fits": None if seconds is None or budget_s is None else seconds <= budget_s,
    }


def require_fitting(document: WcetDocument) -> None:
    """Refuse a file that may take longer than its budget.

    Errors    GateFailed  `container.budget`.
    """
    if document["fits"] is False and document["estimate_s"] is not None and document["budget_s"] is not None:
        may, most = document["estimate_s"] * 1e3, document["budget_s"] * 1e3
        message = f"loading may take {may:.3f} ms and should take at most {most:.3f} ms: `{document['file']}`"
        raise GateFailed("container.budget", message, rule="time budget", measured=may, required=most)


def sizes_of(path: str) -> budget.FileSizes:
    """What the estimate needs to know of a file, from its header and index."""
    with open_file(path) as file:
        if file.header is not None:
            return budget.FileSizes.of(file.header, file.size_bytes)
        is_signed = file.outline.section(Role.SIGNATURE) is not None
        return budget.FileSizes(file.size_bytes, file.size_bytes, is_compressed=False, is_signed=is_signed)


def facts(document: WcetDocument) -> list[tuple[str, str]]:
    """The document as facts under a heading."""
    rates = "measured on this machine just now" if document["is_measured"] else "of a data sheet, not measured"
    told = [("Platform", document["platform"]), ("Rates", rates)]
    if document["file"] is not None and document["estimate_s"] is not None:
        told += [
            ("File", f"{document['file']}, {document['size_bytes']} bytes"),
            ("Estimate", f"{document['estimate_s'] * 1e3:.3f} ms"),
        ]
    if document["budget_s"] is not None:
        told.append(("Budget", f"{document['budget_s'] * 1e3:.3f} ms"))
        told.append(("Largest uncompressed file for it", f"{document['max_size_bytes']} bytes"))
    if document["fits"] is not None:
        told.append(("Fits", "yes" if document["fits"] else "no"))
    return told
