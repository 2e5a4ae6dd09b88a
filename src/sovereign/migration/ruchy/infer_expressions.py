"""The types of expressions.

Enters: expressions. Leaves: their types, in a table beside the tree. What an operator or method gives is a question
when its operands are still open. Read `infer.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.infer_base import Question
from sovereign.migration.ruchy.infer_patterns import PatternInferrer
from sovereign.migration.ruchy.infer_questions import table_of
from sovereign.migration.ruchy.library import CONSTANTS, FUNCTIONS, METHODS
from sovereign.migration.ruchy.types import Con, Type, Union

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.migration.ruchy.names import Binding, Declared

__all__ = ["ExpressionInferrer"]

_COMPARISONS = frozenset("== != < <= > >=".split())
_EQUALITIES = frozenset({"==", "!="})
_CASTS = {"f64": ty.F64, "i64": ty.I64, "str": ty.STR, "bool": ty.BOOL, "char": ty.STR}


class ExpressionInferrer(PatternInferrer):
    """Types expressions."""

    def infer(self, node: tree.Node, *, wanted: bool = True, expected: Type | None = None) -> Type:
        """The type of an expression; `wanted` says whether somebody uses its value."""
        handler = _WANTED.get(type(node))
        if handler is not None:
            found = handler(self, node, wanted=wanted)
        elif expected is not None and isinstance(node, tree.ListLiteral | tree.ObjectLiteral | tree.TupleLiteral):
            found = self._expected(node, expected)
        else:
            found = _INFER[type(node)](self, node)
        self.types[node] = found
        return found

    # Literals.

    def _expected(self, node: tree.ListLiteral | tree.ObjectLiteral | tree.TupleLiteral, expected: Type) -> Type:
        """A literal where a written type says what its parts are: integers become floats where floats are wanted."""
        goal = ty.prune(expected)
        if not isinstance(goal, Con):
            return _INFER[type(node)](self, node)
        if isinstance(node, tree.ListLiteral) and goal.name == "list" and not _has_spread(node):
            for item in node.items:
                found = self.infer(item, expected=goal.arguments[0])
                self.flow(item, found, goal.arguments[0], key=(node, "item"), written=True)
            return goal
        if isinstance(node, tree.TupleLiteral) and goal.name == "tuple" and len(goal.arguments) == len(node.items):
            for item, inner in zip(node.items, goal.arguments, strict=True):
                self.flow(item, self.infer(item, expected=inner), inner, written=True)
            return goal
        return _INFER[type(node)](self, node)

    def _format(self, node: tree.FormatText) -> Type:
        for part in node.parts:
            if isinstance(part, tree.Hole):
                self.infer(part.value)
        return ty.STR

    def _list(self, node: tree.ListLiteral) -> Type:
        item = self.variable(node, "item", node.place)
        for each in node.items:
            if isinstance(each, tree.Spread):
                inner = self.fresh()
                self.ask(Question("items", (self.infer(each.value), inner), each))
                self.types[each] = inner
                self.flow(each, inner, item, key=(node, "item"))
            else:
                self.flow(each, self.infer(each), item, key=(node, "item"))
        return ty.list_of(item)

    def _repeat(self, node: tree.ListRepeat) -> Type:
        item = self.variable(node, "item", node.place)
        self.flow(node.value, self.infer(node.value), item, key=(node, "item"))
        self.infer(node.count)
        return ty.list_of(item)

    def _tuple(self, node: tree.TupleLiteral) -> Type:
        return ty.tuple_of(*(self.infer(item) for item in node.items))

    def _object(self, node: tree.ObjectLiteral) -> Type:
        found = [(entry, self.infer(entry.value)) for entry in node.entries]
        value = self.variable(node, "value", node.place)
        heads = {_head_name(each) for entry, each in found if not isinstance(entry, tree.Spread)}
        if len(heads) > 1:
            # The values of a record have nothing to do with each other.
            value = Union((node, "value"))
        for entry, each in found:
            if isinstance(entry, tree.Spread):
                self.types[entry] = ty.dict_of(ty.STR, value)
                self.flow(entry, each, self.types[entry])
            else:
                self.flow(entry.value, each, value, key=(node, "value"))
        if not node.entries:
            # What the keys are is seen where one is used.
            return ty.dict_of(self.variable(node, "key", node.place), value)
        return ty.dict_of(ty.STR, value)

    def _range(self, node: tree.Range) -> Type:
        for end in (node.start, node.stop):
            if end is not None:
                found = ty.prune(self.infer(end))
                if isinstance(found, ty.Var):
                    self.merge(end, found, ty.I64)
        return ty.RANGE

    # Names.

    def _name(self, node: tree.Name) -> Type:
        binding = self.names.meant.get(node)
        if binding is None:
            return _constant(node.name) or Union()
        return self.use(binding, node)

    def _path(self, node: tree.Path) -> Type:
        binding = self.names.meant.get(node)
        return self.use(binding, node) if binding is not None else Union()

    def use(self, binding: Binding, node: tree.Node) -> Type:
        """The type of what a name means, at one use."""
        if binding.is_variable:
            scheme = self.schemes.get(binding)
            return self.instance(scheme, node) if scheme is not None else self.variable_type(binding)
        if binding.kind in {"function", "method"}:
            return self.use_of_method(binding, node)
        if binding.kind == "variant":
            return self._variant(binding)
        if binding.kind == "type" and binding.type is not None:
            return self._constructor(binding.type, node)
        if binding.kind == "builtin":
            return self._library_value(binding.name)
        return Union()

    def use_of_method(self, method: Binding, node: tree.Node) -> Type:
        """The type of a function at one use: a fresh one where it was generalised."""
        scheme = self.schemes.get(method)
        if scheme is not None:
            return self.instance(scheme, node)
        return self.functions.get(method) or Union()

    def _library_value(self, name: str) -> Type:
        if name == "None":
            return ty.option_of(self.fresh())
        return _constant(name) or Union()

    def _variant(self, binding: Binding) -> Type:
        assert binding.type is not None
        whole = self.type_of(binding.type)
        entries = getattr(binding.node, "entries", None)
        if entries is None:
            return whole
        return ty.function_of(tuple(self.member(binding.type, entry, whole) for entry in entries), whole)

    def _constructor(self, declared: Declared, node: tree.Node) -> Type:
        if not getattr(declared.node, "is_tuple", False):
            for name in ("new", "init"):
                found = declared.method(name)
                if found is not None:
                    return self.use_of_method(found, node)
        whole = self.type_of(declared)
        return ty.function_of(tuple(self.member(declared, entry, whole) for entry in declared.fields()), whole)

    # Operators.

    def _unary(self, node: tree.Unary) -> Type:
        if node.operator == "!":
            self.condition(node.operand)
            return ty.BOOL
        result = self.variable(node, "operator", node.place)
        self.ask(Question("negative", (self.infer(node.operand), result), node, node.operator))
        return result

    def _binary(self, node: tree.Binary) -> Type:
        special = _OPERATORS.get(node.operator)
        if special is not None:
            return special(self, node)
        left, right = self.infer(node.left), self.infer(node.right)
        if node.operator in _COMPARISONS:
            if node.operator not in _EQUALITIES:
                self.ask(Question("order", (left, right), node, node.operator, (node.left, node.right)))
            return ty.BOOL
        result = self.variable(node, "operator", node.place)
        question = Question("arithmetic", (left, right, result), node, node.operator, (node.left, node.right))
        self.ask(question)
        return result

    def condition(self, node: tree.Expression) -> None:
        """An expression of which only the truth matters."""
        if isinstance(node, tree.Binary) and node.operator in {"&&", "||"}:
            self.condition(node.left)
            self.condition(node.right)
            self.types[node] = ty.BOOL if self._are_truths(node) else Union()
        elif isinstance(node, tree.LetCondition):
            self.pattern(node.pattern, self.infer(node.value))
        else:
            self.infer(node)

    def _are_truths(self, node: tree.Binary) -> bool:
        found = [ty.prune(self.types.get(side, ty.NIL)) for side in (node.left, node.right)]
        return all(isinstance(each, Con) and each.name == "bool" for each in found)

    def _logical(self, node: tree.Binary) -> Type:
        left, right = self.infer(node.left), self.infer(node.right)
        first = ty.prune(left)
        if isinstance(first, Con) and first.name == "bool" and isinstance(ty.prune(right), ty.Var):
            self.merge(node, right, ty.BOOL)
        return self.join(node, "operands", [(node.left, left), (node.right, right)])

    def _otherwise(self, node: tree.Binary) -> Type:
        left, right = self.infer(node.left), self.infer(node.right)
        found = ty.prune(left)
        if isinstance(found, Con) and found.name == "maybe":
            left = found.arguments[0]
        elif isinstance(found, Con) and found.name == "nil":
            return right
        return self.join(node, "operands", [(node.left, left), (node.right, right)])

    def _contained(self, node: tree.Binary) -> Type:
        self.infer(node.left)
        self.infer(node.right)
        return ty.BOOL

    def _pipe(self, node: tree.Binary) -> Type:
        left = self.infer(node.left)
        target = node.right
        function = target.function if isinstance(target, tree.Call) else target
        arguments = target.arguments if isinstance(target, tree.Call) else ()
        values = [self.infer(argument) for argument in arguments]
        result = self.variable(node, "pipe", node.place)
        binding = self.names.meant.get(function)
        self.types[target] = result
        if isinstance(function, tree.Name) and (binding is None or binding.kind == "builtin"):
            self.flow(node, self._piped(function.name, left, values, node), result)
            return result
        if isinstance(target, tree.Call) and binding is not None and not binding.is_variable:
            called = self.use(binding, function)
            self.types[function] = called
            self.ask(Question("call", (called, left, *values, result), node, "", (node.left, *arguments)))
            return result
        called = self.infer(function)
        self.ask(Question("call", (called, left, *values, result), node, "", (node.left, *arguments)))
        return result

    def _piped(self, name: str, left: Type, values: list[Type], node: tree.Binary) -> Type:
        """A method of the value, or a function of the library."""
        result = self.variable(node, "piped", node.place)
        if name in FUNCTIONS and isinstance(ty.prune(left), ty.Var):
            return Union()
        arguments = node.right.arguments if isinstance(node.right, tree.Call) else ()
        if self._is_function_only(left, name):
            return self.apply_library(FUNCTIONS[name], [left, *values], [node.left, *arguments], node)
        self.ask(Question("method", (left, *values, result), node, name, arguments))
        return result

    def _is_function_only(self, left: Type, name: str) -> bool:
        found = ty.prune(left)
        if not isinstance(found, Con) or name not in FUNCTIONS:
            return False
        return name not in METHODS.get(table_of(found, name)[0], {})

    def _message(self, node: tree.Binary) -> Type:
        self.infer(node.left)
        for argument in node.right.arguments if isinstance(node.right, tree.Call) else ():
            self.infer(argument)
        return Union() if node.operator == "<?" else ty.NIL

    def _assign(self, node: tree.Assign) -> Type:
        if isinstance(node.target, tree.TupleLiteral | tree.ListLiteral):
            self._assign_several(node, node.target.items)
            return ty.NIL
        target = self.infer(node.target)
        value = self.infer(node.value, expected=target if not node.operator else None)
        if node.operator:
            result = self.variable(node, "operator", node.place)
            parts = (target, value, result)
            self.ask(Question("arithmetic", parts, node, node.operator, (node.target, node.value)))
            value = result
        binding = self.names.meant.get(node.target)
        key = (binding, "variable") if binding is not None and binding in self.variables else None
        written = key is not None and (binding, "written") in self.places
        if key is None and isinstance(node.target, tree.Field):
            self._assign_field(node, target, value)
            return target
        goal = self._element_goal(node.target, target)
        self.flow(node if node.operator else node.value, value, goal, key=key, written=written)
        return target

    def _element_goal(self, target: tree.Expression, found: Type) -> Type:
        """What an assignment to an element fills: the collection's own place, so that what does not fit widens that."""
        if not isinstance(target, tree.Index) or isinstance(target.index, tree.Range):
            return found
        whole = ty.prune(self.types[target.receiver])
        if isinstance(whole, Con) and whole.name in {"list", "dict"}:
            return whole.arguments[-1]
        return found

    def _assign_field(self, node: tree.Assign, target: Type, value: Type) -> None:
        """The target is a field: its place is the declaration; an object takes a value where it gave one or nil."""
        assert isinstance(node.target, tree.Field)
        whole = ty.prune(self.types[node.target.receiver])
        key = None
        goal = target
        if isinstance(whole, Con) and whole.name == "dict":
            goal = whole.arguments[1]
        elif isinstance(whole, Con) and whole.declared is not None:
            entry = next((each for each in whole.declared.fields() if each.name == node.target.name), None)
            key = (entry, "field") if entry is not None else None
        self.flow(node if node.operator else node.value, value, goal, key=key, written=True)

    def _assign_several(self, node: tree.Assign, targets: Sequence[tree.Expression]) -> None:
        found = self.infer(node.value)
        goals = [self.infer(target) for target in targets]
        if isinstance(node.value, tree.TupleLiteral | tree.ListLiteral) and len(node.value.items) == len(targets):
            for item, target, goal in zip(node.value.items, targets, goals, strict=True):
                binding = self.names.meant.get(target)
                key = (binding, "variable") if binding is not None else None
                self.flow(item, self.types[item], goal, key=key)
            return
        whole = ty.prune(found)
        for place, (target, goal) in enumerate(zip(targets, goals, strict=True)):
            inner: Type = Union()
            if isinstance(whole, Con) and whole.name == "tuple" and place < len(whole.arguments):
                inner = whole.arguments[place]
            elif isinstance(whole, Con) and whole.name == "list":
                inner = whole.arguments[0]
            binding = self.names.meant.get(target)
            # The node is not the target's: a value of several types makes the target one of several.
            self.flow(tree.WildcardPattern(target.place), inner, goal, key=(binding, "variable"))

    def _cast(self, node: tree.Cast) -> Type:
        self.infer(node.value)
        name = node.type.name.rpartition("::")[2] if isinstance(node.type, tree.NamedType) else ""
        if name in {"f32", "f64", "float"}:
            return ty.F64
        return ty.BOOL if name == "bool" else ty.STR if name in {"str", "String", "string", "char"} else ty.I64

    # Fields, elements, calls.

    def _field(self, node: tree.Field) -> Type:
        binding = self.names.meant.get(node)
        if binding is not None:
            return self.use(binding, node)
        result = self.variable(node, "field", node.place)
        receiver = self.infer(node.receiver)
        if node.is_optional:
            return Union((node, "field"))
        self.ask(Question("field", (receiver, result), node, node.name))
        return result

    def _index(self, node: tree.Index) -> Type:
        receiver, index = self.infer(node.receiver), self.infer(node.index)
        result = self.variable(node, "element", node.place)
        parts = (receiver, index, result)
        self.ask(Question("element", parts, node, "", (node.receiver, node.index)))
        return result

    def _call(self, node: tree.Call) -> Type:
        binding = self.names.meant.get(node.function)
        if binding is not None and binding.kind == "builtin":
            return self._call_library(node, binding.name)
        if binding is not None:
            function = self.use(binding, node.function)
            self.types[node.function] = function
        else:
            function = self.infer(node.function)
        return self._call_type(node, binding, function, node.arguments)

    def _call_type(
        self, node: tree.Expression, binding: Binding | None, function: Type, arguments: Sequence[tree.Expression]
    ) -> Type:
        found = ty.prune(function)
        declaration = binding.node if binding is not None else None
        if isinstance(declaration, tree.FunctionDeclaration):
            self.require_count(declaration, len(arguments), node)
            parameters = found.arguments[:-1] if isinstance(found, Con) and found.name == "fn" else ()
            for place, argument in enumerate(arguments):
                goal = parameters[place] if place < len(parameters) else None
                value = self.infer(argument, expected=goal)
                if goal is not None:
                    parameter = declaration.parameters[place]
                    written = parameter.type is not None
                    self.flow(argument, value, goal, key=(parameter, "parameter"), written=written)
            return found.arguments[-1] if isinstance(found, Con) and found.name == "fn" else Union()
        made = self._made(binding, found, arguments)
        if made is not None:
            return made
        values = [self.infer(argument) for argument in arguments]
        result = self.variable(node, "call", node.place)
        self.ask(Question("call", (function, *values, result), node, "", arguments))
        return result

    def _made(self, binding: Binding | None, found: Type, arguments: Sequence[tree.Expression]) -> Type | None:
        """A variant or tuple struct with its values, which get into fields that are written down."""
        if binding is None or binding.kind not in {"variant", "type"} or not isinstance(found, Con):
            return None
        is_variant = binding.kind == "variant"
        if not is_variant and (binding.type is None or not getattr(binding.type.node, "is_tuple", False)):
            return None
        entries = (
            getattr(binding.node, "entries", None) if is_variant or binding.type is None else binding.type.fields()
        )
        if found.name != "fn" or entries is None or not len(entries) == len(arguments) == len(found.arguments) - 1:
            return None
        for entry, argument, goal in zip(entries, arguments, found.arguments, strict=False):
            value = self.infer(argument, expected=goal)
            self.flow(argument, value, goal, key=(entry, "field"), written=entry.type is not None)
        return found.arguments[-1]

    def _call_library(self, node: tree.Call, name: str) -> Type:
        values = [self.infer(argument) for argument in node.arguments]
        wrapper = _WRAPPERS.get(name)
        if wrapper is not None and len(values) == 1:
            return wrapper(self, node, values[0])
        special = _LIBRARY.get(name)
        if special is not None:
            found = special(self, node, values)
            if found is not None:
                return found
        if name not in FUNCTIONS:
            return Union()
        return self.apply_library(FUNCTIONS[name], values, list(node.arguments), node)

    def _method_call(self, node: tree.MethodCall) -> Type:
        binding = self.names.meant.get(node)
        if binding is not None:
            if binding.kind == "builtin":
                values = [self.infer(argument) for argument in node.arguments]
                return self.apply_library(FUNCTIONS.get(binding.name, ()), values, list(node.arguments), node)
            return self._call_type(node, binding, self.use(binding, node), node.arguments)
        receiver = self.infer(node.receiver)
        values = [self.infer(argument) for argument in node.arguments]
        result = self.variable(node, "method", node.place)
        if node.is_optional:
            return Union((node, "method"))
        parts = (receiver, *values, result)
        self.ask(Question("method", parts, node, node.name, node.arguments))
        return result

    def _struct(self, node: tree.StructLiteral) -> Type:
        binding = self.names.meant[node]
        assert binding.type is not None
        whole = self.type_of(binding.type)
        entries = getattr(binding.node, "entries", None) if binding.kind == "variant" else binding.type.fields()
        declared = {entry.name: entry for entry in entries or ()}
        for entry in node.entries:
            field = declared.pop(entry.name, None)
            if field is None:
                self.problem(f"`{binding.name}` has no field like this: `{entry.name}`", entry)
                self.infer(entry.value)
                continue
            goal = self.member(binding.type, field, whole)
            value = self.infer(entry.value, expected=goal)
            self.flow(entry.value, value, goal, key=(field, "field"), written=field.type is not None)
        if node.base is not None:
            self.flow(node.base, self.infer(node.base), whole)
            return whole
        for known in declared.values():
            if known.default is None:
                self.problem(f"a field of `{binding.name}` is missing: `{known.name}`", node)
                self.flow(node, ty.NIL, self.member(binding.type, known, whole), key=(known, "field"))
        return whole

    def _try(self, node: tree.Try) -> Type:
        found = ty.prune(self.infer(node.value))
        gives, key = self.results[-1] if self.results else (self.fresh(), None)
        if isinstance(found, Con) and found.name in {"option", "result", "maybe"}:
            if self.results:
                self.leave_with(node, found, gives, key)
            return found.arguments[0]
        if isinstance(found, ty.Var):
            result = self.variable(node, "try", node.place)
            if key is not None:
                self.leaving[node] = key
            self.ask(Question("try", (found, result, gives), node))
            return result
        return Union()

    def _await(self, node: tree.Await) -> Type:
        return self.infer(node.value)

    def _async(self, node: tree.Async) -> Type:
        return self.infer(node.body)

    # Control flow.

    def _block(self, node: tree.Block, *, wanted: bool) -> Type:
        self.declare(node.statements)
        found: Type = ty.NIL
        for place, statement in enumerate(node.statements):
            found = self.infer(statement, wanted=wanted and place == len(node.statements) - 1)
        return found

    def declare(self, statements: Sequence[tree.Expression]) -> None:
        """Make the functions of a block known."""
        raise NotImplementedError

    def _if(self, node: tree.If, *, wanted: bool) -> Type:
        self.condition(node.condition)
        then = self.infer(node.then, wanted=wanted)
        if node.otherwise is None:
            if not wanted:
                return ty.NIL
            return self.join(node, "branches", [(node.then, then), (node, ty.NIL)])
        otherwise = self.infer(node.otherwise, wanted=wanted)
        if not wanted:
            return ty.NIL
        return self.join(node, "branches", [(node.then, then), (node.otherwise, otherwise)])

    def _match(self, node: tree.Match, *, wanted: bool) -> Type:
        subject = self.infer(node.subject)
        values: list[tuple[tree.Node, Type]] = []
        for arm in node.arms:
            self.pattern(arm.pattern, subject)
            if arm.guard is not None:
                self.condition(arm.guard)
            values.append((arm.body, self.infer(arm.body, wanted=wanted)))
        return self.join(node, "arms", values) if wanted else ty.NIL

    def _while(self, node: tree.While) -> Type:
        self.condition(node.condition)
        self._body(node.label, node.body, node)
        return ty.NIL

    def _body(self, label: str | None, body: tree.Block, node: tree.Node) -> Type:
        result = self.variable(node, "break", node.place)
        self.breaks.append((label, result, (node, "break")))
        self.infer(body, wanted=False)
        self.breaks.pop()
        return result

    def _loop(self, node: tree.Loop) -> Type:
        result = self._body(node.label, node.body, node)
        has_value = any(isinstance(each, tree.Break) and each.value is not None for each in tree.walk(node.body))
        if has_value:
            return result
        return ty.NIL

    def _for(self, node: tree.For) -> Type:
        item = self.variable(node, "items", node.place)
        self.ask(Question("items", (self.infer(node.iterable), item), node.iterable))
        self.pattern(node.pattern, item)
        self._body(node.label, node.body, node)
        return ty.NIL

    def _comprehension(self, node: tree.Comprehension) -> Type:
        for clause in node.clauses:
            if clause.pattern is None:
                self.condition(clause.value)
            else:
                item = self.variable(clause, "items", clause.place)
                self.ask(Question("items", (self.infer(clause.value), item), clause.value))
                self.pattern(clause.pattern, item)
        result = self.variable(node, "item", node.place)
        self.flow(node.element, self.infer(node.element), result, key=(node, "item"))
        return ty.list_of(result)

    def _break(self, node: tree.Break) -> Type:
        if node.value is not None and self.breaks:
            found = next((each for each in reversed(self.breaks) if node.label in {None, each[0]}), self.breaks[-1])
            self.flow(node.value, self.infer(node.value), found[1], key=found[2])
        return ty.NEVER

    def _continue(self, _node: tree.Continue) -> Type:
        return ty.NEVER

    def _return(self, node: tree.Return) -> Type:
        result = self.results[-1] if self.results else None
        found = ty.NIL if node.value is None else self.infer(node.value, expected=result[0] if result else None)
        if result is not None:
            written = (result[1][0], "written") in self.places
            self.flow(node.value or node, found, result[0], key=result[1], written=written)
        return ty.NEVER

    def _throw(self, node: tree.Throw) -> Type:
        self.infer(node.value)
        return ty.NEVER

    def _try_catch(self, node: tree.TryCatch, *, wanted: bool) -> Type:
        values: list[tuple[tree.Node, Type]] = [(node.body, self.infer(node.body, wanted=wanted))]
        for catch in node.catches:
            if catch.name is not None:
                self.variables[self.names.meant[catch]] = Union()
            values.append((catch.body, self.infer(catch.body, wanted=wanted)))
        if node.finally_ is not None:
            self.infer(node.finally_, wanted=False)
        return self.join(node, "branches", values) if wanted else ty.NIL

    def _nothing(self, _node: tree.Node) -> Type:
        return ty.NIL


