"""What `import` statements bring: modules of the program, modules and names of the library.

Enters: import statements. Leaves: pairs of a name and an operand known while translating.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import CONSTANTS, MODULES, library_name
from sovereign.migration.depyler.variables import static
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.lowering import Lowering, Operand
    from sovereign.migration.depyler.program import Module

__all__ = ["SILENT", "bind_imports"]

SILENT = {
    "typing",
    "numbers",
    "__future__",
    "typing_extensions",
    "abc",
    "dataclasses",
    "enum",
    "collections.abc",
    "types",
    "doctest",
}
"""Modules whose names mean something to the translator only."""


def bind_imports(low: Lowering, node: ast.Import | ast.ImportFrom) -> list[tuple[str, Operand]]:
    """The names that an import statement binds."""
    if isinstance(node, ast.Import):
        return [pair for alias in node.names for pair in _module(low, alias)]
    return _names(low, node)


def _module(low: Lowering, alias: ast.alias) -> list[tuple[str, Operand]]:
    name = alias.name if alias.asname else alias.name.split(".")[0]
    bound = alias.asname or name
    found = low.program.modules.get(alias.name)
    if found is not None:
        run_once(low, found)
        return [(bound, static("module", alias.name, found))]
    if not _known(name) and not _known(alias.name):
        raise low.refuse(low.node, f"the module `{alias.name}` is not translated")
    return [(bound, static("module", name))]


def _known(name: str) -> bool:
    return name in SILENT or name in MODULES or any(m.startswith(f"{name}.") for m in MODULES)


def _names(low: Lowering, node: ast.ImportFrom) -> list[tuple[str, Operand]]:
    module = _absolute(low, node)
    if module == "__future__":
        return []
    result = []
    own = low.program.modules.get(module)
    if own is not None:
        run_once(low, own)
    for alias in node.names:
        bound = alias.asname or alias.name
        if alias.name == "*":
            raise low.refuse(node, f"`from {module} import *`")
        if own is not None:
            from sovereign.migration.depyler.attributes import program_module_attribute

            inner = low.program.modules.get(f"{module}.{alias.name}")
            if inner is not None:
                run_once(low, inner)
            operand = static("module", alias.name, inner) if inner else program_module_attribute(low, own, alias.name)
            result.append((bound, operand))
        elif module in SILENT and f"{module}.{alias.name}" not in CONSTANTS:
            result.append((bound, static("builtin", f"{module}.{alias.name}")))
        elif not _known(module):
            raise low.refuse(node, f"the module `{module}` is not translated")
        else:
            result.append((bound, library_name(low, module, alias.name)))
    return result


def run_once(low: Lowering, module: Module) -> None:
    """Run the statements of a module of the program where it is imported first."""
    info = low.program.module_info(module)
    instance = low.program.instance(info, module.name)
    low.calls[instance] = None
    instance.readers.add(low.instance)
    # As in Python: its names are bound before anything that this module says is looked at.
    low.program.lower_first(instance)
    name = f"{module.name.replace('.', '_')}_module"
    expr: rs.Expression = rs.Call(rs.Name(name))
    if instance.raises:
        expr = low.fallible(expr)
    guard = rs.Call(rs.Name("first_time"), (rs.Borrow(rs.Name(f"{name.upper()}_STARTED")),))
    low.emit(rs.Evaluate(rs.If(guard, rs.Block((rs.Evaluate(expr),)))))


def _absolute(low: Lowering, node: ast.ImportFrom) -> str:
    """The module of `from .x import y`, from the package of the present one."""
    if not node.level:
        return node.module or ""
    parts = low.module.name.split(".")
    base = (
        parts[: len(parts) - node.level]
        if not low.module.path.endswith("__init__.py")
        else parts[: len(parts) - node.level + 1]
    )
    return ".".join([*base, node.module] if node.module else base)
