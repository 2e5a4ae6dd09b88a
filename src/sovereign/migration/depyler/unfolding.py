"""Decorators of the program, written out: what `@d` above a function does becomes functions and statements.

Enters: the tree of a module. Leaves: the same tree where `@d def f` is `def f_plain` and an `f` that is the wrapper of
`d` with `f_plain` in the place of the function given to it; what `d` keeps beside its wrapper becomes variables of the
module. `lru_cache` becomes a dict. A decorator that does anything else stays where it is, and is refused where the
function is called.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections import Counter
from dataclasses import dataclass, field

from sovereign.migration.depyler.nodes import walk

__all__ = ["unfold"]

_CACHES = frozenset(("cache", "lru_cache"))
_OF_CACHES = ("cache_info", "cache_clear", "cache_parameters")


class _KeptError(Exception):
    """The decorator does more than can be written out."""


def unfold(tree: ast.Module) -> None:
    """Write out the decorators of a module's functions, methods and classes, in place."""
    _Module(tree).unfold()


@dataclass
class _Layer:
    """One decorator applied: statements before the function, the function itself, and statements after it."""

    before: list[ast.stmt] = field(default_factory=list)
    wrapper: ast.FunctionDef | None = None
    after: list[ast.stmt] = field(default_factory=list)


