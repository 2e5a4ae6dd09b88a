"""Methods that Python writes itself: of dataclasses, named tuples and `total_ordering`, as Python source.

Enters: a class. Leaves: further methods of it, parsed from text, so that they are translated like any other.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import FunctionInfo
from sovereign.migration.depyler.scopes import module_scope

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import ClassInfo

__all__ = ["ITEMS_METHOD", "add_items_method", "add_methods", "decorator_name", "each_call", "field_list"]


@dataclass
class DataField:
    """A field of a dataclass or named tuple."""

    name: str
    default: ast.expr | None = None
    factory: ast.expr | None = None
    init: bool = True
    repr: bool = True
    compare: bool = True
    keyword_only: bool = False


def decorator_name(node: ast.expr) -> str:
    """The last word of a decorator."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def each_call(node: ast.expr) -> bool:
    """Whether a default is evaluated at each call: a factory of a dataclass."""
    return getattr(node, "each_call", False)


def _flag(call: ast.Call | None, name: str, default: bool) -> bool:
    for keyword in call.keywords if call is not None else ():
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return bool(keyword.value.value)
    return default


def _field_of(statement: ast.AnnAssign) -> DataField | None:
    assert isinstance(statement.target, ast.Name)
    annotation = ast.unparse(statement.annotation)
    if "ClassVar" in annotation:
        return None
    made = DataField(statement.target.id)
    value = statement.value
    if isinstance(value, ast.Call) and decorator_name(value) == "field":
        made.default = next((k.value for k in value.keywords if k.arg == "default"), None)
        made.factory = next((k.value for k in value.keywords if k.arg == "default_factory"), None)
        made.init, made.repr = _flag(value, "init", True), _flag(value, "repr", True)
        made.compare = _flag(value, "compare", True)
        made.keyword_only = _flag(value, "kw_only", False)
    else:
        made.default = value
    return made


def field_list(cls: ClassInfo) -> list[DataField]:
    """Fields of a dataclass, those of its bases first."""
    found: dict[str, DataField] = {}
    for base in reversed(cls.mro()):
        if base.dataclass is None and not base.named_tuple:
            continue
        for statement in base.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                made = _field_of(statement)
                if made is not None:
                    found[made.name] = made
    return list(found.values())


def _attach(cls: ClassInfo, text: str, defaults: dict[str, ast.expr]) -> None:
    tree = ast.parse(text)
    line = cls.node.lineno
    for node in walk(tree):
        if isinstance(node, ast.stmt | ast.expr | ast.arg | ast.keyword | ast.alias | ast.excepthandler):
            node.lineno = node.end_lineno = line
    scope = module_scope(tree)
    for node in tree.body:
        assert isinstance(node, ast.FunctionDef)
        if node.name in cls.methods:
            continue
        for index, default in enumerate(node.args.defaults):
            if isinstance(default, ast.Name) and default.id in defaults:
                node.args.defaults[index] = defaults[default.id]
        for index, keyword in enumerate(node.args.kw_defaults):
            if isinstance(keyword, ast.Name) and keyword.id in defaults:
                node.args.kw_defaults[index] = defaults[keyword.id]
        inner = scope.children[node]
        inner.parent = cls.scope
        cls.methods[node.name] = FunctionInfo(node.name, node, inner, cls.module, cls, "method")


def _init(cls: ClassInfo, fields: list[DataField]) -> None:
    parameters: list[str] = []
    keyword_only: list[str] = []
    lines: list[str] = []
    defaults: dict[str, ast.expr] = {}
    for item in fields:
        if not item.init:
            if item.factory is not None:
                lines.append(f"    self.{item.name} = {ast.unparse(item.factory)}()")
            elif item.default is not None:
                lines.append(f"    self.{item.name} = {ast.unparse(item.default)}")
            continue
        text = item.name
        if item.factory is not None:
            made = ast.Call(item.factory, [], [])
            made.each_call = True  # type: ignore[attr-defined]
            defaults[f"_default_{item.name}"] = ast.copy_location(made, item.factory)
            text += f"=_default_{item.name}"
        elif item.default is not None:
            defaults[f"_default_{item.name}"] = item.default
            text += f"=_default_{item.name}"
        (keyword_only if item.keyword_only else parameters).append(text)
        lines.append(f"    self.{item.name} = {item.name}")
    if keyword_only:
        parameters.extend(["*", *keyword_only])
    if cls.find_method("__post_init__"):
        lines.append("    self.__post_init__()")
    text = f"def __init__({', '.join(['self', *parameters])}):\n" + "\n".join(lines or ["    pass"])
    _attach(cls, text, defaults)


def _tuple(prefix: str, names: list[str]) -> str:
    return "(" + "".join(f"{prefix}.{name}, " for name in names) + ")"


