"""Hindley-Milner over a whole program: functions in the order of their calls, each generalised before it is used.

Enters: the trees of a program with names. Leaves: `Inference`: a type for every expression, the problems that were
found, and the seam `Typed` for engines. Functions that call each other are typed together; then whatever is still
open in them stands for any type, with the questions that each use answers anew. Read `typed.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.infer_expressions import ExpressionInferrer
from sovereign.migration.ruchy.types import Con, Type, Union, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sovereign.migration.ruchy.infer_base import Question
    from sovereign.migration.ruchy.names import Binding, Names
    from sovereign.migration.ruchy.types import Key

__all__ = ["ProgramInferrer", "infer"]

_MOST_PASSES = 40
_MOST_QUESTIONS = 120


class ProgramInferrer(ExpressionInferrer):
    """One pass over a program."""

    def __init__(self, names: Names, known: dict[Key, str]) -> None:
        super().__init__(names, known)
        self.generics: dict[str, Type] = {}
        self.levels[names.top] = 0

    def programs(self, programs: Sequence[tree.Program]) -> None:
        """Type a whole program."""
        declared = [node for program in programs for node in _functions_of(program.statements)]
        methods = [
            method.node
            for each in self.names.types
            for method in each.methods.values()
            if isinstance(method.node, tree.FunctionDeclaration) and method.type is each
        ]
        self._declare_all([*declared, *methods])
        for program in programs:
            for place, statement in enumerate(program.statements):
                self.infer(statement, wanted=place == len(program.statements) - 1)
        self.settle()
        self._assume()

    def _assume(self) -> None:
        """What is still open at the end and has to be a number is an integer."""
        for _ in range(_MOST_PASSES):
            before = len(self.open)
            for question in list(self.open):
                if question.kind not in {"arithmetic", "order", "negative"}:
                    continue
                operands = [ty.prune(part) for part in question.parts[:2]]
                known = next((each for each in operands if isinstance(each, Con)), ty.I64)
                for each in operands:
                    if isinstance(each, Var) and each.level != ty.GENERIC:
                        self.merge(question.node, each, known)
                break
            self.settle()
            if len(self.open) == before:
                return

    # Functions.

    def declare(self, statements: Sequence[tree.Expression]) -> None:
        """Make the functions of a block known."""
        found = list(_functions_of(statements))
        if found:
            self._declare_all(found)

    def _declare_all(self, nodes: Sequence[tree.FunctionDeclaration]) -> None:
        for group in _groups(nodes, self.names):
            self._group(group)

    def _group(self, group: Sequence[tree.FunctionDeclaration]) -> None:
        """Type functions that call each other, then generalise them."""
        waiting, self.open = self.open, []
        self.level += 1
        signatures = []
        for node in group:
            binding = self.names.meant[node]
            kept = self.generics
            self.generics = self._generics_of(node, binding)
            self.levels[self.names.owners[node]] = self.level
            self.functions[binding] = self._signature(node, binding)
            signatures.append((node, binding, self.generics))
            self.generics = kept
        for node, binding, generics in signatures:
            kept, self.generics = self.generics, generics
            self._function(node, binding)
            self.generics = kept
        self.settle()
        self.level -= 1
        inner = [question for question in self.open if self._is_inner(question)]
        self.open = waiting + [question for question in self.open if not self._is_inner(question)]
        if len(inner) > _MOST_QUESTIONS:
            self.open += inner
            return
        for node in group:
            binding = self.names.meant[node]
            self.generalise(binding, self.functions[binding], inner)

    def _is_inner(self, question: Question) -> bool:
        return any(variable.level > self.level for part in question.parts for variable in ty.open_variables(part))

    def _generics_of(self, node: tree.FunctionDeclaration, binding: Binding) -> dict[str, Type]:
        names = [*node.generics, *(getattr(binding.type.node, "generics", ()) if binding.type is not None else ())]
        return {**self.generics, **{name: Var(self.level, (node, f"<{name}>")) for name in names}}

    def _signature(self, node: tree.FunctionDeclaration, binding: Binding) -> Type:
        kept, self.self_type = self.self_type, binding.type or self.self_type
        parameters = [self._parameter(parameter, binding) for parameter in node.parameters]
        if node.result is not None:
            result = self.written_place(self.written(node.result), node, "result", node.name_place)
            self.places[node, "written"] = node.result.place
        else:
            result = self.variable(node, "result", node.name_place)
        self.self_type = kept
        return ty.function_of(tuple(parameters), result)

    def _parameter(self, node: tree.Parameter, binding: Binding | None) -> Type:
        if node.name == "self" and binding is not None and binding.type is not None and node.type is None:
            return (
                self.type_of_self(binding.type)
                if not _is_trait(binding)
                else self.variable(node, "parameter", node.place)
            )
        if node.type is not None:
            return self.written_place(self.written(node.type), node, "parameter", node.place)
        return self.variable(node, "parameter", node.place)

    def _function(self, node: tree.FunctionDeclaration, binding: Binding) -> None:
        found = self.functions[binding]
        assert isinstance(found, Con)
        kept, self.self_type = self.self_type, binding.type or self.self_type
        *parameters, result = found.arguments
        key = (node, "result")
        self._take_parameters(node.parameters, parameters)
        for condition in node.requires:
            self.condition(condition)
        if node.body is not None:
            self.results.append((result, key))
            breaks, self.breaks = self.breaks, []
            gives = ty.prune(result)
            is_wanted = not (isinstance(gives, Con) and gives.name == "nil")
            value = self.infer(node.body, wanted=is_wanted, expected=result)
            if is_wanted:
                written = node.result is not None
                last = _last_expression(node.body)
                self.flow(last if last is not None else node.body, value, result, key=key, written=written)
            self.breaks = breaks
            self.results.pop()
        if node.ensures:
            self.variables[self.names.meant[node.ensures[0]]] = result
            for condition in node.ensures:
                self.condition(condition)
        self.self_type = kept

    def _take_parameters(self, nodes: Sequence[tree.Parameter], types: Sequence[Type]) -> None:
        for node, found in zip(nodes, types, strict=True):
            if node.default is not None:
                value = self.infer(node.default, expected=found)
                self.flow(node.default, value, found, key=(node, "parameter"), written=node.type is not None)
            self.pattern(node.pattern, found)

    def closure(self, node: tree.Closure) -> Type:
        """`|x| body`."""
        self.levels[self.names.owners[node]] = self.level
        parameters = [self._parameter(parameter, None) for parameter in node.parameters]
        if node.result is not None:
            result = self.written_place(self.written(node.result), node, "result", node.place)
            self.places[node, "written"] = node.result.place
        else:
            result = self.variable(node, "result", node.place)
        self._take_parameters(node.parameters, parameters)
        self.results.append((result, (node, "result")))
        breaks, self.breaks = self.breaks, []
        value = self.infer(node.body)
        self.flow(node.body, value, result, key=(node, "result"), written=node.result is not None)
        self.breaks = breaks
        self.results.pop()
        return ty.function_of(tuple(parameters), result)

    # Bindings.

    def let(self, node: tree.Let) -> Type:
        """`let pattern = value`."""
        binding = self.names.meant.get(node.pattern)
        is_name = isinstance(node.pattern, tree.BindPattern) and binding is not None and binding.is_variable
        if node.type is not None:
            return self._let_written(node, node.type, binding if is_name else None)
        if isinstance(node.value, tree.Closure) and is_name and binding is not None and not binding.assignments:
            return self._let_closure(node.value, binding)
        found = self.infer(node.value)
        self.pattern(node.pattern, found)
        if node.otherwise is not None:
            self.infer(node.otherwise, wanted=False)
        return self.variable_type(binding) if is_name and binding is not None else ty.NIL

    def _let_written(self, node: tree.Let, written: tree.TypeExpression, binding: Binding | None) -> Type:
        place: object = binding if binding is not None else node
        goal = self.written_place(self.written(written), place, "variable", written.place)
        found = self.infer(node.value, expected=goal)
        self.flow(node.value, found, goal, key=(place, "variable"), written=True)
        if binding is not None:
            self.variables[binding] = goal
            self.places[binding, "written"] = written.place
            self.types[node.pattern] = goal
        else:
            self.pattern(node.pattern, goal)
        if node.otherwise is not None:
            self.infer(node.otherwise, wanted=False)
        return goal

    def _let_closure(self, node: tree.Closure, binding: Binding) -> Type:
        """A closure that is bound once stands for any type, as a function does."""
        waiting, self.open = self.open, []
        self.level += 1
        self.variables[binding] = Var(self.level, (binding, "variable"))
        found = self.closure(node)
        self.types[node] = found
        self.merge(node, self.variables[binding], found)
        self.settle()
        self.level -= 1
        inner = [question for question in self.open if self._is_inner(question)]
        self.open = waiting + [question for question in self.open if not self._is_inner(question)]
        self.generalise(binding, found, inner)
        return found

    # Actors and modules.

    def actor(self, node: tree.ActorDeclaration) -> Type:
        """Fields and messages of an actor."""
        binding = self.names.meant[node]
        assert binding.type is not None
        whole = self.type_of(binding.type)
        for entry in node.entries:
            goal = self.member(binding.type, entry, whole)
            if entry.default is not None:
                value = self.infer(entry.default, expected=goal)
                self.flow(entry.default, value, goal, key=(entry, "field"), written=entry.type is not None)
            else:
                self.flow(tree.WildcardPattern(entry.place), ty.NIL, goal, key=(entry, "field"))
        self.variables[self.names.selves[node]] = whole
        self.levels[self.names.owners[node]] = self.level
        for arm in node.arms:
            for item in (arm.pattern.items or ()) if isinstance(arm.pattern, tree.VariantPattern) else ():
                self.pattern(item, Union())
            if arm.guard is not None:
                self.condition(arm.guard)
            self.results.append((Union(), (arm, "result")))
            self.infer(arm.body)
            self.results.pop()
        return ty.NIL

    def struct(self, node: tree.StructDeclaration) -> Type:
        """The defaults of fields."""
        declared = self.names.declared(node)
        whole = self.type_of(declared)
        for entry in node.entries:
            if entry.default is not None:
                goal = self.member(declared, entry, whole)
                value = self.infer(entry.default, expected=goal)
                self.flow(entry.default, value, goal, key=(entry, "field"), written=entry.type is not None)
        return ty.NIL

    def module(self, node: tree.ModuleDeclaration) -> Type:
        """The statements of a module run where it stands."""
        for statement in node.body.statements:
            self.infer(statement, wanted=False)
        return ty.NIL

    def infer(self, node: tree.Node, *, wanted: bool = True, expected: Type | None = None) -> Type:
        """The type of an expression; `wanted` says whether somebody uses its value."""
        handler = _HERE.get(type(node))
        if handler is None:
            return super().infer(node, wanted=wanted, expected=expected)
        found = handler(self, node)
        assert isinstance(found, Type)
        self.types[node] = found
        return found


_HERE: dict[type[tree.Node], Callable[..., Type]] = {
    tree.Closure: ProgramInferrer.closure,
    tree.Let: ProgramInferrer.let,
    tree.ActorDeclaration: ProgramInferrer.actor,
    tree.StructDeclaration: ProgramInferrer.struct,
    tree.ModuleDeclaration: ProgramInferrer.module,
}


def _is_trait(binding: Binding) -> bool:
    return binding.type is not None and isinstance(binding.type.node, tree.TraitDeclaration)


def _last_expression(node: tree.Expression) -> tree.Expression | None:
    """The expression that gives a block its value."""
    while isinstance(node, tree.Block):
        if not node.statements:
            return None
        node = node.statements[-1]
    return node


def _functions_of(statements: Iterable[tree.Expression]) -> list[tree.FunctionDeclaration]:
    found: list[tree.FunctionDeclaration] = []
    for statement in statements:
        if isinstance(statement, tree.FunctionDeclaration):
            found.append(statement)
        elif isinstance(statement, tree.ModuleDeclaration):
            found += _functions_of(statement.body.statements)
    return found


def _groups(nodes: Sequence[tree.FunctionDeclaration], names: Names) -> list[list[tree.FunctionDeclaration]]:
    """Functions that reach each other, those that are called before those that call them (Tarjan 1972)."""
    uses = {node: _uses(node, names, nodes) for node in nodes}
    order: list[list[tree.FunctionDeclaration]] = []
    index: dict[tree.FunctionDeclaration, int] = {}
    low: dict[tree.FunctionDeclaration, int] = {}
    stack: list[tree.FunctionDeclaration] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(uses[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            node, pending = work[-1]
            target = next(pending, None)
            if target is None:
                work.pop()
                _close(node, index, low, stack, order)
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                work.append((target, iter(uses[target])))
            elif target in stack:
                low[node] = min(low[node], index[target])
    return order


def _close(
    node: tree.FunctionDeclaration,
    index: dict[tree.FunctionDeclaration, int],
    low: dict[tree.FunctionDeclaration, int],
    stack: list[tree.FunctionDeclaration],
    order: list[list[tree.FunctionDeclaration]],
) -> None:
    if low[node] == index[node]:
        place = stack.index(node)
        order.append(stack[place:])
        del stack[place:]


def _uses(
    node: tree.FunctionDeclaration, names: Names, nodes: Sequence[tree.FunctionDeclaration]
) -> list[tree.FunctionDeclaration]:
    """The functions of a group that another one may call; a method of open type by its name."""
    wanted = set(nodes)
    by_name: dict[str, list[tree.FunctionDeclaration]] = {}
    for each in nodes:
        if each.takes_self:
            by_name.setdefault(each.name, []).append(each)
    found: dict[tree.FunctionDeclaration, None] = {}
    for part in tree.walk(node):
        binding = names.meant.get(part)
        if binding is not None and isinstance(binding.node, tree.FunctionDeclaration) and part is not binding.node:
            if binding.node in wanted:
                found[binding.node] = None
        elif isinstance(part, tree.MethodCall):
            found.update(dict.fromkeys(by_name.get(part.name, ())))
    return list(found)


def infer(programs: Sequence[tree.Program], names: Names) -> ProgramInferrer:
    """Type a program: as many passes as it takes until none finds another place that holds several types."""
    known: dict[Key, str] = {}
    inferrer = ProgramInferrer(names, known)
    for _ in range(_MOST_PASSES):
        inferrer = ProgramInferrer(names, known)
        inferrer.programs(programs)
        fresh = {key: mark for key, mark in inferrer.found.items() if known.get(key) != mark}
        if not fresh:
            return inferrer
        known.update(fresh)
    inferrer.is_sound = False
    return inferrer