class _Rename(ast.NodeTransformer):
    """Names of a decorator become what they stand for here."""

    def __init__(self, names: dict[str, ast.expr], function: str, shown: str) -> None:
        self.names = names
        self.function = function
        self.shown = shown

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == self.function:
            if node.attr in {"__name__", "__qualname__"}:
                return ast.copy_location(ast.Constant(self.shown), node)
            if node.attr.startswith("__"):
                raise _KeptError
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = self.names.get(node.id)
        if found is None:
            return node
        if isinstance(node.ctx, ast.Load):
            return ast.copy_location(copy.deepcopy(found), node)
        if not isinstance(found, ast.Name):
            raise _KeptError
        return ast.copy_location(ast.Name(found.id, node.ctx), node)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.stmt:
        known = [self.names.get(name) for name in node.names]
        if not all(isinstance(found, ast.Name) for found in known):
            raise _KeptError
        return ast.copy_location(ast.Global([found.id for found in known if isinstance(found, ast.Name)]), node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        if node.arg in self.names:
            raise _KeptError
        return node


class _Module:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.bound = Counter(n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
        self.functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef) and self.bound[n.name] == 1}
        self.classes = {n.name for n in tree.body if isinstance(n, ast.ClassDef)}
        self.has_info = False
        self.stored = {n.id for n in walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.taken = {n.id for n in walk(tree) if isinstance(n, ast.Name)} | set(self.bound)

    def unfold(self) -> None:
        body: list[ast.stmt] = []
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                body += self.function(node, None)
            elif isinstance(node, ast.ClassDef):
                body += self.methods(node)
            else:
                body.append(node)
        self.tree.body = body
        for function in [n for n in walk(self.tree) if isinstance(n, ast.FunctionDef)]:
            function.body = [made for item in function.body for made in self.inner(item)]

    def inner(self, node: ast.stmt) -> list[ast.stmt]:
        """A statement of a function's body: a function within the function whose results are kept."""
        if not isinstance(node, ast.FunctionDef) or len(node.decorator_list) != 1:
            return [node]
        name = _last_name(node.decorator_list[0])
        is_cache = name in _CACHES and name not in self.functions and not self.asks(node.name, _OF_CACHES)
        return self.function(node, None) if is_cache else [node]

    def methods(self, node: ast.ClassDef) -> list[ast.stmt]:
        before: list[ast.stmt] = []
        body: list[ast.stmt] = []
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.decorator_list:
                made = self.function(item, node)
                body += [part for part in made if isinstance(part, ast.FunctionDef)]
                before += [part for part in made if not isinstance(part, ast.FunctionDef)]
            else:
                body.append(item)
        node.body = body
        return [*before, *self.decorated_class(node)]

    def decorated_class(self, node: ast.ClassDef) -> list[ast.stmt]:
        """`@d class C` where `d` gives the class back: its statements, with the class."""
        own = [d for d in node.decorator_list if isinstance(d, ast.Name) and d.id in self.functions]
        try:
            layers = [self.apply(d, ast.Name(node.name, ast.Load()), None, node.name, node.name) for d in own[::-1]]
        except _KeptError:
            return [node]
        if any(layer.wrapper is not None for layer in layers):
            return [node]
        node.decorator_list = [d for d in node.decorator_list if d not in own]
        return [*(s for layer in layers for s in layer.before), node, *(s for layer in layers for s in layer.after)]

    def function(self, node: ast.FunctionDef, cls: ast.ClassDef | None) -> list[ast.stmt]:
        """A function with the decorators of the program written out; as it is where one of them cannot be."""
        own = [d for d in node.decorator_list if self.is_ours(d, node)]
        if not own:
            return [node]
        try:
            return self.layers(node, own, cls)
        except _KeptError:
            return [node]

    def is_ours(self, decorator: ast.expr, node: ast.FunctionDef) -> bool:
        name = _last_name(decorator)
        if name in _CACHES and name not in self.functions:
            return not self.asks(node.name, ("cache_parameters", "__wrapped__"))
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        return isinstance(function, ast.Name) and (name in self.functions or name in self.classes)

    def asks(self, name: str, attributes: tuple[str, ...]) -> bool:
        """Whether some code asks a name for one of these attributes."""
        return any(
            isinstance(n, ast.Attribute)
            and n.attr in attributes
            and isinstance(n.value, ast.Name)
            and n.value.id == name
            for n in walk(self.tree)
        )

    def layers(self, node: ast.FunctionDef, own: list[ast.expr], cls: ast.ClassDef | None) -> list[ast.stmt]:
        kept = [d for d in node.decorator_list if d not in own]
        if kept and (cls is None or own != node.decorator_list[-len(own) :]):
            raise _KeptError
        current = copy.deepcopy(node)
        current.decorator_list = []
        before: list[ast.stmt] = []
        done: list[ast.FunctionDef] = []
        after: list[ast.stmt] = []
        for number, decorator in enumerate(reversed(own)):
            plain = self.free(f"{node.name}_plain" if number == 0 else f"{node.name}_plain_{number + 1}")
            inner: ast.expr = ast.Name(plain, ast.Load())
            if cls is not None:
                inner = ast.Attribute(ast.Name(cls.name, ast.Load()), plain, ast.Load())
            if _last_name(decorator) in self.classes:
                if cls is not None or number != len(own) - 1:
                    raise _KeptError
                current.name = plain
                return [*before, *done, current, *after, self.made(decorator, plain, node)]
            layer = self.apply(decorator, inner, current, node.name, node.name)
            if layer.wrapper is not None and after:
                raise _KeptError  # what stands below has seen the function that this one wraps
            before += layer.before
            after += layer.after
            if layer.wrapper is not None:
                current.name = plain
                done.append(current)
                current = layer.wrapper
        current.decorator_list = kept
        made = [*before, *done, current, *after]
        for statement in made:
            ast.fix_missing_locations(statement)
        return made

    def made(self, decorator: ast.expr, plain: str, node: ast.FunctionDef) -> ast.stmt:
        """`f = Class(f_plain)`, or `f = Class(arguments)(f_plain)`."""
        value = ast.Call(decorator, [ast.Name(plain, ast.Load())], [])
        assign = ast.Assign([ast.Name(node.name, ast.Store())], value)
        return ast.fix_missing_locations(ast.copy_location(assign, node))

    def free(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def apply(
        self, decorator: ast.expr, inner: ast.expr, function: ast.FunctionDef | None, name: str, shown: str
    ) -> _Layer:
        """What a decorator does with a function that is called `inner` from now on."""
        if _last_name(decorator) in _CACHES and _last_name(decorator) not in self.functions:
            return self.cached(inner, function, name, _most_results(decorator))
        layer = _Layer()
        names: dict[str, ast.expr] = {}
        if isinstance(decorator, ast.Call):
            maker = self.functions[_last_name(decorator)]
            self.bind(maker, decorator, name, names, layer)
            definition = self.prelude(maker, name, names, layer)
        else:
            definition = self.functions[_last_name(decorator)]
        if definition is None or _only_parameter(definition) is None:
            raise _KeptError
        parameter = _only_parameter(definition)
        assert parameter is not None
        if _returned(definition) == parameter:
            rename = _Rename({**names, parameter: ast.Name(name, ast.Load())}, parameter, shown)
            if function is not None and isinstance(inner, ast.Attribute):
                raise _KeptError
            layer.after += [rename.visit(copy.deepcopy(s)) for s in _statements(definition)[:-1]]
            return layer
        names[parameter] = inner
        wrapper = self.prelude(definition, name, names, layer, parameter, shown)
        if wrapper is None or function is None:
            raise _KeptError
        is_wrapped = _is_wrapped(wrapper, parameter)
        if not is_wrapped and self.asks(name, ("__name__", "__doc__", "__qualname__")):
            raise _KeptError
        wrapper = copy.deepcopy(wrapper)
        wrapper.decorator_list = []
        if is_wrapped:
            _take_docstring(wrapper, function)
        _forward(wrapper, parameter, function, self.is_called_with_keywords(name))
        rename = _Rename(names, parameter, shown)
        wrapper.body = [rename.visit(s) for s in wrapper.body]
        wrapper.name = name
        layer.wrapper = wrapper
        return layer

    def bind(
        self, maker: ast.FunctionDef, call: ast.Call, name: str, names: dict[str, ast.expr], layer: _Layer
    ) -> None:
        """The parameters of what makes the decorator: constants as they are, else variables of the module."""
        arguments = maker.args
        parameters = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        if arguments.vararg or arguments.kwarg or any(isinstance(a, ast.Starred) for a in call.args):
            raise _KeptError
        given = dict(zip(parameters, call.args, strict=False))
        given |= {k.arg: k.value for k in call.keywords if k.arg is not None}
        defaults = dict(zip(parameters[len(parameters) - len(arguments.defaults) :], arguments.defaults, strict=True))
        defaults |= {
            a.arg: d for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if d is not None
        }
        for parameter in (*parameters, *(a.arg for a in arguments.kwonlyargs)):
            value = given.get(parameter, defaults.get(parameter))
            if value is None:
                raise _KeptError
            if isinstance(value, ast.Constant) or self.names_classes(value):
                names[parameter] = value
                continue
            variable = self.free(f"{name}_{parameter}")
            names[parameter] = ast.Name(variable, ast.Load())
            layer.before.append(_located(ast.Assign([ast.Name(variable, ast.Store())], value), call))

    def names_classes(self, value: ast.expr) -> bool:
        """Whether an argument is a class of errors that is always the same, or a tuple of such."""
        if isinstance(value, ast.Tuple):
            return all(map(self.names_classes, value.elts))
        if not isinstance(value, ast.Name):
            return False
        if value.id in self.classes:
            return self.bound[value.id] == 1
        found = getattr(builtins, value.id, None)
        return value.id not in self.stored and isinstance(found, type) and issubclass(found, BaseException)

    def prelude(
        self,
        definition: ast.FunctionDef,
        name: str,
        names: dict[str, ast.expr],
        layer: _Layer,
        parameter: str = "",
        shown: str = "",
    ) -> ast.FunctionDef | None:
        """What a decorator does before it gives its inner function back; that function."""
        returned = _returned(definition)
        statements = _statements(definition)
        inner = next((s for s in statements if isinstance(s, ast.FunctionDef) and s.name == returned), None)
        rest = [s for s in statements[:-1] if s is not inner]
        if inner is None or any(isinstance(s, ast.FunctionDef | ast.ClassDef) for s in rest):
            return None
        for statement in rest:
            for node in walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in names:
                    names[node.id] = ast.Name(self.free(f"{name}_{node.id}"), ast.Load())
        rename = _Rename(names, parameter, shown)
        layer.before += [rename.visit(copy.deepcopy(s)) for s in rest]
        return inner

    def is_called_with_keywords(self, name: str) -> bool:
        return any(isinstance(n, ast.Call) and n.keywords and _last_name(n.func) == name for n in walk(self.tree))

    def cached(self, inner: ast.expr, function: ast.FunctionDef | None, name: str, most: int | None) -> _Layer:
        """A dict from arguments to results, which lets the one that was used longest ago go where that shows."""
        if function is None:
            raise _KeptError
        arguments = function.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            raise _KeptError
        names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
        memory = self.free(f"{name}_results")
        counts = self.asks(name, _OF_CACHES)
        if counts and isinstance(inner, ast.Attribute):
            raise _KeptError
        key = f"({', '.join(names)})" if len(names) != 1 else names[0]
        call = f"{ast.unparse(inner)}({', '.join(names)})"
        if counts:
            return self.counted(function, name, memory, key, call, most)
        if most is None or _is_silent(function):
            text = f"if {key} not in {memory}:\n    {memory}[{key}] = {call}\nreturn {memory}[{key}]"
        else:
            found = self.free("result")
            text = _FORGETTING.format(key=key, memory=memory, call=call, found=found, most=most)
        wrapper = copy.copy(function)
        wrapper.args = copy.deepcopy(arguments)
        wrapper.body = [_relocated(s, function) for s in ast.parse(text).body]
        wrapper.name = name
        start = _relocated(ast.parse(f"{memory} = {{}}").body[0], function)
        return _Layer([start], wrapper)

    def counted(
        self, function: ast.FunctionDef, name: str, memory: str, key: str, call: str, most: int | None
    ) -> _Layer:
        """A cache that is asked how often it was of use."""
        if "CacheInfo" in self.taken and not self.has_info:
            raise _KeptError
        names = {part: self.free(f"{name}_{part}") for part in ("hits", "misses", "info", "clear")}
        parts = {**names, "memory": memory, "key": key, "call": call, "most": most, "found": self.free("result")}
        before = _COUNTED.format(**parts)
        if not self.has_info:
            self.has_info = True
            before = _INFO + before
        if most is not None:
            keep = f"if len({memory}) > {most}:\n        del {memory}[next(iter({memory}))]"
            again = f"{memory}[{key}] = {memory}.pop({key})"
        else:
            keep, again = "pass", "pass"
        text = _COUNTING.format(**parts, keep=keep, again=again)
        wrapper = copy.copy(function)
        wrapper.args = copy.deepcopy(function.args)
        wrapper.body = [_relocated(s, function) for s in ast.parse(text).body]
        wrapper.name = name
        _Ask(name, names["info"], names["clear"]).visit(self.tree)
        _Ask(name, names["info"], names["clear"]).visit(function)
        return _Layer([_relocated(s, function) for s in ast.parse(before).body], wrapper)


class _Ask(ast.NodeTransformer):
    """`f.cache_info` and `f.cache_clear` are functions of the module."""

    def __init__(self, name: str, info: str, clear: str) -> None:
        self.name = name
        self.made = {"cache_info": info, "cache_clear": clear}

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        is_own = isinstance(node.value, ast.Name) and node.value.id == self.name and node.attr in self.made
        return ast.copy_location(ast.Name(self.made[node.attr], ast.Load()), node) if is_own else node


_INFO = """
class CacheInfo(NamedTuple):
    hits: int
    misses: int
    maxsize: int | None
    currsize: int
"""
_COUNTED = """
{memory} = {{}}
{hits} = 0
{misses} = 0
def {info}():
    return CacheInfo({hits}, {misses}, {most}, len({memory}))
def {clear}():
    global {hits}, {misses}
    {memory}.clear()
    {hits} = 0
    {misses} = 0
"""
_COUNTING = """
global {hits}, {misses}
if {key} in {memory}:
    {hits} += 1
    {again}
    return {memory}[{key}]
{misses} += 1
{found} = {call}
if {key} not in {memory}:
    {memory}[{key}] = {found}
    {keep}
return {found}
"""
_FORGETTING = """
if {key} in {memory}:
    {found} = {memory}.pop({key})
    {memory}[{key}] = {found}
    return {found}
{found} = {call}
if {key} not in {memory}:
    {memory}[{key}] = {found}
    if len({memory}) > {most}:
        del {memory}[next(iter({memory}))]
return {found}
"""
_DEFAULT_RESULTS = 128
_SILENT = frozenset(
    "abs all any bool chr dict divmod enumerate float frozenset int isinstance len list max min ord pow range repr "
    "reversed round set sorted str sum tuple zip".split()
)


def _most_results(decorator: ast.expr) -> int | None:
    """How many results a cache of the library may hold; None where there is no limit."""
    if not isinstance(decorator, ast.Call):
        return None if _last_name(decorator) == "cache" else _DEFAULT_RESULTS
    given = [*decorator.args, *(k.value for k in decorator.keywords if k.arg == "maxsize")]
    if len(given) != len(decorator.args) + len(decorator.keywords) or len(given) > 1:
        raise _KeptError
    if not given:
        return _DEFAULT_RESULTS
    value = given[0].value if isinstance(given[0], ast.Constant) else ...
    if value is not None and type(value) is not int:
        raise _KeptError
    assert value is None or isinstance(value, int)
    return value if value is None else max(value, 0)


def _is_silent(function: ast.FunctionDef) -> bool:
    """Whether nobody sees how often a function is called: it calls itself and builtins that only look, and no more."""
    for node in walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal | ast.Raise | ast.Yield | ast.YieldFrom | ast.Await):
            return False
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            return False
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                if not (isinstance(called.value, ast.Name) and called.value.id == "math"):
                    return False
            elif not isinstance(called, ast.Name) or called.id not in {*_SILENT, function.name}:
                return False
    return True


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _located(made: ast.stmt, like: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(made, like))


def _relocated(made: ast.stmt, like: ast.FunctionDef) -> ast.stmt:
    for node in walk(made):
        if hasattr(node, "lineno"):
            ast.copy_location(node, like)
    return made


def _statements(definition: ast.FunctionDef) -> list[ast.stmt]:
    """The body without its docstring."""
    first = definition.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return definition.body[1:] if is_text else definition.body


def _only_parameter(definition: ast.FunctionDef) -> str | None:
    arguments = definition.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults)
    return names[0] if plain and len(names) == 1 else None


