"""The standard library, one file per module or family.

Enters: call sites. Leaves: operands: what a name gives, and which item of the support module does it. Each file
registers itself; read `math.py` first.
"""

from __future__ import annotations

from sovereign.migration.depyler.library import (
    addresses,
    argparse,
    array_making,
    array_math,
    array_parts,
    arrays,
    collections,
    csv,
    dataclasses,
    dates,
    files,
    itertools,
    json,
    math,
    models,
    numbers,
    paths,
    processes,
    random,
    sys,
    texts,
)

__all__ = [
    "addresses",
    "argparse",
    "array_making",
    "array_math",
    "array_parts",
    "arrays",
    "collections",
    "csv",
    "dataclasses",
    "dates",
    "files",
    "itertools",
    "json",
    "math",
    "models",
    "numbers",
    "paths",
    "processes",
    "random",
    "sys",
    "texts",
]
