"""Calls: of the program's functions, classes and methods, of function values, of builtins and the library.

Enters: `Call` nodes. Leaves: operands. Each combination of argument types of a function of the program has an
instance of its own; the caller is run again when the instance's result or its errors become known.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.keywords import check_names, keyword_dict, named_by
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.names import name_of
from sovereign.migration.depyler.operators import python_type_name
from sovereign.migration.depyler.program import ClassInfo, FunctionInfo, FunctionValue, Instance
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import (
    Cell,
    FunctionShape,
    InstanceShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import assign_web, capture_argument, find_web, static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "METHODS",
    "CallSite",
    "bind",
    "call_function",
    "call_known",
    "call_method",
    "call_operand",
    "call_plain",
    "function_of",
    "has_method",
    "local_function",
    "refuses",
]


class Watched(list[Operand]):
    """Operands of a call that remember which of them a handler took."""

    def __init__(self, operands: list[Operand]) -> None:
        super().__init__(operands)
        self.seen: set[int] = set()

    def __getitem__(self, index: Any) -> Any:
        """One operand, or several."""
        if isinstance(index, slice):
            self.seen.update(range(*index.indices(len(self))))
        else:
            self.seen.add(index % max(len(self), 1))
        return super().__getitem__(index)

    def __iter__(self) -> Iterator[Operand]:
        """All of them."""
        self.seen.update(range(len(self)))
        return super().__iter__()


@dataclass
class CallSite:
    """A call of a builtin or of the library: its nodes, and its operands once they are asked for."""

    low: Lowering
    node: ast.Call
    receiver: Operand | None = None
    _operands: list[Operand] | None = None
    _keywords: dict[str, Operand] = field(default_factory=dict)
    given: tuple[list[Operand], dict[str, Operand]] | None = None
    asked: set[str | None] = field(default_factory=set)

    @property
    def nodes(self) -> list[ast.expr]:
        """The nodes of the positional arguments."""
        self.asked.add("*")
        return self.node.args

    @property
    def whole(self) -> ast.Call:
        """The node of the call, for a handler that deals with all of it."""
        self.asked.update(("*", *(k.arg for k in self.node.keywords)))
        return self.node

    @property
    def keyword_nodes(self) -> dict[str, ast.expr]:
        """The nodes of all keyword arguments, for a handler that deals with each."""
        return {k.arg: k.value for k in self.keywords if k.arg is not None}

    @property
    def keywords(self) -> list[ast.keyword]:
        """All keyword arguments and `**`, for a handler that deals with each."""
        self.asked.update(k.arg for k in self.node.keywords)
        return self.node.keywords

    def keyword_node(self, name: str) -> ast.expr | None:
        """The node of the keyword argument of this name."""
        self.asked.add(name)
        return next((k.value for k in self.node.keywords if k.arg == name), None)

    def unasked(self) -> list[str]:
        """Arguments, and `**`, that no handler looked at."""
        if self.given is not None:
            return []
        named = [k.arg or "**" for k in self.node.keywords if k.arg not in self.asked]
        is_plain = self._operands is not None and not isinstance(self._operands, Watched)
        if "*" in self.asked or not self.node.args or is_plain:
            return named
        seen = self._operands.seen if isinstance(self._operands, Watched) else set()
        return [str(index + 1) for index in range(self.count) if index not in seen] + named

    @property
    def operands(self) -> list[Operand]:
        """The positional arguments, functions and classes as they are."""
        if self.given is not None:
            return self.given[0]
        if self._operands is None:
            if any(isinstance(a, ast.Starred) for a in self.node.args):
                operands, _ = evaluate_arguments(self.low, self.node)
            else:
                operands = self.low.expressions(self.node.args)
            if any(star_of(operand) is not None for operand in operands):
                raise self.refuse("`*` with a value of unknown length in a call of a builtin")
            self._operands = Watched(operands)
        return self._operands

    def spread(self) -> Operand | None:
        """The value behind `*` where that is the only argument and its length is not known while translating."""
        if self.given is not None or len(self.node.args) != 1 or not isinstance(self.node.args[0], ast.Starred):
            return None
        if self._operands is None:
            self._operands, _ = evaluate_arguments(self.low, self.node)
        return star_of(self._operands[0]) if len(self._operands) == 1 else None

    def keyword(self, name: str) -> Operand | None:
        """The keyword argument of this name."""
        if self.given is not None:
            return self.given[1].get(name)
        node = self.keyword_node(name)
        if name not in self._keywords and node is not None:
            self._keywords[name] = self.low.expression(node)
        return self._keywords.get(name)

    def argument(self, index: int, name: str = "") -> Operand | None:
        """A positional argument, or the keyword argument that may stand for it."""
        if self.given is not None:
            return self.given[0][index] if index < len(self.given[0]) else self.given[1].get(name)
        if index < self.count:
            return self.operands[index]
        return self.keyword(name) if name else None

    def checked(self, make: Callable[[CallSite], Operand]) -> Operand:
        """What a handler makes of the call.

        Raises:
            Refuse: There is an argument that the handler does not know.
        """
        made = self.low.builtin(lambda: make(self))
        unknown = [] if made.type.never else self.unasked()
        if unknown:
            raise self.refuse(f"the argument `{unknown[0]}` of this call")
        return made

    @property
    def count(self) -> int:
        """How many positional arguments there are."""
        if self.given is not None:
            return len(self.given[0])
        starred = any(isinstance(a, ast.Starred) for a in self.node.args)
        return len(self.operands) if starred else len(self.node.args)

    def refuse(self, reason: str) -> Exception:
        """The refusal of this call."""
        return self.low.refuse(self.node, reason)


@expression(ast.Call)
def _call(low: Lowering, node: ast.Call) -> Operand:
    func = node.func
    if isinstance(func, ast.Attribute):
        return _attribute_call(low, node, func)
    if isinstance(func, ast.Name) and func.id == "super" and not node.args:
        return _super(low, node)
    if isinstance(func, ast.Lambda):
        from sovereign.migration.depyler.function_values import inline_lambda

        return inline_lambda(low, func, [stored(low, o) for o in low.expressions(node.args)])
    if isinstance(func, ast.Call) and (made := _made_alike(low, func, node)) is not None:
        return made
    operand = low.expression(func)
    return call_operand(low, operand, node)


def _made_alike(low: Lowering, func: ast.Call, node: ast.Call) -> Operand | None:
    """`type(x)(...)` where `x` is of one of several classes of the program: an object of the same."""
    from sovereign.migration.depyler.classes import construct, is_exception

    if not isinstance(func.func, ast.Name) or func.func.id != "type":
        return None
    if len(func.args) != 1 or not isinstance(func.args[0], ast.Name):
        return None
    if low.expression(func.func).static != static("builtin", "type").static:
        return None
    operand = low.expression(func.args[0])
    shapes = operand.type.shapes
    if len(shapes) < 2 or not all(isinstance(s, InstanceShape) and not is_exception(s.cls) for s in shapes):
        return None

    def make(one: Operand) -> Operand:
        shape = one.type.shapes[0]
        assert isinstance(shape, InstanceShape)
        return construct(low, shape.cls, node)

    return distribute(low, operand, make)


def call_operand(low: Lowering, operand: Operand, node: ast.Call) -> Operand:
    """Call whatever an operand is."""
    known = operand.static
    if known is not None:
        return _call_static(low, operand, node)
    return distribute(low, operand, lambda one: _call_one(low, one, node))


def _call_one(low: Lowering, operand: Operand, node: ast.Call) -> Operand:
    shape = operand.type.shapes[0]
    if isinstance(shape, FunctionShape):
        from sovereign.migration.depyler.function_values import call_value

        positional, keywords = evaluate_arguments(low, node)
        return call_value(low, operand, shape, positional, keywords)
    if isinstance(shape, InstanceShape) and has_method(operand, "__call__"):
        positional, keywords = evaluate_arguments(low, node)
        return call_method(low, operand, "__call__", positional, keywords)
    if python_type_name(shape) == "type":
        raise low.refuse(node, "a call of a class that is a value")
    return low.type_error(f"'{python_type_name(shape)}' object is not callable")


def _call_static(low: Lowering, operand: Operand, node: ast.Call) -> Operand:
    known = operand.static
    assert known is not None
    if known.kind == "builtin":
        from sovereign.migration.depyler.builtin_functions import call_builtin

        return call_builtin(low, known.name, CallSite(low, node))
    if known.kind == "function":
        value = known.what
        if isinstance(value, FunctionInfo):
            value = FunctionValue(value, None)
        assert isinstance(value, FunctionValue)
        return call_known(low, value, *evaluate_arguments(low, node))
    if known.kind == "class":
        from sovereign.migration.depyler.classes import construct

        assert isinstance(known.what, ClassInfo)
        return construct(low, known.what, node)
    if known.kind == "lambda":
        from sovereign.migration.depyler.function_values import inline_lambda

        positional, _ = evaluate_arguments(low, node)
        return inline_lambda(low, known.what, positional)
    if known.kind in {"partial", "itemgetter", "attrgetter", "methodcaller"}:
        from sovereign.migration.depyler.function_values import call_with, inline_call

        positional, keywords = evaluate_arguments(low, node)
        if known.kind == "partial":
            function, given, named = known.what
            return call_with(low, function, [*given, *positional], {**named, **keywords})
        return inline_call(low, operand, positional)
    raise low.refuse(node, f"calling the {known.kind} `{known.name}`")


# arguments


def evaluate_arguments(low: Lowering, node: ast.Call) -> tuple[list[Operand], dict[str, Operand]]:
    """Positional and keyword arguments; `*xs` and `**d` opened where their contents are known."""
    thunks: list[Callable[[], Operand]] = []
    plan: list[tuple[str, str]] = []
    for argument in node.args:
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        plan.append(("star" if isinstance(argument, ast.Starred) else "positional", ""))
        thunks.append(lambda inner=inner: stored_argument(low, inner))  # type: ignore[misc]
    for keyword in node.keywords:
        plan.append(("double", "") if keyword.arg is None else ("keyword", keyword.arg))
        thunks.append(lambda value=keyword.value: stored_argument(low, value))  # type: ignore[misc]
    operands = low.sequence(thunks)
    positional: list[Operand] = []
    keywords: dict[str, Operand] = {}
    for (kind, name), operand in zip(plan, operands, strict=True):
        if kind == "positional":
            positional.append(operand)
        elif kind == "star":
            positional.extend(_opened(low, operand))
        elif kind == "keyword":
            keywords[name] = operand
        elif "**" in keywords:
            raise low.refuse(node, "two `**` in a call")
        else:
            keywords["**"] = operand
    return positional, keywords


def stored_argument(low: Lowering, node: ast.expr) -> Operand:
    """An argument; a known function stays known, so that the callee is specialised to it."""
    return stored(low, low.expression(node))


def _opened(low: Lowering, operand: Operand) -> list[Operand]:
    shape = operand.type.only
    if isinstance(shape, TupleShape):
        return low.tuple_parts(operand, shape)
    return [Operand(Type((SeqStar(operand),)), operand.expr)]  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class SeqStar:
    """`*xs` of a value whose length is not known while translating."""

    operand: Operand
    tag: str = "star"


def star_of(operand: Operand) -> Operand | None:
    """The value behind `*`, where the argument is one."""
    only: object = operand.type.only
    return only.operand if isinstance(only, SeqStar) else None


@dataclass
class Bound:
    """An argument for each parameter; None stands for the default."""

    values: dict[str, Operand] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def parameters_of(info: FunctionInfo) -> ast.arguments:
    """The parameters as written."""
    assert not isinstance(info.node, ast.Module)
    return info.node.args


def default_of(info: FunctionInfo, name: str) -> ast.expr | None:
    """The default of a parameter."""
    arguments = parameters_of(info)
    ordered = [*arguments.posonlyargs, *arguments.args]
    offset = len(ordered) - len(arguments.defaults)
    for index, parameter in enumerate(ordered):
        if parameter.arg == name:
            return arguments.defaults[index - offset] if index >= offset else None
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if parameter.arg == name:
            return default
    return None


def bind(low: Lowering, info: FunctionInfo, positional: list[Operand], keywords: dict[str, Operand]) -> Bound | Operand:
    """The arguments by parameter, or the operand of the TypeError that the call raises."""
    arguments = parameters_of(info)
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    bound = Bound()
    positional = _spread_star(low, positional, info, keywords)
    if len(positional) > len(names) and arguments.vararg is None:
        return _too_many(low, info, names, len(positional))
    for name, operand in zip(names, positional, strict=False):
        bound.values[name] = operand
    if arguments.vararg is not None:
        bound.values[arguments.vararg.arg] = _packed(low, positional[len(names) :])
    error = _bind_keywords(low, info, bound, dict(keywords), names)
    if error is not None:
        return error
    return _defaults(low, info, bound, names)


def _spread_star(
    low: Lowering, positional: list[Operand], info: FunctionInfo, keywords: dict[str, Operand]
) -> list[Operand]:
    """`f(*xs)`: items by their index for the parameters that have names, the rest for `*args`."""
    arguments = parameters_of(info)
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    result: list[Operand] = []
    for index, operand in enumerate(positional):
        value = star_of(operand)
        behind = len(positional) - index - 1
        if value is None or (arguments.vararg is not None and len(result) >= len(names)):
            result.append(operand)
        elif arguments.vararg is not None and behind:
            raise low.refuse(low.node, "`*` before other arguments for a function with `*args`")
        else:
            filled = names[len(result) : max(len(names) - behind, len(result))]
            by_name = next((n for n, name in enumerate(filled) if name in keywords), len(filled))
            filled = filled[:by_name]
            if behind and any(default_of(info, name) is not None for name in names):
                raise low.refuse(low.node, "`*` before other arguments for a function with defaults")
            if "**" in keywords and any(default_of(info, name) is not None for name in filled):
                raise low.refuse(low.node, "`*` and `**` for a function with defaults")
            defaults = [None if behind else default_of(info, name) for name in filled]
            result.extend(_items_of(low, info, value, defaults, rest=arguments.vararg is not None))
    return result


def _items_of(
    low: Lowering, info: FunctionInfo, value: Operand, defaults: list[ast.expr | None], *, rest: bool
) -> list[Operand]:
    """An item for each parameter, or its default where there are too few; then what is left, where `rest` is set."""
    shape = value.type.only
    if not isinstance(shape, ListShape | SeqShape):
        from sovereign.migration.depyler.expressions import spread_items

        value = spread_items(low, [(value, True)])
        shape = value.type.only
        assert isinstance(shape, SeqShape)
    item = low.contents(shape.cell) if isinstance(shape, ListShape) else shape.item
    source = low.named(value, "arguments")
    length = rs.Method(source.expr, "len")
    least, most = sum(d is None for d in defaults), len(defaults)
    upper: rs.Expression = rs.Name("i64::MAX") if rest else rs.Integer(most)
    check = rs.Call(rs.Name("argument_check"), (length, rs.Integer(least), upper, rs.Text(qualified(info))))
    low.emit(rs.Evaluate(low.fallible(check)))
    made = []
    for index, default in enumerate(defaults):
        given = Operand(item, rs.Method(source.expr, "at", (rs.Integer(index),)))
        made.append(given if default is None else _given_or(low, info, given, length, index, default))
    if rest:
        left = rs.Method(source.expr, "slice", (rs.Call(rs.Name("Some"), (rs.Integer(most),)), rs.Name("None")))
        made.append(Operand(Type((SeqStar(Operand(value.type, left)),)), left))  # type: ignore[arg-type]
    return made


def _given_or(
    low: Lowering, info: FunctionInfo, given: Operand, length: rs.Expression, index: int, default: ast.expr
) -> Operand:
    """An item that may be missing, and then is the default."""
    from sovereign.migration.depyler.alternatives import join_branches

    with low.capture() as statements:
        other = default_operand(low, info, default)
    joined, values = join_branches(low, [([], given), (statements, other)])
    (first, present), (second, absent) = values
    test = rs.Binary(">", length, rs.Integer(index))
    chosen = rs.If(test, rs.Block(tuple(first), present), rs.Block(tuple(second), absent))
    return low.named(Operand(joined, chosen), "argument")


def _packed(low: Lowering, rest: list[Operand]) -> Operand:
    """What `*args` holds."""
    if any(star_of(o) is not None for o in rest):
        if len(rest) == 1:
            value = star_of(rest[0])
            assert value is not None
            from sovereign.migration.depyler.builtin_functions import to_tuple

            return to_tuple(low, value)
        return _spread_tuple(low, rest)
    from sovereign.migration.depyler.expressions import make_tuple

    return make_tuple(low, rest)


def _spread_tuple(low: Lowering, parts: list[Operand]) -> Operand:
    """Operands, some of them behind `*`, as a tuple of unknown length."""
    from sovereign.migration.depyler.expressions import spread_items

    return spread_items(low, [(star_of(part) or part, star_of(part) is not None) for part in parts])


def _too_many(low: Lowering, info: FunctionInfo, names: list[str], given: int) -> Operand:
    count = len(names)
    least = count - len(parameters_of(info).defaults)
    takes = f"{count}" if least == count else f"from {least} to {count}"
    plural = "" if count == 1 and least == count else "s"
    was = "was" if given == 1 else "were"
    name = qualified(info)
    return low.type_error(f"{name}() takes {takes} positional argument{plural} but {given} {was} given")


def qualified(info: FunctionInfo) -> str:
    """The name that messages give a function."""
    return f"{info.cls.name}.{info.name}" if info.cls is not None else info.name


def _bind_keywords(
    low: Lowering, info: FunctionInfo, bound: Bound, keywords: dict[str, Operand], names: list[str]
) -> Operand | None:
    arguments = parameters_of(info)
    known = {a.arg for a in (*arguments.args, *arguments.kwonlyargs)}
    order = list(keywords)
    double = keywords.pop("**", None)
    extra: dict[str, Operand] = {}
    for name, operand in keywords.items():
        if name not in known:
            if arguments.kwarg is None:
                return low.type_error(f"{qualified(info)}() got an unexpected keyword argument '{name}'")
            extra[name] = operand
        elif name in bound.values and name in names:
            return low.type_error(f"{qualified(info)}() got multiple values for argument '{name}'")
        else:
            bound.values[name] = operand
    if double is not None:
        double = low.named(double, "keywords")
        taken = set(bound.values) & known
        check_names(low, qualified(info), double, taken, None if arguments.kwarg is not None else known)
        _from_double(low, info, bound, double, names)
    if arguments.kwarg is not None:
        first = sum(name in extra for name in order[: order.index("**")]) if double is not None else 0
        bound.values[arguments.kwarg.arg] = keyword_dict(low, extra, double, known, first)
    return None


def _from_double(low: Lowering, info: FunctionInfo, bound: Bound, double: Operand, names: list[str]) -> None:
    """Parameters without an argument so far, from a dict behind `**`."""
    arguments = parameters_of(info)
    for parameter in (*arguments.args, *arguments.kwonlyargs):
        name = parameter.arg
        if name in bound.values:
            continue
        node = default_of(info, name)
        default = None if node is None else lambda node=node: default_operand(low, info, node)
        kind = "positional" if name in names else "keyword-only"
        missing = f"{qualified(info)}() missing 1 required {kind} argument: '{name}'"
        bound.values[name] = named_by(low, double, name, default, missing)


def _defaults(low: Lowering, info: FunctionInfo, bound: Bound, names: list[str]) -> Bound | Operand:
    arguments = parameters_of(info)
    missing: list[str] = []
    missing_keywords: list[str] = []
    for name in (*names, *(a.arg for a in arguments.kwonlyargs)):
        if name in bound.values:
            continue
        default = default_of(info, name)
        if default is None:
            (missing if name in names else missing_keywords).append(name)
            continue
        bound.values[name] = default_operand(low, info, default)
    for found, kind in ((missing, "positional"), (missing_keywords, "keyword-only")):
        if found:
            return _missing(low, info, found, kind)
    return bound


def default_operand(low: Lowering, info: FunctionInfo, default: ast.expr) -> Operand:
    """The value of a default; it is made once per program where it can change."""
    from sovereign.migration.depyler.defaults import default_value_of

    return default_value_of(low, info, default)


def _missing(low: Lowering, info: FunctionInfo, names: list[str], kind: str) -> Operand:
    quoted = [f"'{name}'" for name in names]
    listed = (
        quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])}{',' if len(quoted) > 2 else ''} and {quoted[-1]}"
    )
    plural = "" if len(names) == 1 else "s"
    return low.type_error(f"{qualified(info)}() missing {len(names)} required {kind} argument{plural}: {listed}")


# functions of the program


def call_known(low: Lowering, value: FunctionValue, positional: list[Operand], keywords: dict[str, Operand]) -> Operand:
    """Call a function or a bound or unbound method that is known while translating."""
    info = value.info
    if isinstance(value.bound, Operand):
        known = value.bound.static
        if known is None:
            return call_method(low, value.bound, info.name, positional, keywords)
        own = known.what if isinstance(known.what, ClassInfo) else info.cls
        return call_function(low, value, [value.bound, *positional], keywords, own)
    if info.cls is not None and info.kind == "method" and positional and len(positional[0].type.shapes) > 1:
        return distribute(low, positional[0], lambda one: call_known(low, value, [one, *positional[1:]], keywords))
    if info.cls is not None and info.kind == "method" and positional and has_method(positional[0], info.name):
        shape = positional[0].type.only
        assert isinstance(shape, InstanceShape)
        return invoke(low, positional[0], shape.cls, info, positional[1:], keywords)
    return call_function(low, value, positional, keywords, info.cls)


def function_of(
    value: FunctionValue, types: list[Type], self_class: ClassInfo | None = None
) -> tuple[FunctionInfo, object]:
    """What an instance is found by."""
    return value.info, (tuple(t.key() for t in types), self_class)


def call_function(
    low: Lowering,
    value: FunctionValue,
    positional: list[Operand],
    keywords: dict[str, Operand],
    self_class: ClassInfo | None = None,
) -> Operand:
    """Call a function of the program with operands."""
    wrapper = decorated(low, value)
    if wrapper is not None:
        return wrapper(positional, keywords)
    return call_plain(low, value, positional, keywords, self_class)


def call_plain(
    low: Lowering,
    value: FunctionValue,
    positional: list[Operand],
    keywords: dict[str, Operand],
    self_class: ClassInfo | None = None,
) -> Operand:
    """Call a function of the program without its decorators."""
    if isinstance(value.bound, Operand) and value.bound.static is None:
        shape = value.bound.type.only
        assert isinstance(shape, InstanceShape)
        return _invoke_plain(low, value.bound, shape.cls, value.info, positional, keywords)
    bound = bind(low, value.info, positional, keywords)
    if isinstance(bound, Operand):
        return bound
    instance = request(low, value, bound, self_class)
    arguments = pass_arguments(low, instance, bound)
    function = rs.Name(path_of(low, instance))
    return result_of(low, instance, rs.Call(function, tuple(arguments)))


def decorated(low: Lowering, value: FunctionValue) -> Callable[[list[Operand], dict[str, Operand]], Operand] | None:
    """How a function with decorators of the program is called; None where it is called as it is."""
    from sovereign.migration.depyler.decorators import decorated_call

    return decorated_call(low, value)


def path_of(low: Lowering, instance: Instance) -> str:
    """The Rust path of an instance."""
    name = name_of(instance)
    cls = instance.self_class
    if cls is not None:
        return f"{cls.unique}::{name}"
    return name


def request(
    low: Lowering,
    value: FunctionValue,
    bound: Bound,
    self_class: ClassInfo | None = None,
    *,
    constructs: bool = False,
    waits: bool = False,
) -> Instance:
    """The instance for bound arguments; their types flow into its parameters.

    `constructs` says that it is to make objects, `waits` that nobody asks yet what comes out of it.
    """
    info = value.info
    types = [operand.type for operand in bound.values.values()]
    key = tuple(t.key() for t in types)
    instance = low.program.instance(info, key, value.environment, self_class)
    low.calls[instance] = None
    for name, operand in bound.values.items():
        cell = instance.parameters.setdefault(name, Cell())
        cell.readers.add(instance)
        if cell.join(operand.type):
            instance.dirty = True
    if constructs and "constructs" not in instance.memory:
        instance.memory["constructs"] = self_class
        instance.dirty = True
    name_of(instance)
    if not waits:
        low.program.lower_first(instance)
    instance.readers.add(low.instance)
    return instance


def pass_arguments(low: Lowering, instance: Instance, bound: Bound, *, skip_self: bool = False) -> list[rs.Expression]:
    """The Rust arguments: `Copy` values, references to others, then what the function captures."""
    result = []
    for index, name in enumerate(parameter_order(instance.info)):
        operand = bound.values[name]
        if skip_self and index == 0:
            continue
        type_ = instance.parameters[name].read(None)
        if operand.type.never:
            result.append(operand.expr if type_.never or operand.form == "value" else rs.Tuple())
            continue
        if is_copy(type_):
            result.append(low.convert(operand, type_))
        elif low.rust(operand.type) == low.rust(type_):
            result.append(low.borrow(operand))
        else:
            result.append(rs.Borrow(low.convert(operand, type_)))
    result.extend(
        capture_argument(low, name, instance.captured[name].read(None), instance.info.scope)
        for name in sorted(instance.captured)
    )
    return result


def parameter_order(info: FunctionInfo) -> list[str]:
    """Names of all parameters in the order in which Rust has them."""
    arguments = parameters_of(info)
    ordered = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg is not None:
        ordered.append(arguments.vararg)
    ordered.extend(arguments.kwonlyargs)
    if arguments.kwarg is not None:
        ordered.append(arguments.kwarg)
    return [a.arg for a in ordered]


def result_of(low: Lowering, instance: Instance, expr: rs.Expression) -> Operand:
    """The result of a call of an instance."""
    type_ = instance.result.read(low.instance)
    low.pending |= type_.never and low.program.is_open(instance, low.instance)
    if instance.info.is_generator:
        type_ = generator_type(low, instance)
    elif instance.raises:
        expr = low.fallible(expr)
    return Operand(type_, expr)


def generator_type(low: Lowering, instance: Instance) -> Type:
    """The iterator that a generator function gives."""
    return instance.result.read(low.instance)


# methods


def has_method(operand: Operand, name: str) -> bool:
    """Whether an object of the program has a method."""
    shape = operand.type.only
    return isinstance(shape, InstanceShape) and shape.cls.find_method(name) is not None


def refuses(low: Lowering, receiver: Operand, name: str, other: Operand) -> bool:
    """Whether a binary method gives NotImplemented for the type of the other operand."""
    from sovereign.migration.depyler.classes import returns_not_implemented

    return returns_not_implemented(low, receiver, name, other)


def call_method(
    low: Lowering,
    receiver: Operand,
    name: str,
    positional: list[Operand],
    keywords: dict[str, Operand] | None = None,
) -> Operand:
    """Call a method of an object of the program."""
    shape = receiver.type.only
    assert isinstance(shape, InstanceShape)
    found = shape.cls.find_method(name)
    if found is None:
        return low.type_error(f"'{shape.cls.name}' object has no attribute '{name}'", "ATTRIBUTE_ERROR")
    _, info = found
    if info.kind == "static":
        return call_function(low, FunctionValue(info, shape.cls.environment), positional, keywords or {}, shape.cls)
    if info.kind == "class":
        cls = static("class", shape.cls.unique, shape.cls)
        return call_function(
            low, FunctionValue(info, shape.cls.environment), [cls, *positional], keywords or {}, shape.cls
        )
    return invoke(low, receiver, shape.cls, info, positional, keywords or {})


def invoke(
    low: Lowering,
    receiver: Operand,
    cls: ClassInfo,
    info: FunctionInfo,
    positional: list[Operand],
    keywords: dict[str, Operand],
) -> Operand:
    """Call a method that is known with a receiver."""
    wrapper = decorated(low, FunctionValue(info, cls.environment, receiver))
    if wrapper is not None:
        return wrapper(positional, keywords)
    return _invoke_plain(low, receiver, cls, info, positional, keywords)


def _invoke_plain(
    low: Lowering,
    receiver: Operand,
    cls: ClassInfo,
    info: FunctionInfo,
    positional: list[Operand],
    keywords: dict[str, Operand],
) -> Operand:
    bound = bind(low, info, [receiver, *positional], keywords)
    if isinstance(bound, Operand):
        return bound
    instance = request(low, FunctionValue(info, cls.environment), bound, cls)
    arguments = pass_arguments(low, instance, bound, skip_self=True)
    name = name_of(instance)
    if instance.self_as_value:
        mark_self(low, receiver)
    expr: rs.Expression
    if cls.enum_members is not None:
        expr = rs.Method(low.own(receiver), name, tuple(arguments))
    else:
        expr = rs.Method(low.receiver(receiver), name, tuple(arguments))
    return result_of(low, instance, expr)


def mark_self(low: Lowering, receiver: Operand) -> None:
    """The receiver must be the counted pointer, not only what it points to."""
    if receiver.expr == rs.Name("self"):
        low.needs_pointer()


METHODS: dict[tuple[str, str], Callable[[CallSite], Operand]] = {}


def _attribute_call(low: Lowering, node: ast.Call, func: ast.Attribute) -> Operand:
    if _is_super(func.value):
        return _super_call(low, node, func)
    receiver = low.expression(func.value)
    known = receiver.static
    if known is not None:
        return _static_attribute_call(low, node, func, receiver)
    return distribute(low, receiver, lambda one: _method_call(low, node, func, one))


def _static_attribute_call(low: Lowering, node: ast.Call, func: ast.Attribute, receiver: Operand) -> Operand:
    known = receiver.static
    assert known is not None
    if known.kind == "class":
        assert isinstance(known.what, ClassInfo)
        return _class_call(low, node, func.attr, known.what)
    if known.kind == "builtin":
        from sovereign.migration.depyler.builtin_functions import call_builtin, is_builtin

        full = f"{known.name}.{func.attr}"
        if is_builtin(full):
            return call_builtin(low, full, CallSite(low, node))
        return _unbound_call(low, node, func.attr, known.name)
    from sovereign.migration.depyler.attributes import attribute

    return call_operand(low, attribute(low, receiver, func.attr), node)


def _unbound_call(low: Lowering, node: ast.Call, name: str, kind: str) -> Operand:
    """`str.upper(s)`: the first argument is the receiver."""
    site = CallSite(low, node)
    if (kind, name) not in METHODS or not site.operands:
        raise low.refuse(node, f"`{kind}.{name}` is not translated")
    from sovereign.migration.depyler.methods import call_builtin_method

    return call_builtin_method(low, site.operands[0], name, site.operands[1:], {})


def _class_call(low: Lowering, node: ast.Call, name: str, cls: ClassInfo) -> Operand:
    from sovereign.migration.depyler.classes import class_method_call

    return class_method_call(low, node, name, cls)


def _method_call(low: Lowering, node: ast.Call, func: ast.Attribute, receiver: Operand) -> Operand:
    shape = receiver.type.shapes[0]
    if isinstance(shape, InstanceShape):
        if shape.cls.find_method(func.attr) is not None and func.attr not in shape.cls.fields:
            method = shape.cls.find_method(func.attr)
            assert method is not None
            if method[1].kind == "property":
                from sovereign.migration.depyler.attributes import attribute

                return call_operand(low, attribute(low, receiver, func.attr), node)
            positional, keywords = evaluate_arguments(low, node)
            return call_method(low, receiver, func.attr, positional, keywords)
        from sovereign.migration.depyler.attributes import attribute
        from sovereign.migration.depyler.classes import builtin_instance_method

        special = builtin_instance_method(low, receiver, func.attr, node)
        if special is not None:
            return special
        return call_operand(low, attribute(low, receiver, func.attr), node)
    from sovereign.migration.depyler.methods import call_site_method

    if shape.tag == "Namespace":
        from sovereign.migration.depyler.attributes import attribute

        return call_operand(low, attribute(low, receiver, func.attr), node)
    return call_site_method(low, receiver, func.attr, node)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _super(low: Lowering, node: ast.Call) -> Operand:
    if low.info.cls is not None:
        return static("super", "super")
    raise low.refuse(node, "`super()` other than in `super().method(...)`")


def _super_call(low: Lowering, node: ast.Call, func: ast.Attribute) -> Operand:
    from sovereign.migration.depyler.classes import super_call

    return super_call(low, node, func.attr)


# nested functions


def local_function(low: Lowering, node: ast.FunctionDef) -> None:
    """A function defined within a function, or under a condition: an item of its own, called with what it captures."""
    from sovereign.migration.depyler.collect import function_info
    from sovereign.migration.depyler.decorators import check_function
    from sovereign.migration.depyler.function_values import keeps_defaults

    key = ("info", node)
    found = low.instance.memory.get(key)
    if not isinstance(found, FunctionInfo):
        found = function_info(node, low.info.scope.children[node], low.module)
        low.instance.memory[key] = found
    check_function(low, found)
    operand = static("function", node.name, FunctionValue(found, low.instance))
    web = find_web(low, node, node.name)
    if web is not None and (web.definitions > 1 or keeps_defaults(found)):
        assign_web(low, web, operand, low.place)
        return
    low.define(node.name, web, operand)
    if not low.info.scope.is_function:
        low.module.imports[node.name] = operand