def _has_spread(node: tree.ListLiteral) -> bool:
    return any(isinstance(item, tree.Spread) for item in node.items)


def _head_name(found: Type) -> object:
    found = ty.prune(found)
    return (found.name, found.declared) if isinstance(found, Con) else found


def _constant(name: str) -> Type | None:
    found = CONSTANTS.get(name)
    return _CASTS[found[0]] if found is not None else None


def _some(inferrer: ExpressionInferrer, _node: tree.Call, value: Type) -> Type:
    return ty.option_of(value)


def _ok(inferrer: ExpressionInferrer, node: tree.Call, value: Type) -> Type:
    return ty.result_of(value, inferrer.variable(node, "error", node.place))


def _err(inferrer: ExpressionInferrer, node: tree.Call, value: Type) -> Type:
    return ty.result_of(inferrer.variable(node, "good", node.place), value)


_WRAPPERS: dict[str, Callable[[ExpressionInferrer, tree.Call, Type], Type]] = {"Some": _some, "Ok": _ok, "Err": _err}


def _extreme(inferrer: ExpressionInferrer, node: tree.Call, values: list[Type]) -> Type | None:
    """`min(a, b)`: one of them."""
    if len(values) == 1:
        return None
    return inferrer.join(node, "operands", list(zip(node.arguments, values, strict=True)))


