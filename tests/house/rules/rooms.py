"""Rules about rooms: their doors, their front file, their start-up cost, and where they are listed."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "commands_have_a_page",
    "contracts_match_the_folders",
    "entry_points_exist",
    "front_files_hold_no_logic",
    "glossary_names_every_room",
    "only_kernels_open_the_native_door",
    "rooms_are_entered_by_their_front",
    "rooms_have_content",
    "start_up_is_light",
]

GLOSSARY = "docs/glossary.md"
COMMAND_PAGES = "docs/reference/commands/"
DOOR = "sovereign._native"
HEAVY = ("numpy", "rich", "importlib.metadata", "shtab")
LIGHT = re.compile(r"^src/sovereign/(__init__|errors|diagnostic)\.py$|^src/sovereign/shell/|/(cli|__main__)\.py$")


def rooms_are_entered_by_their_front(root: Path) -> list[str]:
    """From outside, a room is imported by its `__init__`, never by one of its files."""
    known = {room.replace("/", "."): _exports(root, room) for room in tree.rooms(root)}
    return [
        f"a room is entered by a window, `{imported}`: `{name}:{line}`"
        for name, module in tree.modules(root, tree.PACKAGE)
        for line, imported, room in _deep_imports(module, known)
        if not name.startswith(f"{tree.PACKAGE}/{room.replace('.', '/')}/")
    ]


def _deep_imports(module: ast.Module, known: dict[str, set[str]]) -> Iterator[tuple[int, str, str]]:
    """Line, imported module and room of each import that goes past the front of a room."""
    for line, imported, name in tree.imports(module):
        inside = imported.removeprefix("sovereign.")
        room = ".".join(inside.split(".")[:2])
        if imported.startswith("sovereign.") and room in known:
            if inside != room:
                yield line, imported, room
            elif name is not None and name not in known[room]:
                yield line, f"{imported}.{name}", room


def _exports(root: Path, room: str) -> set[str]:
    module = ast.parse(tree.text(root, f"{tree.PACKAGE}/{room}/__init__.py"))
    return {text for node in module.body if _is_export_list(node) for text in tree.strings(node)}


def _is_export_list(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [tree.dotted(target) for target in node.targets] == ["__all__"]


def front_files_hold_no_logic(root: Path) -> list[str]:
    """A room's `__init__` is a docstring, imports, which may be put off until somebody asks, and `__all__`."""
    found = []
    for room in tree.rooms(root):
        name = f"{tree.PACKAGE}/{room}/__init__.py"
        module = ast.parse(tree.text(root, name))
        if not ast.get_docstring(module):
            found.append(f"a room does not say what it is: `{name}`")
        if not any(_is_export_list(node) for node in module.body):
            found.append(f"a room has no `__all__`: `{name}`")
        found += [f"a room's front holds logic: `{name}:{node.lineno}`" for node in module.body if _is_logic(node)]
    return found


