"""Which uses of a local variable belong to which assignments: one Python name may be several variables in Rust.

Enters: the body of a function or module and the names local to it. Leaves: for each `ast.Name` the `Web` it belongs to,
that is the set of assignments and uses that may see each other, and where that web is declared. `x = input()` and then
`x = int(x)` are two webs, so each has one type. Reaching definitions are found on the structure of the tree.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.nodes import Visitor, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Place", "Web", "Webs", "find_webs"]

Path = tuple[tuple[int, int], ...]
State = dict[str, frozenset[int]]
_UNBOUND = -1


@dataclass(frozen=True, slots=True)
class Place:
    """A statement: the list it stands in, by identity, and its number there; -1 is the head of the block."""

    block: int
    index: int


@dataclass(eq=False)
class Web:
    """Assignments and uses of one name that belong together."""

    name: str
    paths: list[Path] = field(default_factory=list)
    definitions: int = 0
    first_definition: Path = ()
    is_parameter: bool = False
    maybe_unbound: bool = False
    whole: bool = False
    number: int = 0
    place: Place = Place(0, 0)
    hoisted: bool = False
    augmented: bool = False
    inline: bool = False
    overlaps: bool = False
    span: tuple[tuple[int, int], tuple[int, int]] = ((1 << 60, 0), (-1, 0))

    def see(self, node: ast.AST) -> None:
        """Note where in the text the variable stands."""
        line = getattr(node, "lineno", None)
        if line is not None:
            place = (line, getattr(node, "col_offset", 0))
            self.span = (min(self.span[0], place), max(self.span[1], place))


@dataclass
class Webs:
    """The webs of one function."""

    of_node: dict[ast.AST, Web] = field(default_factory=dict)
    parameters: dict[str, Web] = field(default_factory=dict)
    declared: dict[Place, list[Web]] = field(default_factory=dict)
    all: list[Web] = field(default_factory=list)
    by_name: dict[str, list[Web]] = field(default_factory=dict)


def _merge(states: Iterable[State | None]) -> State | None:
    result: State | None = None
    for state in states:
        if state is None:
            continue
        if result is None:
            result = dict(state)
            continue
        for name in result.keys() | state.keys():
            result[name] = result.get(name, frozenset((_UNBOUND,))) | state.get(name, frozenset((_UNBOUND,)))
    return result


class _Flow(Visitor, ast.NodeVisitor):
    """Walks a body in the order of execution with the definitions that reach each point."""

    def __init__(self, names: set[str], whole: set[str]) -> None:
        self.names = names
        self.whole = whole
        self.parent: list[int] = []
        self.node_of: list[ast.AST | None] = []
        self.name_of: list[str] = []
        self.path_of: list[Path] = []
        self.uses: list[tuple[ast.AST, str, frozenset[int], Path]] = []
        self.augmented: set[int] = set()
        self.inline: set[int] = set()
        self.state: State | None = {}
        self.path: Path = ()
        self.breaks: list[list[State | None]] = []
        self.continues: list[list[State | None]] = []
        self.watchers: list[dict[str, set[int]]] = []
        self.hidden: list[set[str]] = []
        self._known: dict[tuple[ast.AST, str], int] = {}
        self.loop_blocks: set[int] = set()

    # union of definitions

    def find(self, number: int) -> int:
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def unite(self, numbers: Iterable[int]) -> None:
        first: int | None = None
        for number in numbers:
            if number == _UNBOUND:
                continue
            root = self.find(number)
            if first is None:
                first = root
            else:
                self.parent[root] = first

    # events

    def define(self, name: str, node: ast.AST | None, *, head: Path | None = None) -> int:
        key = (node, name) if node is not None else None
        number = self._known.get(key) if key is not None else None
        if number is None:
            number = len(self.parent)
            self.parent.append(number)
            self.node_of.append(node)
            self.name_of.append(name)
            self.path_of.append(head if head is not None else self.path)
            if key is not None:
                self._known[key] = number
        if self.state is not None:
            self.state[name] = frozenset((number,))
        for watcher in self.watchers:
            watcher.setdefault(name, set()).add(number)
        return number

    def use(self, name: str, node: ast.AST) -> None:
        if self.state is None:
            return
        reaching = self.state.get(name, frozenset((_UNBOUND,)))
        self.unite(reaching)
        self.uses.append((node, name, reaching, self.path))

    def _is_local(self, name: str) -> bool:
        return name in self.names and not any(name in names for names in self.hidden)

    # expressions

    def visit_Name(self, node: ast.Name) -> None:
        if not self._is_local(node.id):
            return
        if isinstance(node.ctx, ast.Load):
            self.use(node.id, node)
        elif isinstance(node.ctx, ast.Store):
            self.define(node.id, node)
        else:
            self.use(node.id, node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        if self._is_local(node.target.id):
            self.inline.add(self.define(node.target.id, node.target))

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)
        hidden = {n.id for g in node.generators for n in walk(g.target) if isinstance(n, ast.Name)}
        self.hidden.append(hidden)
        before = None if self.state is None else dict(self.state)
        for number, generator in enumerate(node.generators):
            if number:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self.hidden.pop()
        self.state = _merge((before, self.state))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _branches(self, parts: list[ast.expr]) -> None:
        before = self.state
        for part in parts:
            self.visit(part)
            after = self.state
            self.state = _merge((before, after))

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self._branches(node.values[1:])

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        before = None if self.state is None else dict(self.state)
        self.visit(node.body)
        after = self.state
        self.state = before
        self.visit(node.orelse)
        self.state = _merge((after, self.state))

    # statements

    def block(self, body: list[ast.stmt]) -> None:
        outer = self.path
        for index, statement in enumerate(body):
            self.path = (*outer, (id(body), index))
            self.visit(statement)
        self.path = outer

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_Delete(self, node: ast.Delete) -> None:
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Name) and self._is_local(target.id) and self.state is not None:
                self.state[target.id] = frozenset((_UNBOUND,))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name) and self._is_local(node.target.id):
            name = node.target.id
            self.use(name, node)
            reaching = frozenset() if self.state is None else self.state.get(name, frozenset())
            number = self.define(name, node.target)
            self.augmented.add(number)
            self.unite((*reaching, number))
        else:
            self.visit(node.target)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        before = None if self.state is None else dict(self.state)
        self.block(node.body)
        after = self.state
        self.state = before
        self.block(node.orelse)
        self.state = _merge((after, self.state))

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self.loop_blocks.add(id(node.body))
        entry = None if self.state is None else dict(self.state)
        self.breaks.append([])
        self.continues.append([])
        leaving: State | None = None
        for _ in range(3):
            start = None if entry is None else dict(entry)
            self.state = start
            if isinstance(node, ast.While):
                self.visit(node.test)
                leaving = None if self.state is None else dict(self.state)
            else:
                leaving = None if start is None else dict(start)
                outer = self.path
                self.path = (*outer, (id(node.body), -1))
                self.visit(node.target)
                self.path = outer
            self.block(node.body)
            again = _merge((entry, self.state, *self.continues[-1]))
            if again == entry:
                break
            entry = again
        if isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
            leaving = None
        breaks = self.breaks.pop()
        self.continues.pop()
        self.state = leaving
        self.block(node.orelse)
        self.state = _merge((self.state, *breaks))

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self._loop(node)

    def visit_While(self, node: ast.While) -> None:
        self._loop(node)

    def visit_Break(self, _: ast.Break) -> None:
        self.breaks[-1].append(self.state)
        self.state = None

    def visit_Continue(self, _: ast.Continue) -> None:
        self.continues[-1].append(self.state)
        self.state = None

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.visit(node.value)
        self.state = None

    def visit_Raise(self, node: ast.Raise) -> None:
        self.generic_visit(node)
        self.state = None

    def visit_Try(self, node: ast.Try) -> None:
        before = dict(self.state or {})
        self.watchers.append({})
        self.block(node.body)
        seen = self.watchers.pop()
        self.block(node.orelse)
        ends = [self.state]
        during = dict(before)
        for name, numbers in seen.items():
            during[name] = during.get(name, frozenset((_UNBOUND,))) | frozenset(numbers)
        for handler in node.handlers:
            self.state = dict(during)
            if handler.name and self._is_local(handler.name):
                self.define(handler.name, handler, head=(*self.path, (id(handler.body), -1)))
            self.block(handler.body)
            ends.append(self.state)
        self.state = _merge(ends)
        if node.finalbody:
            dead = self.state is None
            self.state = _merge((self.state, during))
            self.block(node.finalbody)
            if dead:
                self.state = None

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.visit(item.optional_vars)
        before = dict(self.state or {})
        self.watchers.append({})
        self.block(node.body)
        seen = self.watchers.pop()
        if self.state is None:
            # A manager may end the error that left the body.
            for name, numbers in seen.items():
                before[name] = before.get(name, frozenset((_UNBOUND,))) | frozenset(numbers)
            self.state = before

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        before = dict(self.state or {})
        ends: list[State | None] = []
        for case in node.cases:
            self.state = dict(before)
            outer = self.path
            self.path = (*outer, (id(case.body), -1))
            self.visit(case.pattern)
            if case.guard is not None:
                self.visit(case.guard)
            self.path = outer
            self.block(case.body)
            ends.append(self.state)
        self.state = _merge((*ends, before))

    def _capture(self, node: ast.MatchAs | ast.MatchStar) -> None:
        self.generic_visit(node)
        if node.name and self._is_local(node.name):
            self.define(node.name, node)

    visit_MatchAs = visit_MatchStar = _capture

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest and self._is_local(node.rest):
            self.define(node.rest, node)

    def _definition(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        if isinstance(node, ast.FunctionDef):
            self.visit_Lambda(node)  # type: ignore[arg-type]
        if self._is_local(node.name):
            self.define(node.name, node)

    visit_FunctionDef = visit_ClassDef = visit_AsyncFunctionDef = _definition  # type: ignore[assignment]

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            if self._is_local(name):
                self.define(name, alias)

    visit_Import = visit_ImportFrom = _import


def _common(paths: list[Path]) -> Path:
    first = paths[0]
    length = min(map(len, paths))
    same = 0
    while same < length and all(path[same][0] == first[same][0] for path in paths):
        same += 1
        if any(path[same - 1][1] != first[same - 1][1] for path in paths):
            break
    return first[:same]


def _place(web: Web) -> None:
    common = _common(web.paths)
    depth = len(common)
    block = common[-1][0]
    index = min(path[depth - 1][1] for path in web.paths)
    web.place = Place(block, index)
    first = web.first_definition
    web.hoisted = web.inline or not (len(first) == depth and first[-1] == (block, index))


def _outside_loops(web: Web, loop_blocks: set[int]) -> None:
    """What closures see of a loop's variable is one variable, not one a round."""
    common = _common(web.paths)
    for depth, (block, _) in enumerate(common):
        if block in loop_blocks and depth:
            outer, _ = common[depth - 1]
            web.place = Place(outer, min(path[depth - 1][1] for path in web.paths))
            web.hoisted = True
            return


