"""What every part of the second engine's compiler stands on: instances of functions, variables, kinds, conversions.

Enters: a checked program. Leaves: `RustWriter`, the base. Each function is written once for each set of kinds that its
open types stand for. What cannot be written yet is `Refused` with its place, and then nothing is compiled. Read
`rust_operators.py` next.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sovereign.migration.ruchy import rust_nodes as rn
from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.library import MUTATING
from sovereign.migration.ruchy.rust_kinds import DYN, NIL, Kind, Kinds, is_copied
from sovereign.migration.rust import support_names
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sovereign.migration.ruchy.infer_base import Scheme
    from sovereign.migration.ruchy.names import Binding, Function
    from sovereign.migration.ruchy.ownership import Ownership
    from sovereign.migration.ruchy.program import Checked
    from sovereign.migration.ruchy.types import Type, Var

__all__ = ["Frame", "Instance", "LoopFrame", "Refused", "RustWriter", "Variable", "is_quiet"]

_TAKEN = frozenset(
    "program main this Rc Vec String Option Result Some None Ok Err Box i64 f64 bool str text format matches"
    " vec".split()
)


class Refused(Exception):  # noqa: N818 - an answer, caught by the driver
    """Something that this engine does not compile, with its place."""

    def __init__(self, reason: str, place: tree.Place) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class Variable:
    """How a variable is held.

    `plain`, `borrowed` as `self` is, `shared` by closures, at the `top`, or `late` where it is used before it is set.
    """

    def __init__(self, name: str, kind: Kind, storage: str, *, is_view: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.storage = storage
        self.is_view = is_view
        """Whether it stands for the slice of a list while a loop runs."""


class LoopFrame:
    """A loop that is open: its label in the program and in Rust, and where the value of a `break` goes."""

    def __init__(self, label: str | None, name: str, goal: Kind | None = None, outer: str = "") -> None:
        self.label = label
        self.name = name
        self.goal = goal
        self.outer = outer
        """The label of the block around a loop that has a value."""
        self.is_used = False


class Frame:
    """The function or closure that is written."""

    def __init__(self, result: Kind, parent: Frame | None = None) -> None:
        self.result = result
        self.parent = parent
        self.variables: dict[Binding, Variable] = {}
        self.loops: list[LoopFrame] = []
        self.tries: list[TryFrame] = []
        self.is_top = False
        self.owners: dict[Function, object] = dict(parent.owners) if parent is not None else {}
        """The functions around, each with the instance of it that is written."""

    def find(self, binding: Binding) -> Variable | None:
        """A variable of this function or of those around it."""
        frame: Frame | None = self
        while frame is not None:
            found = frame.variables.get(binding)
            if found is not None:
                return found
            frame = frame.parent
        return None


class TryFrame:
    """A `try` that is open: what leaves it other than by its value."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        """How many loops are open outside of it."""
        self.returns = False
        self.jumps: list[tuple[LoopFrame, bool]] = []


class Instance:
    """One function for one set of kinds."""

    def __init__(
        self,
        binding: Binding,
        node: tree.FunctionDeclaration,
        env: dict[Var, Kind],
        name: str,
        owners: dict[Function, object],
    ) -> None:
        self.binding = binding
        self.node = node
        self.env = env
        self.name = name
        self.owners = owners
        self.parameters: tuple[Kind, ...] = ()
        self.result: Kind = NIL
        self.captures: list[tuple[Binding, Variable]] = []
        self.lent: tuple[bool, ...] = ()
        """Which parameters are references, because the function only looks at them."""


class RustWriter:
    """The state of one compilation."""

    def __init__(self, checked: Checked, ownership: Ownership) -> None:
        self.checked = checked
        self.names = checked.names
        self.typed = checked.typed
        self.sources = checked.sources
        self.ownership = ownership
        self.kinds = Kinds(checked.names)
        self.kinds.fields = self.field_kinds
        self.kinds.name_type = self.type_name
        self.env: dict[Var, Kind] = {}
        self.frame = Frame(NIL)
        self.out: list[rs.Statement] = []
        self.backs: list[rs.Statement] = []
        """What puts parts back that were taken out of values of no known type to be changed."""
        self.instances: dict[tuple[object, ...], Instance] = {}
        self.waiting: list[Instance] = []
        self.taken: set[str] = set(_TAKEN) | support_names()
        self.type_names: dict[Kind, str] = {}
        self.statics: dict[Binding, Variable] = {}
        self.static_items: list[Variable] = []
        self.lasting: dict[tuple[Kind, Binding], rs.Static] = {}
        """The variants without values of types whose values stand on the heap."""
        self.closures: dict[Binding, dict[tuple[Kind, ...], Variable]] = {}
        self.count = 0
        self.labels = 0
        self.unwinds = False
        """Whether the program catches errors."""
        self.dynamic_names: set[str] = set()
        """Names of methods that are called on values of no known type."""
        self.has_dynamic_fields = False
        self.changed = self._changed_variables()

    # Refusing.

    def refuse(self, reason: str, node: tree.Node) -> Refused:
        """The error for something that is not compiled."""
        return Refused(reason, node.place)

    # What changes.

    def _changed_variables(self) -> set[Binding]:
        """Variables that are assigned to, or whose value is changed in its place."""
        changing = MUTATING | {method.name for method in self.ownership.changing}
        found: set[Binding | None] = set()
        for program in self.checked.programs:
            for node in tree.walk(program):
                if isinstance(node, tree.Assign):
                    target = node.target
                    several = target.items if isinstance(target, tree.TupleLiteral | tree.ListLiteral) else (target,)
                    found.update(map(self._root, several))
                elif isinstance(node, tree.MethodCall) and node.name in changing:
                    found.add(self._root(node.receiver))
        return {binding for binding in found if binding is not None}

    def _root(self, node: tree.Expression) -> Binding | None:
        while isinstance(node, tree.Field | tree.Index):
            if self.names.meant.get(node) is not None:
                break
            node = node.receiver
        return self.names.meant.get(node)

    # Kinds.

    def kind_of_type(self, found: Type | None) -> Kind:
        """The kind of a type in the instance that is written."""
        return self.kinds.of(found, self.env)

    def natural(self, node: tree.Node) -> Kind:
        """The kind that an expression gives by itself."""
        if isinstance(node, tree.Integer):
            return Kind("i64")
        return self.kind_of_type(self.typed.types.get(node, ty.NIL))

    def kind(self, node: tree.Node) -> Kind:
        """The kind of an expression where it stands, behind the conversion that the inference found."""
        cast = self.typed.casts.get(node)
        return self.kind_of_type(cast) if cast is not None else self.natural(node)

    def variable_kind(self, binding: Binding) -> Kind:
        """The kind of a variable."""
        return self.kind_of_type(self.typed.variables.get(binding))

    def field_kinds(self, kind: Kind) -> list[Kind]:
        """The kinds of the fields of a type of the program, those of all variants of an enum."""
        assert kind.declared is not None
        node = kind.declared.node
        if isinstance(node, tree.EnumDeclaration):
            entries = [entry for variant in node.variants for entry in variant.entries or ()]
        else:
            entries = kind.declared.fields()
        return [self.member_kind(kind, entry) for entry in entries]

    def member_kind(self, kind: Kind, entry: tree.FieldDeclaration) -> Kind:
        """The kind of a field of a value."""
        from sovereign.migration.ruchy.rust_kinds import Given

        assert kind.declared is not None
        assert self.typed.member is not None
        whole = ty.Con(kind.name, tuple(map(Given, kind.arguments)), kind.declared)
        return self.kind_of_type(self.typed.member(kind.declared, entry, whole))

    def spelled(self, kind: Kind) -> str:
        """The Rust type of a kind, as text."""
        return self.kinds.spelled(kind)

    def rust_type(self, kind: Kind) -> rs.Type:
        """The Rust type of a kind."""
        return rs.TupleType() if kind.name in {"nil", "never"} else rs.NamedType(self.spelled(kind))

    def result_type(self, kind: Kind) -> rs.Type | None:
        """The Rust type of a result; None where there is none."""
        return None if kind.name in {"nil", "never"} else self.rust_type(kind)

    def type_name(self, kind: Kind) -> str:
        """The name of a type of the program."""
        if kind not in self.type_names:
            assert kind.declared is not None
            self.type_names[kind] = self.fresh_name(kind.declared.name)
        return self.type_names[kind]

    # Names.

    def fresh_name(self, word: str) -> str:
        """A name that nothing else has."""
        found, number = word, 1
        while found in self.taken:
            number += 1
            found = f"{word}_{number}"
        self.taken.add(found)
        return found

    def local_name(self, word: str) -> str:
        """The name of a local variable: that of the program, unless it hides one of ours."""
        if word == "self":
            return "this"
        if word == "_":
            return "nothing_"
        return f"{word}_" if word in self.taken else word

    def temporary(self) -> str:
        """A name that no program has."""
        self.count += 1
        return f"t{self.count}_"

    def label(self, word: str) -> str:
        """A label that no program has."""
        self.labels += 1
        return f"{word}_{self.labels}"

    def line(self, node: tree.Node) -> int:
        """The line of a node."""
        return self.sources.line(node.place[0])

    # Statements.

    @contextmanager
    def collecting(self) -> Iterator[list[rs.Statement]]:
        """Take the statements that are emitted in a `with` block."""
        kept, self.out = self.out, []
        try:
            yield self.out
        finally:
            self.out = kept

    def put_back(self) -> None:
        """Put back what was taken out to be changed, the innermost part first."""
        self.out += reversed(self.backs)
        self.backs = []

    def after_backs(self, made: rs.Expression) -> rs.Expression:
        """What a change gives, once the parts are back where they were."""
        if not self.backs:
            return made
        name = self.temporary()
        self.emit(rn.let(name, made))
        self.put_back()
        return rs.Name(name)

    def emit(self, statement: rs.Statement) -> None:
        """Add a statement."""
        self.out.append(statement)

    def hold(self, value: rs.Expression, line: int | None = None) -> rs.Expression:
        """A value in a variable of its own, unless it is simple; `line` is told where computing it fails."""
        if isinstance(value, rs.Name | rs.Integer | rs.Float | rs.Boolean) or value == rn.UNIT:
            return value
        name = self.temporary()
        self.emit(rn.let(name, value, line=line))
        return rs.Name(name)

    # Instances.

    def scheme_variables(self, scheme: Scheme) -> list[Var]:
        """The open variables of a generalised function."""
        found: dict[Var, None] = {}
        for each in (scheme.type, *(part for question in scheme.questions for part in question.parts)):
            for variable in ty.open_variables(each):
                if variable.level == ty.GENERIC:
                    found[variable] = None
        return list(found)

    def mapping_at(self, node: tree.Node, scheme: Scheme, arguments: Sequence[Kind] = ()) -> Mapping[Var, Type] | None:
        """What the variables of a function stand for at one use of it."""
        found = [mapping for known, mapping in self.typed.uses.get(node, ()) if known is scheme]
        if len(found) > 1 and arguments:
            fitting = [each for each in found if self._fits(scheme, each, arguments)]
            found = fitting or found
        return found[-1] if found else None

    def _fits(self, scheme: Scheme, mapping: Mapping[Var, Type], arguments: Sequence[Kind]) -> bool:
        env = {**self.env, **{variable: self.kind_of_type(each) for variable, each in mapping.items()}}
        kind = self.kinds.of(scheme.type, env)
        return kind.name == "fn" and all(
            one == other for one, other in zip(kind.arguments[:-1], arguments, strict=False)
        )

    def instance(self, binding: Binding, node: tree.Node, arguments: Sequence[Kind] = ()) -> Instance:
        """The function that a use means."""
        scheme = self.typed.schemes.get(binding)
        env = self.env
        key: tuple[Kind, ...] = ()
        if scheme is not None:
            mapping = self.mapping_at(node, scheme, arguments)
            if mapping is not None:
                env = {**env, **{variable: self.kind_of_type(each) for variable, each in mapping.items()}}
            key = tuple(env.get(variable, DYN) for variable in self.scheme_variables(scheme))
        return self.instance_for(binding, env, key)

    def instance_for(self, binding: Binding, env: dict[Var, Kind], key: tuple[Kind, ...]) -> Instance:
        """The function for an environment."""
        is_nested = binding.kind == "function" and binding.owner.parent is not None
        around = self.frame.owners.get(binding.owner) if is_nested else None
        whole = (binding, key, around)
        found = self.instances.get(whole)
        if found is None:
            declaration = binding.node
            assert isinstance(declaration, tree.FunctionDeclaration)
            owners = dict(self.frame.owners) if is_nested else {}
            found = Instance(binding, declaration, env, self.fresh_name(self.function_name(binding)), owners)
            kind = self.kinds.of(self.typed.functions.get(binding), env)
            if kind.name != "fn":
                raise self.refuse("a function of more than six parameters", declaration)
            found.parameters, found.result = kind.arguments[:-1], kind.arguments[-1]
            found.lent = tuple(map(self._is_lent, declaration.parameters, found.parameters))
            if is_nested:
                found.captures = [(each, self.variable(each, declaration)) for each in self.captures_of(binding)]
            self.instances[whole] = found
            self.waiting.append(found)
        return found

    def _is_lent(self, node: tree.Parameter, kind: Kind) -> bool:
        """Whether a parameter can be a reference: nothing changes it and no closure keeps it."""
        binding = self.names.meant.get(node.pattern)
        if not isinstance(node.pattern, tree.BindPattern) or node.pattern.inner is not None or binding is None:
            return False
        if node.default is not None or not binding.is_variable or node.name == "self":
            return False
        return self.can_be_lent(binding, kind)

    def can_be_lent(self, binding: Binding, kind: Kind) -> bool:
        """Whether a variable can be a reference into what it was taken from."""
        return kind.name in _LENT and not binding.is_captured and binding not in self.changed

    def captures_of(self, binding: Binding) -> list[Binding]:
        """The variables of functions around it that a nested function uses, those of functions it calls among them."""
        found: dict[Binding, None] = {}
        seen: set[Binding] = set()
        pending = [binding]
        while pending:
            each = pending.pop()
            if each in seen:
                continue
            seen.add(each)
            owner = self.names.owners.get(each.node)
            if owner is None:
                continue
            found.update({capture: None for capture in owner.captures if not capture.is_global})
            for node in tree.walk(each.node):
                used = self.names.meant.get(node)
                if used is not None and used.kind == "function" and used.owner.parent is not None:
                    pending.append(used)
        inside = {self.names.owners[node] for node in tree.walk(binding.node) if node in self.names.owners}
        return [capture for capture in found if capture.owner not in inside]

    def function_name(self, binding: Binding) -> str:
        """The Rust name of a function of the program."""
        if binding.type is not None:
            return f"{_snake(binding.type.name)}_{binding.name}"
        return binding.name

    # Variables.

    def declare(self, binding: Binding, kind: Kind | None = None) -> Variable:
        """Make a variable known in the function that is written."""
        kind = kind if kind is not None else self.variable_kind(binding)
        if binding.is_global and binding.is_captured:
            return self.static(binding)
        storage = "shared" if binding.is_captured and binding in self.changed else "plain"
        found = Variable(self.local_name(binding.name), kind, storage)
        self.frame.variables[binding] = found
        return found

    def static(self, binding: Binding) -> Variable:
        """A variable of the top that functions see."""
        if binding not in self.statics:
            name = self.fresh_name(binding.name.upper())
            self.statics[binding] = Variable(name, self.kinds.of(self.typed.variables.get(binding), {}), "top")
            self.static_items.append(self.statics[binding])
        return self.statics[binding]

    def variable(self, binding: Binding, node: tree.Node) -> Variable:
        """How a variable is held."""
        several = self.closures.get(binding)
        if several is not None:
            return self._closure_for(binding, several, node)
        if binding.is_global and binding.is_captured:
            return self.static(binding)
        found = self.frame.find(binding)
        if found is None:
            raise self.refuse(f"the variable `{binding.name}` before it is declared", node)
        return found

    def _closure_for(self, binding: Binding, several: dict[tuple[Kind, ...], Variable], node: tree.Node) -> Variable:
        """A closure that stands for any type is one variable for each set of kinds."""
        found = several.get(self.closure_key(binding, node)[0])
        return found if found is not None else next(iter(several.values()))

    def closure_key(self, binding: Binding, node: tree.Node) -> tuple[tuple[Kind, ...], dict[Var, Kind]]:
        """The kinds that a closure's open types stand for at one use, and the environment with them."""
        scheme = self.typed.schemes.get(binding)
        if scheme is None:
            return (), self.env
        mapping = self.mapping_at(node, scheme)
        env = self.env
        if mapping is not None:
            env = {**env, **{variable: self.kind_of_type(each) for variable, each in mapping.items()}}
        return tuple(env.get(variable, DYN) for variable in self.scheme_variables(scheme)), env

    # Conversions.

    def convert(  # noqa: PLR0911 - one way out for each case
        self, value: rs.Expression, source: Kind, goal: Kind, node: tree.Node, *, checked: bool = False
    ) -> rs.Expression:
        """A value of one kind as one of another; `checked` where the run may find that it is none."""
        if source == goal or source.name == "never" or goal.name == "never":
            return value
        if goal.name == "dyn":
            return self.to_dyn(value, source)
        if source.name == "dyn":
            if not checked:
                raise self.refuse(f"a value of no known type where `{goal!r}` is wanted", node)
            return rn.call(f"<{self.spelled(goal)}>::from_dyn", value)
        if (source.name, goal.name) == ("i64", "f64"):
            return (
                rs.Float(float(value.value)) if isinstance(value, rs.Integer) else rs.Cast(value, rs.NamedType("f64"))
            )
        if goal.name == "maybe":
            return self._to_maybe(value, source, goal, node, checked=checked)
        if goal.name == "nil":
            return rn.block([rn.done(value)], rn.unit())
        if checked or self._widens(source, goal):
            return rn.call(f"<{self.spelled(goal)}>::from_dyn", self.to_dyn(value, source))
        raise self.refuse(f"`{source!r}` where `{goal!r}` is wanted", node)

    def _to_maybe(
        self, value: rs.Expression, source: Kind, goal: Kind, node: tree.Node, *, checked: bool
    ) -> rs.Expression:
        empty = rn.call("Maybe", rs.Name("None"))
        if source.name == "nil":
            return empty if value == rn.UNIT else rn.block([rn.done(value)], empty)
        if source.name == "maybe":
            return rn.call(f"<{self.spelled(goal)}>::from_dyn", self.to_dyn(value, source))
        inner = self.convert(value, source, goal.arguments[0], node, checked=checked)
        return rn.call("Maybe", rn.call("Some", inner))

    def _widens(self, source: Kind, goal: Kind) -> bool:
        """Whether every value of one kind is one of the other."""
        if source == goal or goal.name == "dyn" or source.name == "never":
            return True
        if goal.name == "maybe":
            return source.name == "nil" or self._widens(
                source.arguments[0] if source.name == "maybe" else source, goal.arguments[0]
            )
        return (
            source.name == goal.name
            and source.declared is goal.declared is None
            and len(source.arguments) == len(goal.arguments)
            and all(map(self._widens, source.arguments, goal.arguments))
        )

    def to_dyn(self, value: rs.Expression, source: Kind) -> rs.Expression:
        """A value where its type is not known."""
        maker = _DYN_MAKERS.get(source.name)
        if maker is not None:
            return rn.call(f"Dyn::{maker}", value)
        if source.name == "nil":
            return rs.Name("Dyn::Nil") if value == rn.UNIT else rn.block([rn.done(value)], rs.Name("Dyn::Nil"))
        return value if source.name in {"dyn", "never"} else rn.method(value, "into_dyn")

    def cloned(self, value: rs.Expression, kind: Kind) -> rs.Expression:
        """A value that stays where it is, as one of its own."""
        if is_copied(kind):
            return value
        if isinstance(value, rs.Deref) and isinstance(value.operand, rs.Name | rs.Method):
            return rn.method(value.operand, "clone")
        return rn.method(value, "clone")


