"""What every part of the inference stands on: places and their types, flows of values, what is still open.

Enters: names of a program. Leaves: `Inferrer`, the base. The inference goes over the whole program several times:
where a place turns out to hold values of several types, it is remembered as a union, or as a value or nil, and the
next pass knows it from its start; so no pass takes back what it found. Read `infer_written.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.lean import NamedTuple
from sovereign.migration.ruchy.types import Con, Conflict, Type, Union, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.ruchy.names import Binding, Declared, Names
    from sovereign.migration.ruchy.types import Key

__all__ = ["Inferrer", "Problem", "Question", "Scheme"]

_BASES = frozenset({"i64", "f64", "bool", "str", "list", "dict", "tuple", "fn", "struct", "enum", "option", "result"})


class Problem(NamedTuple):
    """What is wrong with the types of a program; `is_proved` when it keeps the program from running."""

    message: str
    place: tree.Place
    labels: tuple[tuple[tree.Place, str], ...] = ()
    fix: str | None = None
    is_proved: bool = False
    is_dynamic: bool = False


class Question:
    """Something that can be answered when more is known: an operator, a method, a field of an open type."""

    def __init__(
        self, kind: str, parts: Sequence[Type], node: tree.Node, word: str = "", nodes: Sequence[tree.Node] = ()
    ) -> None:
        self.kind = kind
        self.parts = tuple(parts)
        self.node = node
        self.word = word
        self.nodes = tuple(nodes)
        self.trail: tuple[tree.Node, ...] = ()


class Scheme:
    """The type of a function that was generalised, with the questions that each use of it has to answer."""

    def __init__(self, type_: Type, questions: Sequence[Question]) -> None:
        self.type = type_
        self.questions = tuple(questions)
        self.instances: list[dict[Var, Type]] = []


class Inferrer:
    """The state of one pass."""

    def __init__(self, names: Names, known: dict[Key, str]) -> None:
        self.names = names
        self.known = known
        """Places that an earlier pass found to hold several types: `union` or `maybe`."""
        self.found: dict[Key, str] = {}
        """Such places that this pass found."""
        self.unions: dict[Key, list[Union]] = {}
        self.places: dict[Key, tree.Place] = {}
        self.types: dict[tree.Node, Type] = {}
        self.variables: dict[Binding, Type] = {}
        self.schemes: dict[Binding, Scheme] = {}
        self.functions: dict[Binding, Type] = {}
        self.open: list[Question] = []
        self.problems: list[Problem] = []
        self.casts: dict[tree.Node, Type] = {}
        self.level = 0
        self.levels: dict[object, int] = {}
        """At which level the variables of a function live."""
        self.in_instance = False
        self.is_sound = True
        self.results: list[tuple[Type, Key]] = []
        self.leaving: dict[tree.Node, Key] = {}
        """For each `?` on a value of open type the place of the function's result."""
        self.breaks: list[tuple[str | None, Type, Key]] = []
        self.members: dict[tuple[object, str], Type] = {}
        self.self_types: dict[Declared, Con] = {}
        self.uses: dict[tree.Node, list[tuple[Scheme, dict[Var, Type]]]] = {}
        """For each use of a generalised function what its open variables stand for there."""

    # Places.

    def variable(self, node: object, role: str, place: tree.Place) -> Type:
        """The open type of a place, or what an earlier pass found that it is."""
        key = (node, role)
        self.places.setdefault(key, place)
        mark = self.known.get(key)
        if mark == "union":
            return self._union(key)
        if mark == "maybe":
            # What is inside is not marked so again: `mark` knows it by its role.
            return ty.maybe_of(self.variable(key, "present", place))
        return Var(self.level, key)

    def written_place(self, found: Type, node: object, role: str, place: tree.Place) -> Type:
        """The type of a place that is written down, weakened where an earlier pass found more in it."""
        key = (node, role)
        self.places.setdefault(key, place)
        mark = self.known.get(key)
        if mark == "union":
            return self._union(key)
        return ty.maybe_of(found) if mark == "maybe" else found

    def _union(self, key: Key) -> Union:
        found = Union(key)
        self.unions.setdefault(key, []).append(found)
        return found

    def union_members(self) -> dict[Key, list[str]]:
        """The types that got into each place that holds several."""
        members: dict[Key, list[str]] = {}
        for key, found in self.unions.items():
            names: set[str] = set()
            for each in found:
                union = ty.prune(each)
                assert isinstance(union, Union)
                names.update(union.members)
            members[key] = sorted(names)
        return members

    def mark(self, conflict: Conflict, key: Key | None) -> None:
        """Two types met in one place: the next pass takes it as one that holds both."""
        one, other = ty.prune(conflict.first), ty.prune(conflict.second)
        is_nil = any(isinstance(each, Con) and each.name in {"nil", "maybe"} for each in (one, other))
        # The nearest place first: the whole place where values flow in, else what the parts were read from.
        candidates = [conflict.keys[1], conflict.keys[0], key]
        for each in candidates:
            if each is None:
                continue
            before = self.known.get(each)
            if before == "union":
                continue
            if is_nil and before is None and each[1] != "present":
                self.found[each] = "maybe"
            else:
                self.found[each] = "union"
            return
        self.is_sound = False

    # Flows.

    def flow(
        self, node: tree.Node, actual: Type, expected: Type, *, key: Key | None = None, written: bool = False
    ) -> None:
        """A value gets into a place."""
        source, goal = ty.prune(actual), ty.prune(expected)
        if source is goal or (isinstance(source, Con) and source.name == "never"):
            return
        if isinstance(source, Union) and not isinstance(goal, Union | Var):
            self._flow_of_union(node, source, goal, expected, key=key, written=written)
            return
        if written and isinstance(source, Con) and isinstance(goal, Con) and (source.name, goal.name) == ("i64", "f64"):
            self.casts[node] = ty.F64
            return
        if self._is_looked_at(node, source, goal, expected, written=written):
            return
        if isinstance(goal, Con) and goal.name == "maybe" and not _is_open_or(source, "maybe"):
            if not (isinstance(source, Con) and source.name == "nil"):
                self.flow(node, actual, goal.arguments[0], key=key, written=written)
            return
        try:
            ty.unify(actual, expected)
        except Conflict as conflict:
            self._disagree(node, conflict, source, goal, key=key, written=written)

    def _is_looked_at(self, node: tree.Node, source: Type, goal: Type, expected: Type, *, written: bool) -> bool:
        """Whether a value that may be nil gets where one is wanted for certain, and the run looks at it there."""
        if not (isinstance(source, Con) and source.name == "maybe" and isinstance(goal, Con)) or goal.name == "maybe":
            return False
        if self.in_instance or not isinstance(node, tree.Expression) or not (written or ty.last_key(expected) is None):
            return False
        if goal.name in {"nil", "never", "option"}:
            return False
        try:
            ty.unify(source.arguments[0], goal)
        except Conflict:
            return False
        self.casts[node] = goal
        return True

    def _flow_of_union(
        self, node: tree.Node, source: Union, goal: Type, expected: Type, *, key: Key | None, written: bool
    ) -> None:
        """A value of several types gets where one is known: if that is written it is checked, else the place widens."""
        inner = ty.last_key(expected)
        if (written or inner is None) and isinstance(node, tree.Expression) and not self.in_instance:
            self.casts[node] = goal
            return
        self.mark(Conflict(source, goal, (None, inner)), key)

    def _disagree(
        self, node: tree.Node, conflict: Conflict, source: Type, goal: Type, *, key: Key | None, written: bool
    ) -> None:
        if written and _are_bases(source, goal):
            where = self.places.get(key) if key is not None else None
            labels = ((where, f"this says `{ty.shown(goal)}`"),) if where is not None else ()
            message = f"`{ty.shown(goal)}` is expected here and this is `{ty.shown(source)}`"
            self.problems.append(Problem(message, node.place, labels, is_proved=True))
            return
        self.mark(conflict, key)

    def merge(self, node: tree.Node, first: Type, second: Type) -> None:
        """Two types that have to be one."""
        try:
            ty.unify(first, second)
        except Conflict as conflict:
            self.mark(conflict, None)

    def join(self, node: tree.Node, role: str, values: Sequence[tuple[tree.Node, Type]]) -> Type:
        """One type for values that meet in one place."""
        live = [(each, found) for each, found in values if not _is_never(found)]
        if not live:
            return ty.NEVER
        if len(live) == 1:
            return live[0][1]
        result = self.variable(node, role, node.place)
        for each, found in live:
            self.flow(each, found, result, key=(node, role))
        return result

    # Questions.

    def ask(self, question: Question) -> None:
        """Answer now, or when more is known."""
        if not self.reply(question):
            self.open.append(question)

    def reply(self, question: Question) -> bool:
        """Answer a question of this place or of one use of a generalised function."""
        kept, self.in_instance = self.in_instance, bool(question.trail)
        found = self.answer(question)
        self.in_instance = kept
        return found

    def answer(self, question: Question) -> bool:
        """Whether a question could be answered."""
        raise NotImplementedError

    def settle(self) -> None:
        """Answer what can be answered by now."""
        is_moving = True
        while is_moving:
            waiting, self.open = self.open, []
            is_moving = False
            for question in waiting:
                if self.reply(question):
                    is_moving = True
                else:
                    self.open.append(question)

    # Generalising.

    def generalise(self, binding: Binding, found: Type, questions: Sequence[Question]) -> Scheme:
        """Open variables of an inner level stand for any type from here on."""
        for each in (found, *(part for question in questions for part in question.parts)):
            for variable in ty.open_variables(each):
                if variable.level > self.level:
                    variable.level = ty.GENERIC
        scheme = Scheme(found, questions)
        self.schemes[binding] = scheme
        return scheme

    def instance(self, scheme: Scheme, node: tree.Node) -> Type:
        """The type of one use of a generalised function."""
        mapping: dict[Var, Type] = {}
        found = self._renewed(scheme.type, mapping, node)
        copies = []
        for question in scheme.questions:
            parts = [self._renewed(part, mapping, node) for part in question.parts]
            copy = Question(question.kind, parts, question.node, question.word, question.nodes)
            copy.trail = (*question.trail, node) if len(question.trail) < _LONGEST_TRAIL else question.trail
            copies.append(copy)
        scheme.instances.append(mapping)
        self.uses.setdefault(node, []).append((scheme, mapping))
        for copy in copies:
            self.ask(copy)
        return found

    def _renewed(self, found: Type, mapping: dict[Var, Type], node: tree.Node) -> Type:
        found = ty.prune(found)
        if isinstance(found, Var):
            if found.level != ty.GENERIC:
                return found
            if found not in mapping:
                mapping[found] = self.variable((node, found.key), "instance", node.place)
            return mapping[found]
        if isinstance(found, Con) and found.arguments:
            arguments = tuple(self._renewed(each, mapping, node) for each in found.arguments)
            if all(one is other for one, other in zip(arguments, found.arguments, strict=True)):
                return found
            return Con(found.name, arguments, found.declared)
        return found

    def problem(
        self,
        message: str,
        node: tree.Node,
        *,
        labels: Sequence[tuple[tree.Place, str]] = (),
        fix: str | None = None,
        proved: bool = False,
    ) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(message, node.place, tuple(labels), fix, is_proved=proved))

    def fresh(self) -> Type:
        """An open type that stands for no place."""
        return Var(self.level)

    def infer(self, node: tree.Node, *, wanted: bool = True, expected: Type | None = None) -> Type:
        """The type of an expression; `wanted` says whether somebody uses its value."""
        raise NotImplementedError


_LONGEST_TRAIL = 8


def _is_never(found: Type) -> bool:
    found = ty.prune(found)
    return isinstance(found, Con) and found.name == "never"


def _is_open_or(found: Type, name: str) -> bool:
    return isinstance(found, Var) or (isinstance(found, Con) and found.name == name)


def _are_bases(source: Type, goal: Type) -> bool:
    """Whether two types are told apart by what values they have, so that the contradiction is proved."""
    if not isinstance(source, Con) or not isinstance(goal, Con):
        return False
    return source.name in _BASES and goal.name in _BASES and source.name != goal.name