def _gather(flow: _Flow, parameters: list[str], whole: set[str]) -> Webs:
    webs = Webs()
    by_root: dict[int, Web] = {}
    single: dict[str, Web] = {}

    def web_of(number: int) -> Web:
        name = flow.name_of[number]
        if name in whole:
            web = single.setdefault(name, Web(name, whole=True))
        else:
            web = by_root.setdefault(flow.find(number), Web(name))
        return web

    for number, node in enumerate(flow.node_of):
        web = web_of(number)
        web.definitions += 1
        web.paths.append(flow.path_of[number])
        web.augmented |= number in flow.augmented
        web.inline |= number in flow.inline
        if number < len(parameters):
            web.is_parameter = True
            webs.parameters[flow.name_of[number]] = web
        elif web.definitions == 1:
            web.first_definition = flow.path_of[number]
        if node is not None:
            webs.of_node[node] = web
            web.see(node)
    for node, name, reaching, path in flow.uses:
        real = [number for number in reaching if number != _UNBOUND]
        if not real:
            continue
        web = web_of(real[0])
        web.paths.append(path)
        web.maybe_unbound |= len(real) < len(reaching) and name not in whole
        webs.of_node.setdefault(node, web)
        web.see(node)
    _number(webs, list(dict.fromkeys((*single.values(), *by_root.values()))), flow)
    return webs


def _number(webs: Webs, found: list[Web], flow: _Flow) -> None:
    """Tell webs of one name apart, and say where each is declared."""
    for web in found:
        same = webs.by_name.setdefault(web.name, [])
        web.number = len(same)
        web.overlaps = any(not (o.span[1] < web.span[0] or web.span[1] < o.span[0]) for o in same)
        same.append(web)
        webs.all.append(web)
        if not web.is_parameter:
            _place(web)
            if web.whole:
                _outside_loops(web, flow.loop_blocks)
            webs.declared.setdefault(web.place, []).append(web)


def find_webs(body: list[ast.stmt], parameters: list[str], names: set[str], whole: set[str]) -> Webs:
    """The webs of a body.

    Args:
        body: The statements.
        parameters: Names of the parameters, in order.
        names: All names local to the body, parameters included.
        whole: Names that stay one variable whatever happens, because closures see them.

    Returns:
        The webs; a node of a name that nothing assigns before has none.
    """
    flow = _Flow(names, whole)
    flow.path = ((0, -1),)
    for name in parameters:
        flow.define(name, None)
    flow.path = ()
    flow.block(body)
    return _gather(flow, parameters, whole)