def _returned(definition: ast.FunctionDef) -> str:
    """The name that a function gives back at its end, where it does so nowhere else."""
    last = definition.body[-1]
    return last.value.id if isinstance(last, ast.Return) and isinstance(last.value, ast.Name) else ""


def _is_wrapped(wrapper: ast.FunctionDef, parameter: str) -> bool:
    found = [d for d in wrapper.decorator_list if _last_name(d) == "wraps"]
    if len(found) != len(wrapper.decorator_list):
        raise _KeptError
    return any(
        isinstance(d, ast.Call) and len(d.args) == 1 and isinstance(d.args[0], ast.Name) and d.args[0].id == parameter
        for d in found
    )


def _take_docstring(wrapper: ast.FunctionDef, function: ast.FunctionDef) -> None:
    """What `wraps` does beside the name."""
    docs = function.body[: len(function.body) - len(_statements(function))]
    body = _statements(wrapper)
    if body:
        wrapper.body = [*copy.deepcopy(docs), *body]


def _uses(wrapper: ast.FunctionDef, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name for s in wrapper.body for n in walk(s))


def _forward(wrapper: ast.FunctionDef, function: str, plain: ast.FunctionDef, with_keywords: bool) -> None:
    """Give a wrapper that only hands `*args` and `**kwargs` on the parameters of the function that it wraps."""
    arguments = wrapper.args
    star = arguments.vararg.arg if arguments.vararg is not None else ""
    double = arguments.kwarg.arg if arguments.kwarg is not None else ""
    if not star and not double:
        return
    calls = [
        n
        for s in wrapper.body
        for n in walk(s)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == function
    ]
    stars = sum(
        isinstance(a, ast.Starred) and isinstance(a.value, ast.Name) and a.value.id == star
        for c in calls
        for a in c.args
    )
    doubles = sum(
        k.arg is None and isinstance(k.value, ast.Name) and k.value.id == double for c in calls for k in c.keywords
    )
    hands_on = (not star or _uses(wrapper, star) == stars) and (not double or _uses(wrapper, double) == doubles)
    inner = plain.args
    if star and hands_on and not (inner.vararg or inner.kwarg or inner.posonlyargs):
        _take_parameters(wrapper, inner, calls, star, double)
    elif double and doubles == _uses(wrapper, double) and not with_keywords and not inner.kwonlyargs:
        arguments.kwarg = None
        for call in calls:
            call.keywords = [k for k in call.keywords if k.arg is not None]


