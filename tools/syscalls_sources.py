"""Where the tables of system calls come from: the index of packages, this machine's kernel and its user headers.

Enters: the package `system-calls` (MIT; numbers of every architecture), the formats of tracefs (prototypes), the user
headers through the C compiler (values of names, layouts of structures). Leaves: the plain lists `numbers.tsv`,
`prototypes.txt`, `constants.tsv` and `layouts.tsv` of `crates/trace/data`, from which `syscalls.py` writes the Rust.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ABIS = ("x86_64", "x32", "i386")
_MACHINES = {"x86_64": "-m64", "x32": "-mx32", "i386": "-m32"}
_HEADERS = Path("/usr/include/x86_64-linux-gnu/asm")
_X32_BIT = 0x4000_0000
_TRACEFS = Path("/sys/kernel/tracing")
_UNKNOWN = "0x7ffffffe"


@dataclass
class NameSet:
    """Names of numbers of one kind, before their values are known."""

    name: str
    is_bits: bool
    headers: list[str]
    items: list[str] = field(default_factory=list)


@dataclass
class Structure:
    """A structure: its C type, where that is defined, and its fields as (name, expression, kind)."""

    name: str
    c_type: str
    header: str
    abis: tuple[str, ...]
    fields: list[tuple[str, str, str]] = field(default_factory=list)


def logical_lines(text: str) -> Iterator[str]:
    """The lines of a data file without comments, an indented line joined to the line above."""
    held = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            held += " " + line.strip()
            continue
        if held:
            yield held
        held = line.rstrip()
    if held:
        yield held


def read_sets(text: str) -> list[NameSet]:
    """The sets of names of `sets.txt`."""
    found = []
    for line in logical_lines(text):
        head, items = line.split(":", 1)
        kind, name, headers = head.split()
        found.append(NameSet(name, kind == "bits", headers.split(","), items.split()))
    return found


def read_structures(text: str) -> list[Structure]:
    """The structures of `structures.txt`."""
    found: list[Structure] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] == " ":
            name, kind = line.split()
            shown, _, expression = name.partition(":")
            found[-1].fields.append((shown, expression or shown, kind))
            continue
        name, rest = line.split(" = ")
        rest, _, only = rest.partition(" only ")
        words = rest.split()
        found.append(Structure(name, " ".join(words[:2]), " ".join(words[2:]), (only.strip(),) if only else ABIS))
    return found


def numbers() -> str:
    """The table of numbers: the package's, and what the headers still know of calls that have left the kernel."""
    tables = {abi: _package_numbers(abi) for abi in ABIS}
    for abi, suffix in (("x86_64", "64"), ("x32", "x32"), ("i386", "32")):
        text = (_HEADERS / f"unistd_{suffix}.h").read_text()
        for name, number in re.findall(r"#define __NR_(\w+) (?:\(__X32_SYSCALL_BIT \+ )?(\d+)", text):
            if int(number) not in tables[abi].values():
                tables[abi].setdefault(name, int(number))
    names = sorted(set().union(*tables.values()))
    lines = ["# call, then its number on x86-64, x32 (without bit 30) and i386"]
    lines += ["\t".join([name, *(str(tables[abi].get(name, "-")) for abi in ABIS)]) for name in names]
    return "\n".join(lines) + "\n"


def _package_numbers(abi: str) -> dict[str, int]:
    module = importlib.import_module(f"system_calls.tables.{abi}")
    table: dict[str, int] = getattr(module, f"syscalls_{abi}")
    return {name: number & ~_X32_BIT for name, number in table.items()}


def prototypes() -> str:
    """The prototypes of the running kernel, one call a line; tracefs must be mounted (a private mount will do)."""
    folder = _TRACEFS / "events" / "syscalls"
    if not folder.is_dir():
        sys.exit(
            f"tracefs is not mounted: unshare -m sh -c 'mount -t tracefs none {_TRACEFS} && python {sys.argv[0]} ...'"
        )
    lines = ["# Prototypes as the running kernel gives them (tracefs): type and name of each argument."]
    for entry in sorted(folder.glob("sys_enter_*")):
        fields = re.findall(r"^\tfield:([^;]+);", (entry / "format").read_text(), re.MULTILINE)
        own = [item for item in fields if not re.search(r"\b(common_\w+|__syscall_nr)$", item)]
        lines.append(f"{entry.name.removeprefix('sys_enter_')}: {'; '.join(own)}".rstrip())
    return "\n".join(lines) + "\n"


def constants(sets: Iterable[NameSet]) -> str:
    """The value of every name of every set, as the C compiler sees it."""
    lines = ["# set, name, value; a field of bits as set, mask, value, then its names as set, >name, value"]
    for one in sets:
        wanted = _expand(one)
        values = _values(one.headers, [text for _, text in wanted])
        lines += [
            f"{one.name}\t{shown}\t{value:#x}"
            for (shown, _), value in zip(wanted, values, strict=True)
            if value is not None
        ]
    return "\n".join(lines) + "\n"