_LENT = frozenset("list dict set str tuple option result maybe enum struct dyn fn".split())
_DYN_MAKERS = {"i64": "Int", "f64": "Float", "bool": "Bool", "str": "Text", "list": ""}
del _DYN_MAKERS["list"]


def _snake(word: str) -> str:
    return "".join(
        f"_{letter.lower()}" if letter.isupper() and place else letter.lower() for place, letter in enumerate(word)
    )


def is_quiet(node: tree.Expression | None) -> bool:
    """Whether computing an expression changes nothing and prints nothing."""
    return node is None or all(_is_quiet_itself(each) for each in tree.walk(node))


def _is_quiet_itself(node: tree.Node) -> bool:
    if isinstance(node, tree.Binary):
        return node.operator not in {"|>", "!", "<?", "<-"}
    if isinstance(node, tree.MethodCall):
        return node.name in _QUIET
    return isinstance(node, _QUIET_NODES)


_QUIET_NODES = (
    tree.Name, tree.Field, tree.Path, tree.Integer, tree.Float, tree.Text, tree.Boolean, tree.Nil, tree.Unary,
    tree.Cast, tree.Index, tree.Range, tree.FormatText, tree.Hole, tree.TypeExpression, tree.TupleLiteral,
    tree.ListLiteral,
)  # fmt: skip
_QUIET = frozenset("len length to_string chars is_empty abs clone to_upper to_lower trim first last".split())