def _first_of(inferrer: ExpressionInferrer, node: tree.Call, values: list[Type]) -> Type | None:
    return values[0] if len(values) == 1 else None


def _as_method(name: str) -> Callable[[ExpressionInferrer, tree.Call, list[Type]], Type | None]:
    def found(inferrer: ExpressionInferrer, node: tree.Call, values: list[Type]) -> Type | None:
        if not values:
            return None
        result = inferrer.variable(node, "method", node.place)
        inferrer.ask(Question("method", (*values, result), node, name, node.arguments[1:]))
        return result

    return found


_LIBRARY: dict[str, Callable[[ExpressionInferrer, tree.Call, list[Type]], Type | None]] = {
    "min": _extreme,
    "max": _extreme,
    "dbg": _first_of,
    "spawn": lambda _inferrer, _node, _values: Union(),
    **{
        name: _as_method(name)
        for name in "reverse sort zip enumerate unique flatten sum product map filter reduce".split()
    },
}

_OPERATORS: dict[str, Callable[[ExpressionInferrer, tree.Binary], Type]] = {
    "&&": ExpressionInferrer._logical,
    "||": ExpressionInferrer._logical,
    "??": ExpressionInferrer._otherwise,
    "in": ExpressionInferrer._contained,
    "|>": ExpressionInferrer._pipe,
    "!": ExpressionInferrer._message,
    "<?": ExpressionInferrer._message,
    "<-": ExpressionInferrer._message,
}