def _dataclass(cls: ClassInfo) -> None:
    options = cls.dataclass or {}
    fields = field_list(cls)
    if options.get("init", True):
        _init(cls, fields)
    shown = ", ".join(f"{f.name}={{self.{f.name}!r}}" for f in fields if f.repr)
    compared = [f.name for f in fields if f.compare]
    text = ""
    if options.get("repr", True):
        text += f'def __repr__(self):\n    return f"{cls.name}({shown})"\n'
    if options.get("eq", True):
        text += (
            "def __eq__(self, other):\n    if type(other) is not type(self):\n        return NotImplemented\n"
            f"    return {_tuple('self', compared)} == {_tuple('other', compared)}\n"
        )
    if options.get("order"):
        for name, sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
            text += (
                f"def __{name}__(self, other):\n    if type(other) is not type(self):\n        return NotImplemented\n"
                f"    return {_tuple('self', compared)} {sign} {_tuple('other', compared)}\n"
            )
    if options.get("frozen") or options.get("unsafe_hash"):
        text += f"def __hash__(self):\n    return hash({_tuple('self', compared)})\n"
    if text:
        _attach(cls, text, {})


def _named_tuple(cls: ClassInfo) -> None:
    fields = field_list(cls)
    _init(cls, fields)
    names = [f.name for f in fields]
    shown = ", ".join(f"{name}={{self.{name}!r}}" for name in names)
    text = f'def __repr__(self):\n    return f"{cls.name}({shown})"\n'
    text += f"def __hash__(self):\n    return hash({_tuple('self', names)})\n"
    text += f"def __len__(self):\n    return {len(names)}\n"
    text += f"def __eq__(self, other):\n    return {_tuple('self', names)} == {_tuple('other', names)}\n"
    for name, sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
        text += f"def __{name}__(self, other):\n    return {_tuple('self', names)} {sign} {_tuple('other', names)}\n"
    pairs = ", ".join(f"{name!r}: self.{name}" for name in names)
    text += f"def _asdict(self):\n    return {{{pairs}}}\n"
    _attach(cls, text, {})


def _enum_attributes(cls: ClassInfo) -> None:
    """What `__init__` of an enum assigns from a member's value, as properties; anything else stays, and is refused."""
    node = cls.methods["__init__"].node
    assert isinstance(node, ast.FunctionDef)
    names = [a.arg for a in node.args.args]
    receiver, parameters = names[0], names[1:]
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    plain = not (node.args.defaults or node.args.vararg or node.args.kwarg or node.args.kwonlyargs)
    if not plain or not all(_assigns_attribute(s, receiver) for s in body):
        return
    several = any(isinstance(value, ast.Tuple) for value in (cls.enum_members or {}).values())
    opened = f"({', '.join(parameters)},) = {receiver}.value" if several else f"{parameters[0]} = {receiver}.value"
    text = ""
    for statement in body:
        assert isinstance(statement, ast.Assign)
        target = statement.targets[0]
        assert isinstance(target, ast.Attribute)
        text += f"def {target.attr}({receiver}):\n    {opened}\n    return {ast.unparse(statement.value)}\n"
    del cls.methods["__init__"]
    before = set(cls.methods)
    _attach(cls, text, {})
    for name in set(cls.methods) - before:
        cls.methods[name].kind = "property"


def _assigns_attribute(statement: ast.stmt, receiver: str) -> bool:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target = statement.targets[0]
    return isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == receiver


ITEMS_METHOD = "each_item_by_index"
"""The generator of an object that has only `__getitem__`."""


def add_items_method(cls: ClassInfo) -> None:
    """Give the class that has `__getitem__` a generator of its items."""
    owner = next(c for c in cls.mro() if "__getitem__" in c.methods)
    text = (
        f"def {ITEMS_METHOD}(self):\n    index = 0\n    while True:\n        try:\n            item = self[index]\n"
        "        except IndexError:\n            return\n        yield item\n        index += 1\n"
    )
    _attach(owner, text, {})


_ORDERS = {
    "__lt__": {
        "__gt__": "not (self < other) and self != other",
        "__le__": "self < other or self == other",
        "__ge__": "not (self < other)",
    },
    "__le__": {
        "__ge__": "not (self <= other) or self == other",
        "__lt__": "self <= other and self != other",
        "__gt__": "not (self <= other)",
    },
    "__gt__": {
        "__lt__": "not (self > other or self == other)",
        "__ge__": "self > other or self == other",
        "__le__": "not (self > other)",
    },
    "__ge__": {
        "__le__": "not (self >= other) or self == other",
        "__gt__": "self >= other and self != other",
        "__lt__": "not (self >= other)",
    },
}


def _total_ordering(cls: ClassInfo) -> None:
    root = next((name for name in _ORDERS if name in cls.methods), None)
    if root is None:
        return
    text = "".join(f"def {name}(self, other):\n    return {body}\n" for name, body in _ORDERS[root].items())
    _attach(cls, text, {})


def add_methods(cls: ClassInfo) -> None:
    """Give a class the methods that its decorators and bases bring."""
    if cls.dataclass is not None:
        _dataclass(cls)
    if cls.named_tuple:
        _named_tuple(cls)
    if cls.enum_members is not None and "__init__" in cls.methods:
        _enum_attributes(cls)
    if any(decorator_name(d) == "total_ordering" for d in cls.node.decorator_list):
        _total_ordering(cls)


def dataclass_options(cls: ClassInfo) -> dict[str, object] | None:
    """The options of `@dataclass`; None where the class is none."""
    for decorator in cls.node.decorator_list:
        if decorator_name(decorator) == "dataclass":
            call = decorator if isinstance(decorator, ast.Call) else None
            names = {"init": True, "repr": True, "eq": True, "order": False, "frozen": False, "unsafe_hash": False}
            return {name: _flag(call, name, default) for name, default in names.items()}
    return None