def _is_logic(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return not (isinstance(node, ast.Import | ast.ImportFrom) or _is_export_list(node) or _is_put_off(node))


def _is_put_off(node: ast.stmt) -> bool:
    """Imports that checkers of types see, and `__getattr__` by `shell/lazy.py` with the homes of the names."""
    if isinstance(node, ast.Assign):
        return ast.unparse(node) == "TYPE_CHECKING = False"
    if not isinstance(node, ast.If) or ast.unparse(node.test) != "TYPE_CHECKING" or len(node.orelse) != 2:
        return False
    brought, door = map(ast.unparse, node.orelse)
    imports = all(isinstance(each, ast.ImportFrom) for each in node.body)
    is_door = re.fullmatch(r"__getattr__ = lazily\(__name__, \{[^{}()]*\}\)", door) is not None
    return imports and is_door and brought == "from sovereign.shell.lazy import lazily"


def rooms_have_content(root: Path) -> list[str]:
    """A room is opened when it has content: at least one file beside its front."""
    found = []
    for room in tree.rooms(root):
        front = f"{tree.PACKAGE}/{room}/"
        if not any(name.startswith(front) and name != front + "__init__.py" for name in tree.files(root)):
            found.append(f"a room is empty: `{front}`")
    return found


def only_kernels_open_the_native_door(root: Path) -> list[str]:
    """Only `_kernels.py` files and the door itself import the native core, whatever a `noqa` says."""
    return [
        f"only `_kernels.py` may open the native door: `{name}:{line}`"
        for name, module in tree.modules(root, tree.PACKAGE)
        if PurePosixPath(name).name != "_kernels.py" and not name.startswith(f"{tree.PACKAGE}/_native/")
        for line, imported, inner in tree.imports(module)
        if f"{imported}.{inner}.".startswith(DOOR + ".")
    ]


def start_up_is_light(root: Path) -> list[str]:
    """The front door, the shell and every `cli.py` import nothing heavy before it is needed."""
    return [
        f"`{imported}` is imported at start-up: `{name}:{line}`"
        for name, module in tree.modules(root, tree.PACKAGE)
        if LIGHT.search(name)
        for statement in _executed(module.body)
        for line, imported, inner in tree.imports(statement)
        if f"{imported}.{inner}.".startswith(tuple(f"{heavy}." for heavy in HEAVY))
    ]


def _executed(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run on import: not those in functions, nor those for type checkers."""
    for node in body:
        if isinstance(node, ast.If) and tree.dotted(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            yield from _executed(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _executed([inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt)])
        elif isinstance(node, ast.ClassDef):
            yield from _executed(node.body)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def glossary_names_every_room(root: Path) -> list[str]:
    """Each room has a line in the glossary, and no room that stands is called not built yet."""
    lines = tree.text(root, GLOSSARY).splitlines()
    found = []
    for room in tree.rooms(root):
        line = next((line for line in lines if line.startswith(f"| `{room}`")), None)
        if line is None:
            found.append(f"a room has no line in `{GLOSSARY}`: `{room}`")
        elif "not built yet" in line:
            found.append(f"the glossary calls a room not built yet that stands: `{room}`")
    return found


def _project(root: Path) -> dict[str, Any]:
    project: dict[str, Any] = tree.toml(root, "pyproject.toml").get("project", {})
    return project


def _commands(root: Path) -> dict[str, str]:
    project = _project(root)
    commands: dict[str, str] = project.get("entry-points", {}).get("sovereign.commands", {})
    return {**project.get("scripts", {}), **commands}


def commands_have_a_page(root: Path) -> list[str]:
    """Each command that the wheel installs has a page in the reference."""
    pages = {name: name if target.endswith(":main") else f"batuta-{name}" for name, target in _commands(root).items()}
    names = [name for name, page in pages.items() if not (root / COMMAND_PAGES / f"{page}.md").is_file()]
    return [f"a command has no page in `{COMMAND_PAGES}`: `{name}`" for name in names]


def entry_points_exist(root: Path) -> list[str]:
    """Each entry point names a module of this tree: a command its `cli`, a self-test its `selftest`.

    A room with several commands of `batuta` has a `NAME_main` for each.
    """
    tests = _project(root).get("entry-points", {}).get("sovereign.selftests", {})
    wanted = [(name, target, "cli:main") for name, target in _commands(root).items()]
    wanted += [(name, target, "selftest:run") for name, target in tests.items()]
    found = []
    for name, target, ending in wanted:
        module = target.partition(":")[0]
        own = f".cli:{name.replace('-', '_')}_main" if ending == "cli:main" else None
        if not target.endswith("." + ending) and not (own and target.endswith(own)):
            found.append(f"the entry point `{name}` should end in `{ending}`: `{target}`")
        if not (root / "src" / f"{module.replace('.', '/')}.py").is_file():
            found.append(f"the entry point `{name}` leads nowhere: `{target}`")
    return found


def contracts_match_the_folders(root: Path) -> list[str]:
    """In the import contracts parentheses mean `not built yet`, and every child is listed."""
    contracts = tree.toml(root, "pyproject.toml").get("tool", {}).get("importlinter", {}).get("contracts", [])
    found: list[str] = []
    for contract in contracts:
        for container in contract.get("containers", []):
            listed = [word.strip() for layer in contract["layers"] for word in layer.split("|")]
            found += _misfits(listed, _children(root, container), container)
    containers = {container for contract in contracts for container in contract.get("containers", [])}
    for layer in sorted({room.split("/")[0] for room in tree.rooms(root)}):
        siblings = [room for room in tree.rooms(root) if room.startswith(f"{layer}/")]
        if len(siblings) > 1 and f"sovereign.{layer}" not in containers:
            found.append(f"a layer with several rooms has no contract: `{layer}`")
    return found


def _misfits(listed: list[str], children: set[str], container: str) -> Iterator[str]:
    for word in listed:
        bare = word.strip("()")
        if word != bare and bare in children:
            yield f"it is built, so take the parentheses off in the contract of `{container}`: `{bare}`"
        if word == bare and bare not in children:
            yield f"it is not built, so put it in parentheses in the contract of `{container}`: `{bare}`"
    for child in sorted(children - {word.strip("()") for word in listed}):
        yield f"a child is missing in the contract of `{container}`: `{child}`"


def _children(root: Path, container: str) -> set[str]:
    folder = "src/" + container.replace(".", "/") + "/"
    children = set()
    for name in tree.files(root):
        words = name.removeprefix(folder).split("/")
        if name.startswith(folder) and words[-1].endswith(".py"):
            children.add(words[0].removesuffix(".py"))
    return children - {"__init__", "__main__"}
