"""Types that a program writes down become types of the inference.

Enters: `TypeExpression`s. Leaves: `Type`s. All widths of integers are one type, those of floats another; references and
boxes are what they hold. A trait as a type takes everything. Read `infer_questions.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.infer_base import Inferrer
from sovereign.migration.ruchy.types import Con, Type, Union
from sovereign.shell.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.names import Declared

__all__ = ["WrittenInferrer"]

_INTEGERS = frozenset("i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize int Int Integer".split())
_FLOATS = frozenset("f32 f64 float Float".split())
_TEXTS = frozenset("str String string char Str".split())
_LISTS = frozenset("Vec List Array VecDeque LinkedList Iterator".split())
_DICTS = frozenset("HashMap BTreeMap Dict Map".split())
_SETS = frozenset("HashSet BTreeSet Set".split())
_BOXES = frozenset("Box Rc Arc RefCell Cell Mutex Ref".split())
_ANYTHING = frozenset("Any any object Object Self DataFrame Range Instant Utc _".split())
_ALL = (*_INTEGERS, *_FLOATS, *_TEXTS, *_LISTS, *_DICTS, *_SETS, *_BOXES, "bool", "Option", "Result")


class WrittenInferrer(Inferrer):
    """Reads written types."""

    generics: dict[str, Type]
    """The type parameters that are known where a type is read."""
    self_type: Declared | None = None

    def written(self, node: tree.TypeExpression) -> Type:
        """The type that is written."""
        if isinstance(node, tree.ListType):
            return ty.list_of(self.written(node.item))
        if isinstance(node, tree.TupleType):
            return ty.tuple_of(*map(self.written, node.items)) if node.items else ty.NIL
        if isinstance(node, tree.FunctionType):
            result = self.written(node.result) if node.result is not None else ty.NIL
            return ty.function_of(tuple(map(self.written, node.parameters)), result)
        assert isinstance(node, tree.NamedType)
        return self._named(node)

    def _named(self, node: tree.NamedType) -> Type:
        name = node.name.rpartition("::")[2]
        if name in self.generics:
            return self.generics[name]
        if name == "Self" and self.self_type is not None:
            return self.type_of_self(self.self_type)
        known = self._declared(node)
        if known is not None:
            return known
        base = self._base(name)
        if base is not None:
            return base
        arguments = [self.written(each) for each in node.arguments]
        applied = self._applied(name, arguments)
        if applied is not None:
            return applied
        if name not in _ANYTHING:
            near = nearest(name, [*_ALL, *(each.name for each in self.names.types)], limit=2)
            fix = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else None
            self.problem(f"there is no type like this: `{name}`", node, fix=fix)
        return Union()

    def _base(self, name: str) -> Type | None:
        if name in _INTEGERS:
            return ty.I64
        if name in _FLOATS:
            return ty.F64
        if name in _TEXTS:
            return ty.STR
        return {"bool": ty.BOOL, "unit": ty.NIL}.get(name)

    def _applied(self, name: str, arguments: list[Type]) -> Type | None:
        first = arguments[0] if arguments else self.fresh()
        second = arguments[1] if len(arguments) > 1 else self.fresh()
        if name in _LISTS:
            return ty.list_of(first)
        if name in _SETS:
            return ty.set_of(first)
        if name in _BOXES:
            return first
        if name in _DICTS:
            return ty.dict_of(first, second)
        if name == "Option":
            return ty.option_of(first)
        return ty.result_of(first, second) if name == "Result" else None

    def _declared(self, node: tree.NamedType) -> Type | None:
        name = node.name.rpartition("::")[2]
        for declared in reversed(self.names.types):
            if declared.name == name:
                if isinstance(declared.node, tree.TraitDeclaration):
                    return Union()
                arguments = tuple(self.written(each) for each in node.arguments)
                return self.type_of(declared, arguments)
        alias = self.names.scope.find(name)
        if alias is not None and alias.kind == "alias" and isinstance(alias.node, tree.TypeDeclaration):
            return self._alias(alias.node, node)
        return None

    def _alias(self, alias: tree.TypeDeclaration, node: tree.NamedType) -> Type:
        kept = self.generics
        given = [self.written(each) for each in node.arguments]
        given += [self.fresh() for _ in alias.generics[len(given) :]]
        self.generics = dict(zip(alias.generics, given, strict=False))
        found = self.written(alias.type)
        self.generics = kept
        return found

    def type_of(self, declared: Declared, arguments: tuple[Type, ...] = ()) -> Con:
        """The type of a struct, class, enum or actor, with fresh arguments where none are given."""
        generics = getattr(declared.node, "generics", ())
        filled = (*arguments, *(self.fresh() for _ in generics[len(arguments) :]))[: len(generics)]
        kind = "enum" if isinstance(declared.node, tree.EnumDeclaration) else "struct"
        return Con(kind, filled, declared)

    def type_of_self(self, declared: Declared) -> Con:
        """The type of `self` in the methods of a type: one for each pass, so that they agree."""
        generics = getattr(declared.node, "generics", ())
        arguments = tuple(self.generics.get(name) or self.fresh() for name in generics)
        return self.type_of(declared, arguments)

    def member(self, declared: Declared, entry: tree.FieldDeclaration, whole: Con) -> Type:
        """The type of a field of a value."""
        key = (entry, "field")
        if entry.type is None:
            found = self.members.get(key)
            if found is None:
                kept, self.level = self.level, 0
                found = self.members[key] = self.variable(entry, "field", entry.place)
                self.level = kept
            return found
        kept_generics = self.generics
        self.generics = dict(zip(getattr(declared.node, "generics", ()), whole.arguments, strict=False))
        found = self.written_place(self.written(entry.type), entry, "field", entry.place)
        self.generics = kept_generics
        return found
