"""Names of the support module that a program's own names must not take.

Enters: nothing. Leaves: `RESERVED`, read from the sources of the support module once per process.
"""

from __future__ import annotations

import re

from sovereign.migration.rust.shake import FOLDER

__all__ = ["RESERVED"]

_ITEM = re.compile(
    r"^pub(?:\(crate\))? (?:const |async |unsafe )*(?:fn|struct|enum|trait|static|const|type) (?:mut )?(\w+)",
    re.MULTILINE,
)
_MACRO = re.compile(r"^macro_rules! (\w+)", re.MULTILINE)


def _read() -> frozenset[str]:
    names: set[str] = {"Rc", "Cell", "Vec", "String", "Option", "Result", "Box", "support", "program", "vec", "format"}
    for path in sorted(FOLDER.glob("*.rs")):
        text = path.read_text(encoding="utf-8")
        names |= set(_ITEM.findall(text)) | set(_MACRO.findall(text))
    return frozenset(names)


RESERVED = _read()