def _expand(one: NameSet) -> list[tuple[str, str]]:
    """What to show and the C expression of its value, in the order of the set."""
    taken: dict[str, str] = {}
    inside = ""
    for item in one.items:
        opened, closes = "{" in item and not item.startswith(("/", "-/")), item.endswith("}") and "/" not in item
        word = item.rstrip("}")
        if opened:
            mask, _, word = word.partition("{")
            taken["<" + mask.split("=")[0]] = mask.split("=")[-1]
            inside = ">"
        if word.startswith("-"):
            for name in _matching(word[1:], list(taken)):
                del taken[name]
        elif word.startswith("/"):
            taken |= {name: name for name in _matching(word, list(_macros(one.headers))) if name not in taken}
        else:
            taken[inside + word.split("=")[0]] = word.split("=")[-1]
        inside = "" if closes else inside
    return list(taken.items())


def _matching(pattern: str, names: list[str]) -> list[str]:
    if not pattern.startswith("/"):
        return [name for name in names if name == pattern]
    compiled = re.compile(pattern.strip("/"))
    return [name for name in names if compiled.fullmatch(name)]


def _macros(headers: list[str]) -> dict[str, str]:
    """The macros without parameters that the headers themselves define, other names of an earlier one left out."""
    text = _compile(_including(headers), ["-E", "-dM"])
    found = dict(re.findall(r"^#define (\w+) (.+)$", text, re.MULTILINE))
    for header in headers:
        place = next(root / header for root in (Path("/usr/include"), _HEADERS.parent) if (root / header).exists())
        if place.exists():
            found |= dict(re.findall(r"^\s*(\w+)\s*=\s*([^,/]+),?", place.read_text(errors="replace"), re.MULTILINE))
    return {name: body for name, body in sorted(found.items()) if body.strip() not in found}


def _values(headers: list[str], expressions: list[str]) -> list[int | None]:
    """The values, none where the headers do not know an expression."""
    source = ""
    for first in ("", "#include <sys/types.h>\n", "#include <sys/types.h>\n#include <linux/if.h>\n"):
        source = f"#define _GNU_SOURCE\n#include <stddef.h>\n{first}" + _including(headers)
        if _run(source, ["-S"]).returncode == 0:
            break
    else:
        sys.exit(_run(source, ["-S"]).stderr)
    known, start = list(expressions), len(source.splitlines()) + 2
    while True:
        body = "".join(f"  (long long)({text}),\n" for text in known)
        process = _run(f"{source}\nconst long long values_of_names[] = {{\n{body}1 }};\n", ["-S"])
        if process.returncode == 0:
            values = list(_quads(process.stdout))[:-1]
            return [None if text == _UNKNOWN else value for text, value in zip(known, values, strict=True)]
        bad = {int(number) - start - 1 for number in re.findall(r"<stdin>:(\d+):\d+: error", process.stderr)}
        if not bad:
            sys.exit(process.stderr)
        known = [_UNKNOWN if i in bad else text for i, text in enumerate(known)]


def _quads(assembly: str) -> Iterator[int]:
    """The 64-bit numbers of the array `values_of_names` in the compiler's output."""
    for kind, number in re.findall(r"^\t\.(quad|zero)\t(-?\d+)", assembly.split("values_of_names:")[1], re.MULTILINE):
        if kind == "quad":
            yield int(number) & 0xFFFF_FFFF_FFFF_FFFF
        else:
            yield from [0] * (int(number) // 8)


def _including(headers: Iterable[str]) -> str:
    return "".join(f"#include <{header}>\n" for header in headers)


def layouts(structures: Iterable[Structure], own: str) -> str:
    """Size of each structure, place and width of each field, in the three tables of calls."""
    lines = ["# structure, field (- the whole), then place and width on x86-64, x32 and i386; -1 where there is none"]
    for one in structures:
        columns: list[dict[str, tuple[int, int]]] = [_layout(one, own, abi) if abi in one.abis else {} for abi in ABIS]
        for shown in ["-", *(name for name, _, _ in one.fields)]:
            places = [column.get(shown, (-1, 0)) for column in columns]
            lines.append("\t".join([one.name, shown, *(f"{place}+{width}" for place, width in places)]))
    return "\n".join(lines) + "\n"


def _layout(one: Structure, own: str, abi: str) -> dict[str, tuple[int, int]]:
    source = f"{own}\n" + (f"#include <{one.header}>\n" if one.header else "") + f"typedef {one.c_type} T;\n"
    asks = ['  asm volatile("@- %c0 %c1" :: "i"(0), "i"(sizeof(T)));\n']
    asks += [
        f'  asm volatile("@{shown} %c0 %c1" :: "i"(__builtin_offsetof(T, {expression})), '
        f'"i"(sizeof(((T*)0)->{expression})));\n'
        for shown, expression, _ in one.fields
    ]
    text = _compile(f"{source}void f(void) {{\n{''.join(asks)}}}\n", ["-S", _MACHINES[abi]])
    return {name: (int(place), int(width)) for name, place, width in re.findall(r"@(\S+) (\d+) (\d+)", text)}


def _compile(source: str, options: list[str]) -> str:
    process = _run(source, options)
    if process.returncode:
        sys.exit(process.stderr)
    return process.stdout


def _run(source: str, options: list[str]) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        command = ["gcc", "-x", "c", "-std=gnu11", "-fmax-errors=0", f"-I{_HEADERS.parent}", *options, "-o", "-", "-"]
        return subprocess.run(command, check=False, input=source, capture_output=True, text=True, cwd=folder)