_WANTED: dict[type[tree.Node], Callable[..., Type]] = {
    tree.Block: ExpressionInferrer._block,
    tree.If: ExpressionInferrer._if,
    tree.Match: ExpressionInferrer._match,
    tree.TryCatch: ExpressionInferrer._try_catch,
}

_INFER: dict[type[tree.Node], Callable[..., Type]] = {
    tree.Integer: lambda _inferrer, _node: ty.I64,
    tree.Float: lambda _inferrer, _node: ty.F64,
    tree.Text: lambda _inferrer, _node: ty.STR,
    tree.Boolean: lambda _inferrer, _node: ty.BOOL,
    tree.Nil: lambda _inferrer, _node: ty.NIL,
    tree.FormatText: ExpressionInferrer._format,
    tree.ListLiteral: ExpressionInferrer._list,
    tree.ListRepeat: ExpressionInferrer._repeat,
    tree.TupleLiteral: ExpressionInferrer._tuple,
    tree.ObjectLiteral: ExpressionInferrer._object,
    tree.Range: ExpressionInferrer._range,
    tree.Name: ExpressionInferrer._name,
    tree.Path: ExpressionInferrer._path,
    tree.Unary: ExpressionInferrer._unary,
    tree.Binary: ExpressionInferrer._binary,
    tree.Assign: ExpressionInferrer._assign,
    tree.Cast: ExpressionInferrer._cast,
    tree.Field: ExpressionInferrer._field,
    tree.Index: ExpressionInferrer._index,
    tree.Call: ExpressionInferrer._call,
    tree.MethodCall: ExpressionInferrer._method_call,
    tree.StructLiteral: ExpressionInferrer._struct,
    tree.Try: ExpressionInferrer._try,
    tree.Await: ExpressionInferrer._await,
    tree.Async: ExpressionInferrer._async,
    tree.While: ExpressionInferrer._while,
    tree.Loop: ExpressionInferrer._loop,
    tree.For: ExpressionInferrer._for,
    tree.Comprehension: ExpressionInferrer._comprehension,
    tree.Break: ExpressionInferrer._break,
    tree.Continue: ExpressionInferrer._continue,
    tree.Return: ExpressionInferrer._return,
    tree.Throw: ExpressionInferrer._throw,
    tree.LetCondition: lambda inferrer, node: inferrer.condition(node) or ty.BOOL,
    tree.FunctionDeclaration: ExpressionInferrer._nothing,
    tree.StructDeclaration: ExpressionInferrer._nothing,
    tree.EnumDeclaration: ExpressionInferrer._nothing,
    tree.TraitDeclaration: ExpressionInferrer._nothing,
    tree.ImplDeclaration: ExpressionInferrer._nothing,
    tree.ActorDeclaration: ExpressionInferrer._nothing,
    tree.ImportDeclaration: ExpressionInferrer._nothing,
    tree.TypeDeclaration: ExpressionInferrer._nothing,
}