def _take_parameters(
    wrapper: ast.FunctionDef, inner: ast.arguments, calls: list[ast.Call], star: str, double: str
) -> None:
    fixed = [a.arg for a in (*wrapper.args.posonlyargs, *wrapper.args.args)]
    rest = inner.args[len(fixed) :]
    if wrapper.args.defaults or wrapper.args.kwonlyargs or {a.arg for a in (*rest, *inner.kwonlyargs)} & set(fixed):
        raise _KeptError
    own = {n.id for s in wrapper.body for n in walk(s) if isinstance(n, ast.Name)}
    if own & {a.arg for a in (*rest, *inner.kwonlyargs)}:
        raise _KeptError
    wrapper.args = copy.deepcopy(inner)
    wrapper.args.args = [*(ast.arg(name) for name in fixed), *copy.deepcopy(rest)]
    count = min(len(inner.defaults), len(rest))
    wrapper.args.defaults = wrapper.args.defaults[len(inner.defaults) - count :] if count else []
    for call in calls:
        call.args = [
            part
            for a in call.args
            for part in (
                [ast.Name(p.arg, ast.Load()) for p in rest]
                if isinstance(a, ast.Starred) and isinstance(a.value, ast.Name) and a.value.id == star
                else [a]
            )
        ]
        handed = [ast.keyword(p.arg, ast.Name(p.arg, ast.Load())) for p in inner.kwonlyargs]
        call.keywords = [k for k in call.keywords if k.arg is not None or not double] + (handed if double else [])
    ast.fix_missing_locations(wrapper)
