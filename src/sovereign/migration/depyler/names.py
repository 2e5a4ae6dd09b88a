"""The names of functions in Rust.

Enters: instances. Leaves: a name for each, that of its function where nothing else has it. A name that changes makes
those look again who call the function.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import safe_name

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import Instance, Program

__all__ = ["name_instances", "name_of"]

_TRAIT_NAMES = frozenset(
    """
    as_ref borrow clone cmp compare downcast drop eq equals fmt from hash init into less ne new number partial_cmp
    raised to_owned to_string truth try_into type_id type_name write_repr write_str repr_into str_into same_as
    hash_code is_true comes_before is_total is_same shown quoted numeric format_with kind_name argument_text
    argument_repr repr str bool len
    """.split()
)
"""Methods that a counted pointer or the traits of the support module have already."""


def name_of(instance: Instance) -> str:
    """The name of an instance, as far as it is known."""
    if not instance.rust_name:
        taken = instance.program.names.setdefault(_owner(instance), set())
        instance.rust_name = _free(_base(instance), taken)
    return instance.rust_name


def name_instances(program: Program) -> None:
    """Give each instance its name: the first of a function keeps the name as written."""
    taken: dict[str, set[str]] = {}
    for instance in program.reachable():
        name = _base(instance)
        if not isinstance(instance.info.node, ast.Module):
            name = _free(name, taken.setdefault(_owner(instance), set()))
        if name != instance.rust_name:
            instance.rust_name = name
            instance.faded = instance.begun
            instance.readers.tell_later()


def _owner(instance: Instance) -> str:
    return instance.self_class.unique if instance.self_class is not None else ""


def _free(base: str, taken: set[str]) -> str:
    """The name, with a number where it is taken; from now on it is."""
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name)
    return name


def _base(instance: Instance) -> str:
    """The name that an instance has unless another one has it."""
    info, program, cls = instance.info, instance.program, instance.self_class
    if isinstance(info.node, ast.Module):
        name = info.module.name
        return "program" if name == "__main__" else f"{name.replace('.', '_')}_module"
    made = info.name == "__init__" and instance.memory.get("constructs") is not None
    base = "new" if made and _simple(instance) else safe_name(info.name, program)
    if info.cls is not None and info.name.startswith("__") and info.name.endswith("__") and base != "new":
        base = safe_name({"__init__": "init"}.get(info.name, info.name.strip("_")), program)
    if info.cls is not None and base in _TRAIT_NAMES and not (made and base == "new") and base != "init":
        base = f"{base}_"
    if info.kind == "setter":
        base = f"set_{base}"
    if info.cls is not None and cls is not None and info.cls is not cls and _overridden(instance):
        base = f"{info.cls.unique.lower()}_{base}"
    return base


def _simple(instance: Instance) -> bool:
    from sovereign.migration.depyler.classes import simple_init

    return instance.self_class is not None and simple_init(instance.self_class)


def _overridden(instance: Instance) -> bool:
    cls = instance.self_class
    assert cls is not None
    found = cls.find_method(instance.info.name)
    return found is not None and found[1] is not instance.info
